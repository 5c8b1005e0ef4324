"""The label files of a LAP folder: which there are, what is wrong with them, and what becomes of them in a home.

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
from lap_assets.core.labels.lap_format import Labels, read
from lap_assets.core.labels.lists import read_classes, read_delcands, write_delcands
from lap_assets.labels.detection import SCHEMA

REFINED: Final = ("labels_faces.txt", "labels_heads.txt")
BASELINE: Final[Mapping[str, str]] = {
    "baseline_face_boxes": "labels_faces_baseline*.txt",
    "baseline_head_boxes": "labels_heads_baseline*.txt",
}
CLASSES: Final = "classes.txt"
DELCANDS: Final = "delcands.txt"
ADOPTED: Final = "adopted"
"""What stands for the model of boxes that came with a folder."""


@dataclass(slots=True)
class LabelFiles:
    """The label files of a folder, and a line for each thing that is wrong with them."""

    refined: dict[str, Labels] = field(default_factory=dict)
    baseline: dict[str, Labels] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)


def read_label_files(folder: Path, names: Sequence[str]) -> LabelFiles:
    """Reads them all. `names`: the folder's images as `k/name.jpg`, in the order of its file list."""
    told = LabelFiles()
    known = frozenset(names)
    for name in REFINED:
        if (folder / name).exists():
            told.refined[name] = _checked(folder / name, known, told.problems)
    for asset, pattern in BASELINE.items():
        paths = sorted(folder.glob(pattern))
        told.problems += [f"{path.name}: there is {paths[0].name} already; leave one of them" for path in paths[1:]]
        if paths:
            told.baseline[asset] = _checked(paths[0], known, told.problems)
    try:
        told.problems += [str(fault) for fault in read_classes(folder / CLASSES)[1]]
        faces = told.refined.get(REFINED[0])
        order = list(faces) if faces is not None else list(names)
        marks = read_delcands(folder / DELCANDS, len(order))
        told.problems += [str(fault) for fault in marks.faults]
        told.marked = tuple(order[index] for index in marks.indices)
    except LabelFileError as error:
        told.problems.append(str(error))
    return told


def in_the_way(folder: Path, review: Path) -> list[str]:
    """Files of the home's `review` folder that would be written over with another content."""
    wanted = [name for name in (*REFINED, CLASSES) if (folder / name).exists()]
    clashes = [name for name in wanted if (review / name).exists() and not _same(folder / name, review / name)]
    if (folder / DELCANDS).exists() and (review / DELCANDS).exists():
        clashes.append(DELCANDS)
    return [f"{review / name}: it is there already; move it away first" for name in clashes]


def take_in_refined(folder: Path, files: LabelFiles, names: Sequence[str], review: Path) -> list[str]:
    """Puts what people made into the `review` folder; gives the files' names."""
    taken = [name for name in (*REFINED, CLASSES) if (folder / name).exists()]
    for name in taken:
        write_bytes(review / name, (folder / name).read_bytes())
    if files.marked:
        write_delcands(review / DELCANDS, files.marked, names)
        taken.append(DELCANDS)
    return taken


def baseline_table(labels: Labels, contents: Mapping[str, str]) -> pl.DataFrame:
    """Adopted boxes as a detector's table. `contents`: sha256 of each image of a subfolder, by name."""
    rows = []
    for shown in labels:
        name = shown.rpartition("/")[2]
        boxes = labels.boxes(shown)
        if name in contents and boxes is not None:
            kept = [(*box.corners, box.score if box.score is not None else 1.0) for box in boxes]
            kept.sort(key=lambda box: -box[4])
            sides = [dict(zip(("x0", "y0", "x1", "y1", "score"), box, strict=True)) for box in kept]
            rows.append({"name": name, "sha256": contents[name], "model": ADOPTED, "boxes": sides, "problem": None})
    return pl.DataFrame(rows, schema=SCHEMA).sort("name")


def _checked(path: Path, known: Collection[str], problems: list[str]) -> Labels:
    try:
        labels = read(path)
    except LabelFileError as error:
        problems.append(str(error))
        return Labels(path)
    problems += [f"{path.name}:{fault.number}: {fault.what}" for fault in labels.check()]
    problems += [f"{path.name}: {name} is no image of the folder" for name in labels if name not in known]
    return labels


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()
