"""People's labels as a table: a row an image of a subfolder, its boxes in px of the image as it is now.

Belongs here: from label files (`lap_format`, `label_lists`) and the table of cleaned images to rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.lap_format import Box, Fault, Labels
from lap_assets.core.labels.lists import Looked, read_reviewed, reviewed_path
from lap_assets.core.names import PosterName

FILES: Final = {"refined_face_boxes": "labels_faces.txt", "refined_head_boxes": "labels_heads.txt"}
"""The label file in a home's `review/` that each asset holds."""

SCHEMA: Final = pl.Schema(
    {
        "name": pl.String(),
        "sha256": pl.String(),
        "boxes": pl.List(pl.Struct({**{side: pl.Float32() for side in ("x0", "y0", "x1", "y1")}, "class": pl.Int32()})),
        "reviewed": pl.Boolean(),
        "problem": pl.String(),
    }
)
"""One row an image that the label file names. `sha256` is the cleaned image's, null where there is no such image;
`class` is null where a box has none. `boxes` are null where they are not known; `problem` says what is wrong."""

_SAME_SHAPE: Final = 0.02
_EDGE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Refined:
    """A subfolder's rows, sorted by name, and what is wrong with the files that belongs to no row."""

    table: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    labels: Labels
    looked: dict[str, Looked]
    faults: tuple[Fault, ...]
    posters: dict[str, dict[str, str]]
    """By subfolder: the name in the file of each poster."""
    strangers: tuple[str, ...]


def refined_table(asset: str, subfolder: str, images: pl.DataFrame, home: Home) -> Refined:
    """What people said of `images` (name, sha256, width, height: the cleaned images of the subfolder).

    A label that was made when the image had another size is scaled with it. An image that is gone keeps its row if
    people said anything about it; `-` alone says nothing.

    Raises:
        LabelFileError: the label file cannot be read at all.
    """
    path = home.labels / FILES[asset]
    read = _read(path, _stamp(path), _stamp(reviewed_path(path)))
    known = {row["name"]: row for row in images.iter_rows(named=True)}
    rows = []
    for name, entry in sorted(read.posters.get(subfolder, {}).items()):
        row = _row(name, entry, known.get(name), read)
        if row is not None:
            rows.append(row)
    notes = [str(fault) for fault in read.faults if fault.name is None]
    notes += [f"{path}: {name} is no poster's name" for name in read.strangers]
    return Refined(pl.DataFrame(rows, schema=SCHEMA, orient="row"), tuple(notes))


def odd_labels(table: pl.DataFrame) -> list[str]:
    """What is wrong with people's labels, a line each."""
    return [f"{name}: {problem}" for name, problem in table.select("name", "problem").drop_nulls().iter_rows()]


def _row(name: str, entry: str, image: dict[str, Any] | None, read: _Read) -> dict[str, Any] | None:
    boxes, looked = read.labels.boxes(entry), read.looked.get(entry, Looked(False))
    if image is None and not boxes and not looked.reviewed:
        return None
    row = {"name": name, "sha256": image["sha256"] if image else None, "reviewed": looked.reviewed}
    fault = read.labels.fault(entry)
    if fault is not None:
        return {**row, "boxes": None, "reviewed": False, "problem": f"line {fault.number}: {fault.what}"}
    if image is None:
        return {**row, "boxes": None, "problem": "there is no such image"}
    size = (int(image["width"]), int(image["height"]))
    scale = _scale(looked.size, size)
    if scale is None:
        told = f"it was labeled at {_shown(looked.size)} px and has {_shown(size)} now: another picture?"
        return {**row, "boxes": None, "reviewed": False, "problem": told}
    scaled = [_scaled(box, scale) for box in boxes or ()]
    outside = [box for box, place in zip(boxes or (), scaled, strict=True) if not _is_inside(place, size)]
    problem = f"box {outside[0]} is not a box within {_shown(size)} px" if outside else None
    return {**row, "boxes": scaled, "problem": problem}


def _scale(labeled: tuple[int, int] | None, now: tuple[int, int]) -> tuple[float, float] | None:
    if labeled is None or labeled == now:
        return 1.0, 1.0
    across, down = now[0] / labeled[0], now[1] / labeled[1]
    return (across, down) if abs(across / down - 1) <= _SAME_SHAPE else None


def _scaled(box: Box, scale: tuple[float, float]) -> dict[str, float | int | None]:
    across, down = scale
    return {
        "x0": box.x1 * across, "y0": box.y1 * down, "x1": box.x2 * across, "y1": box.y2 * down, "class": box.cls,
    }  # fmt: skip


def _is_inside(box: dict[str, Any], size: tuple[int, int]) -> bool:
    across = -_EDGE <= box["x0"] < box["x1"] <= size[0] + _EDGE
    return across and bool(-_EDGE <= box["y0"] < box["y1"] <= size[1] + _EDGE)


def _shown(size: Sequence[int] | None) -> str:
    return "×".join(map(str, size or ()))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _read(path: Path, _labels: tuple[int, int] | None, _reviewed: tuple[int, int] | None) -> _Read:
    """The files, read once for the ten subfolders as long as they stay as they are."""
    labels = lap_format.read(path)
    looked, faults = read_reviewed(reviewed_path(path))
    posters: dict[str, dict[str, str]] = {}
    strangers = []
    for entry in labels:
        try:
            poster = PosterName.parse(entry.rpartition("/")[2])
        except ValueError:
            strangers.append(entry)
            continue
        posters.setdefault(poster.subfolder, {}).setdefault(str(poster), entry)
    return _Read(labels, looked, (*labels.faults, *faults), posters, tuple(strangers))
