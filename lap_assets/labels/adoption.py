"""The label files of a LAP folder: which there are, what is wrong with them, and where they go in a home.

What people refined goes to the home's `review` folder, where the tools find it; what a detector found becomes rows of
the baseline tables.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.files import CLASSES, DELCANDS, LABEL_FILES, baselines_of, label_file
from lap_assets.core.labels.lap_format import read
from lap_assets.core.labels.lists import read_classes, read_delcands, write_delcands
from lap_assets.labels.detection import SCHEMA
from lap_assets.labels.rows import detected_row
from lap_assets.labels.suggestions import BASELINE_ASSETS

_REFINED: Final = tuple(LABEL_FILES.values())
ADOPTED: Final = "adopted"
"""Stands for the model of boxes that came with a folder."""


@dataclass(slots=True)
class LabelFiles:
    """The label files of a folder, and one line for each problem with them."""

    refined: dict[str, Labels] = field(default_factory=dict)
    baseline: dict[str, Labels] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)


def read_label_files(folder: Path, names: Sequence[str]) -> LabelFiles:
    """Reads them all. `names`: the folder's images as `k/name.jpg`, in the order of its file list."""
    found = LabelFiles()
    known = frozenset(names)
    for name in _REFINED:
        if (folder / name).exists():
            found.refined[name] = _checked(folder / name, known, found.problems)
    for asset, kind in BASELINE_ASSETS.items():
        paths = baselines_of(folder / label_file(kind))
        found.problems += [f"{path.name}: there is also {paths[0].name}; keep one of the two" for path in paths[1:]]
        if paths:
            found.baseline[asset] = _checked(paths[0], known, found.problems)
    try:
        found.problems += [str(fault) for fault in read_classes(folder / CLASSES)[1]]
        faces = found.refined.get(label_file("faces"))
        order = list(faces) if faces is not None else list(names)
        marks = read_delcands(folder / DELCANDS, len(order))
        found.problems += [str(fault) for fault in marks.faults]
        found.marked = tuple(order[index] for index in marks.indices)
    except LabelFileError as error:
        found.problems.append(str(error))
    return found


def conflicts(folder: Path, review: Path) -> list[str]:
    """Files of the home's `review` folder that would be overwritten with other content."""
    wanted = [name for name in (*_REFINED, CLASSES) if (folder / name).exists()]
    conflicting = [name for name in wanted if (review / name).exists() and not _same(folder / name, review / name)]
    if (folder / DELCANDS).exists() and (review / DELCANDS).exists():
        conflicting.append(DELCANDS)
    return [f"{review / name}: it exists already; move it away first" for name in conflicting]


def adopt_refined(folder: Path, files: LabelFiles, names: Sequence[str], review: Path) -> list[str]:
    """Copies what people made into the `review` folder; returns the names of the files."""
    taken = [name for name in (*_REFINED, CLASSES) if (folder / name).exists()]
    for name in taken:
        write_bytes(review / name, (folder / name).read_bytes())
    if files.marked:
        write_delcands(review / DELCANDS, files.marked, names)
        taken.append(DELCANDS)
    return taken


def baseline_table(labels: Labels, contents: Mapping[str, str], subfolder: str) -> pl.DataFrame:
    """Adopted boxes as a detector's table. `contents`: sha256 of each image of the subfolder, by name."""
    rows = []
    for entry in labels:
        name = entry.rpartition("/")[2]
        boxes = labels.boxes(entry)
        if name in contents and boxes is not None:
            sides = sorted(map(detected_row, boxes), key=lambda row: -row["score"])
            kept = {"name": name, "sha256": contents[name], "model": ADOPTED, "boxes": sides, "problem": None}
            rows.append({**kept, "subfolder": subfolder})
    return pl.DataFrame(rows, schema=SCHEMA).sort("name")


def _checked(path: Path, known: Collection[str], problems: list[str]) -> Labels:
    try:
        labels = read(path)
    except LabelFileError as error:
        problems.append(str(error))
        return Labels(path)
    problems += [f"{path.name}:{fault.line}: {fault.problem}" for fault in labels.check()]
    problems += [f"{path.name}: {name} is not an image of the folder" for name in labels if name not in known]
    return labels


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()
