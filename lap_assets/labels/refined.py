"""People's labels as a table: one row per image of a subfolder, with boxes in px of the current image.

Belongs here: from label files (`core.labels`) and the table of cleaned images to rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets.core.box import Box
from lap_assets.core.errors import NameInvalid
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.box_text import format_box
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import LabelFault
from lap_assets.core.labels.files import label_file, reviewed_path
from lap_assets.core.labels.lists import ReviewEntry, read_reviewed
from lap_assets.core.names import PosterName
from lap_assets.labels.label_audit import LabelAudit, SureImage
from lap_assets.labels.label_audit_file import accepted_images, label_audits_path, read_label_audits
from lap_assets.labels.rows import SIDES

FILES: Final = {"refined_face_boxes": label_file("faces"), "refined_head_boxes": label_file("heads")}
"""The label file in a home's `review/` for each asset."""

SCHEMA: Final = pl.Schema(
    {
        "name": pl.String(),
        "sha256": pl.String(),
        "boxes": pl.List(pl.Struct({**{side: pl.Float32() for side in SIDES}, "class": pl.Int32()})),
        "reviewed": pl.Boolean(),
        "problem": pl.String(),
        "audit": pl.String(),
        "model": pl.String(),
    }
)
"""One row per image that the label file names or that was accepted in an audit.

`sha256` is the cleaned image's, null if there is no such image; `class` is null for a box without one. `boxes` are null
if they are unknown; `problem` describes why.
`audit` and `model` are null if a person drew the boxes. Otherwise the boxes are the model's, accepted together with
others after that audit, and not reviewed."""

_SAME_SHAPE: Final = 0.02
_EDGE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Refined:
    """A subfolder's rows, sorted by name, and notes on problems in the files that belong to no row."""

    table: pl.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _LabelFile:
    labels: Labels
    reviewed: dict[str, ReviewEntry]
    faults: tuple[LabelFault, ...]
    posters: dict[str, dict[str, str]]
    """By subfolder: each poster's name in the file."""
    unexpected: tuple[str, ...]
    """Names in the file that are not valid poster names."""
    accepted: dict[str, tuple[LabelAudit, SureImage]]
    """Images accepted in audits, by name in the folder of images."""


def refined_table(asset: str, subfolder: str, images: pl.DataFrame, home: Home) -> Refined:
    """Return people's labels of `images` (name, sha256, width, height: the cleaned images of the subfolder).

    Labels made at another size of the image are scaled. A removed image keeps its row if it was reviewed or has boxes.
    Boxes accepted in an audit are used only if the image is unchanged and no person has worked on it.

    Raises:
        LabelFileError: the label file is unreadable.
        FileError: the file of audits is unreadable.
    """
    path = home.labels / FILES[asset]
    file = _read(path, _stamp(path), _stamp(reviewed_path(path)), _stamp(label_audits_path(path)))
    known = {row["name"]: row for row in images.iter_rows(named=True)}
    rows = {}
    for name, entry in file.posters.get(subfolder, {}).items():
        row = _row(name, entry, known.get(name), file)
        if row is not None:
            rows[name] = row
    rows |= {name: row for name, image in known.items() if (row := _accepted_row(subfolder, image, file)) is not None}
    notes = [str(fault) for fault in file.faults if fault.name is None]
    notes += [f"{path}: {name} is not a valid poster name" for name in file.unexpected]
    in_order = [rows[name] for name in sorted(rows)]
    return Refined(pl.DataFrame(in_order, schema=SCHEMA, orient="row"), tuple(notes))


def invalid_labels(table: pl.DataFrame) -> list[str]:
    """Return the problems with people's labels, one line each."""
    return [f"{name}: {problem}" for name, problem in table.select("name", "problem").drop_nulls().iter_rows()]


def _row(name: str, entry: str, image: dict[str, Any] | None, file: _LabelFile) -> dict[str, Any] | None:
    boxes, review = file.labels.boxes(entry), file.reviewed.get(entry, ReviewEntry(False))
    if image is None and not boxes and not review.reviewed:
        return None
    row = {"name": name, "sha256": image["sha256"] if image else None, "reviewed": review.reviewed}
    fault = file.labels.fault(entry)
    if fault is not None:
        return {**row, "boxes": None, "reviewed": False, "problem": f"line {fault.line}: {fault.problem}"}
    if image is None:
        return {**row, "boxes": None, "problem": "no such image"}
    size = (int(image["width"]), int(image["height"]))
    scale = _scale(review.size, size)
    if scale is None:
        problem = f"labeled at {_shown(review.size)} px, but now {_shown(size)} px: another picture?"
        return {**row, "boxes": None, "reviewed": False, "problem": problem}
    scaled = [_scaled(box, scale) for box in boxes or ()]
    outside = [box for box, row in zip(boxes or (), scaled, strict=True) if not _is_inside(row, size)]
    problems = file.labels.problems_of(entry)
    problems += [f"box {format_box(box)} is not a box within {_shown(size)} px" for box in outside[:1]]
    return {**row, "boxes": scaled, "problem": problems[0] if problems else None}


def _accepted_row(subfolder: str, image: dict[str, Any], file: _LabelFile) -> dict[str, Any] | None:
    """Return the row of an image accepted in an audit; None if it was not, or a person has worked on it since."""
    name = image["name"]
    entry = file.posters.get(subfolder, {}).get(name, f"{subfolder}/{name}")
    audit, accepted = file.accepted.get(f"{subfolder}/{name}", (None, None))
    is_begun = entry in file.reviewed or file.labels.boxes(entry) or file.labels.fault(entry) is not None
    if audit is None or accepted is None or accepted.sha256 != image["sha256"] or is_begun:
        return None
    return {
        "name": name, "sha256": image["sha256"], "reviewed": False, "problem": None, "audit": audit.id,
        "model": audit.model, "boxes": [_scaled(box, (1.0, 1.0)) for box in accepted.boxes],
    }  # fmt: skip


def _scale(labeled: tuple[int, int] | None, now: tuple[int, int]) -> tuple[float, float] | None:
    if labeled is None or labeled == now:
        return 1.0, 1.0
    across, down = now[0] / labeled[0], now[1] / labeled[1]
    return (across, down) if abs(across / down - 1) <= _SAME_SHAPE else None


def _scaled(box: Box, scale: tuple[float, float]) -> dict[str, float | int | None]:
    across, down = scale
    return {
        "x0": box.xmin * across, "y0": box.ymin * down, "x1": box.xmax * across, "y1": box.ymax * down,
        "class": box.class_id,
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
def _read(path: Path, *_stamps: tuple[int, int] | None) -> _LabelFile:
    """Read the files once for all subfolders while they are unchanged."""
    labels = lap_format.read(path)
    reviewed, faults = read_reviewed(reviewed_path(path))
    posters: dict[str, dict[str, str]] = {}
    unexpected = []
    for entry in labels:
        try:
            poster = PosterName.parse(entry.rpartition("/")[2])
        except NameInvalid:
            unexpected.append(entry)
            continue
        posters.setdefault(poster.subfolder, {}).setdefault(str(poster), entry)
    accepted = accepted_images(read_label_audits(label_audits_path(path)))
    return _LabelFile(labels, reviewed, (*labels.faults, *faults), posters, tuple(unexpected), accepted)
