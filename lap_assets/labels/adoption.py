"""Adopting the label files of a LAP folder: finding them, checking them, and copying them into a home.

People's labels go into the home's `review` folder, where the tools find them; a detector's boxes become rows of the
baseline tables.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.face_classes import are_untouched
from lap_assets.core.labels.files import (
    CLASSES,
    DELCANDS,
    LABEL_FILES,
    LabelKind,
    baselines_of,
    label_file,
    reviewed_path,
)
from lap_assets.core.labels.lap_format import read
from lap_assets.core.labels.lists import (
    ReviewEntry,
    read_classes,
    read_delcands,
    read_reviewed,
    write_delcands,
    write_reviewed,
)
from lap_assets.core.reading import read_file
from lap_assets.core.verdicts.log import Mark, VerdictLog, log_path, read_verdicts
from lap_assets.labels.detection import ADOPTED, SCHEMA
from lap_assets.labels.rows import detected_row
from lap_assets.labels.suggestions import BASELINE_ASSETS
from lap_assets.labels.unknown_files import unknown_label_files

_REFINED: Final = tuple(LABEL_FILES.values())


@dataclass(slots=True)
class LabelFiles:
    """The label files of a folder, and one line for each problem with them.

    Attributes:
        refined: People's labels by file name.
        baseline: A detector's labels by asset.
        marked: Images that `delcands.txt` marks for removal.
        reviewed: By label file, the images that count as reviewed, if the folder has no list of them.
        problems: One line each.
    """

    refined: dict[str, Labels] = field(default_factory=dict)
    baseline: dict[str, Labels] = field(default_factory=dict)
    marked: tuple[str, ...] = ()
    reviewed: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_label_files(folder: Path, names: Sequence[str], first: Mapping[LabelKind, int] | None = None) -> LabelFiles:
    """Read all label files. `names`: the images as `k/name.jpg`; `first`: how many lines of a file are reviewed."""
    found = LabelFiles()
    known = frozenset(names)
    for kind, name in LABEL_FILES.items():
        if _is_named(folder / name):
            found.refined[name] = _checked(folder / name, known, found.problems)
            _read_reviewed(folder / name, found, (first or {}).get(kind))
    for asset, kind in BASELINE_ASSETS.items():
        paths = baselines_of(folder / label_file(kind))
        found.problems += [f"{path.name}: there is also {paths[0].name}; keep one of the two" for path in paths[1:]]
        if paths:
            found.baseline[asset] = _checked(paths[0], known, found.problems)
    try:
        found.problems += [str(fault) for fault in read_classes(folder / CLASSES)[1]]
        found.marked = _marked(folder, found, names)
    except LabelFileError as error:
        found.problems.append(str(error))
    found.problems += unknown_label_files(folder)
    return found


def conflicts(folder: Path, review: Path) -> list[str]:
    """Return a line for each file of the home's `review` folder that would be overwritten with different content."""
    own = _present(folder)
    differing = [name for name in own if (review / name).exists() and not _same(folder / name, review / name)]
    conflicting = [name for name in differing if name != CLASSES or not are_untouched(review / name)]
    if (folder / DELCANDS).exists() and (review / DELCANDS).exists():
        conflicting.append(DELCANDS)
    return [f"{review / name}: it exists already; move it away first" for name in conflicting]


def adopt_refined(
    folder: Path, files: LabelFiles, names: Sequence[str], review: Path, sizes: Mapping[str, tuple[int, int]]
) -> list[str]:
    """Copy people's labels into the `review` folder, and record the reviewed images with their sizes.

    Returns the names of the written files.
    """
    taken = _present(folder)
    for name in taken:
        write_bytes(review / name, read_file(folder / name))
    for name, reviewed in files.reviewed.items():
        path = reviewed_path(review / name)
        if reviewed and not path.exists():
            write_reviewed(path, {image: ReviewEntry(True, sizes.get(image)) for image in reviewed})
            taken.append(path.name)
    if files.marked:
        write_delcands(review / DELCANDS, files.marked, names)
        taken.append(DELCANDS)
    return taken


def log_marks(marked: Iterable[str], contents: Mapping[str, str], verdicts: Path) -> int:
    """Write a line for each image marked for removal into the verdict logs, and return the number of lines.

    `contents`: the sha256 of each poster by name.
    """
    already = {line.name for line in read_verdicts(sorted(verdicts.glob("*.jsonl"))).active if isinstance(line, Mark)}
    count = 0
    for entry in marked:
        name = entry.rpartition("/")[2]
        if name in contents and name not in already:
            mark = Mark(reviewer=ADOPTED, name=name, sha256=contents[name], tool="labeler")
            VerdictLog(log_path(verdicts, name)).append(mark)
            count += 1
    return count


def _present(folder: Path) -> list[str]:
    """Return the names of the folder's files with people's labels."""
    beside = [reviewed_path(Path(name)).name for name in _REFINED]
    return [name for name in (*_REFINED, *beside, CLASSES) if _is_named(folder / name)]


def _read_reviewed(path: Path, found: LabelFiles, first: int | None) -> None:
    """Determine the reviewed images: from the list beside the label file, else the `first` lines, else by classes."""
    labels = found.refined[path.name]
    beside = reviewed_path(path)
    if beside.exists():
        try:
            found.problems += [str(fault) for fault in read_reviewed(beside)[1]]
        except LabelFileError as error:
            found.problems.append(str(error))
        if first is not None:
            found.problems.append(f"{beside.name} already lists the reviewed images; leave --reviewed out")
        return
    names = list(labels)
    if first is not None and first > len(names):
        found.problems.append(f"{path.name}: it has {len(names)} lines, fewer than the {first} of --reviewed")
    if first is None:
        names = [name for name in names if any(box.class_id is not None for box in labels.boxes(name) or ())]
    found.reviewed[path.name] = names[:first]


def _marked(folder: Path, found: LabelFiles, names: Sequence[str]) -> tuple[str, ...]:
    """Return the images that `delcands.txt` marks: indices into the list that the labels were made for."""
    faces, listed = list(found.refined.get(label_file("faces"), ())), sorted(names)
    order = faces if faces and faces != listed[: len(faces)] else listed
    marks = read_delcands(folder / DELCANDS, len(order))
    found.problems += [str(fault) for fault in marks.faults]
    return tuple(order[index] for index in marks.indices)


def baseline_table(labels: Labels, contents: Mapping[str, str], subfolder: str) -> pl.DataFrame:
    """Return adopted boxes as a detector's table. `contents`: the sha256 of each image of the subfolder, by name."""
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


def _is_named(path: Path) -> bool:
    """Return whether the path exists or is a broken link, which reading reports."""
    return path.exists() or path.is_symlink()


def _same(one: Path, other: Path) -> bool:
    return read_file(one) == read_file(other)
