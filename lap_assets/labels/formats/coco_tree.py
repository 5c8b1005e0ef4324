"""A folder of COCO files, one per split, in any case.

Roboflow's layout: `train/_annotations.coco.json` beside its pictures. COCO's: `annotations/instances_train2017.json`,
pictures in `train2017/` or `images/`. Files named only after a split (`train.json`) are also read.

Image names become paths from the folder. Image ids are kept if no two files share one; a category id must have the same
name in all files.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import LabelFileError
from lap_assets.labels.annotations import Annotations, LabeledImage, Split
from lap_assets.labels.any_case import child, with_ending
from lap_assets.labels.formats.coco import read as read_file
from lap_assets.labels.reading import Reading
from lap_assets.labels.values import SPLIT_WORDS

_ROBOFLOW: Final = "_annotations.coco.json"
_INSTANCES: Final = re.compile(r"(?:instances|annotations)_([A-Za-z]+?)(\d*)\.json", re.IGNORECASE)
_SPLIT: Final = re.compile(rf"({'|'.join(SPLIT_WORDS)})(\d*)\.json", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A COCO file of the folder. `below`: the path from the folder to its pictures; "" for the folder itself."""

    file: Path
    split: Split | None
    below: str


def parts_of(folder: Path) -> list[Part]:
    """Return the COCO files of a folder in one of these layouts, in the order of their paths."""
    own = folder / _ROBOFLOW  # reading reports it if it is not a file
    roboflow = [*([own] if own.exists() else []), *sorted(folder.glob(f"*/{_ROBOFLOW}"))]
    found = [
        Part(path, SPLIT_WORDS.get(path.parent.name.lower()), "" if path.parent == folder else path.parent.name)
        for path in roboflow
    ]
    return found or list(_instances(folder))


def _instances(folder: Path) -> Iterator[Part]:
    """Yield the files in `annotations`; or all JSON files there or in the folder, if all are named after splits."""
    annotations = child(folder, "annotations")
    listed = with_ending(annotations, ".json", deep=False) if annotations.is_dir() else []
    named = [(path, _INSTANCES.fullmatch(path.name)) for path in listed]
    for plain in (listed, with_ending(folder, ".json", deep=False)):
        if not any(match for _, match in named) and all(_SPLIT.fullmatch(path.name) for path in plain):
            named = [(path, _SPLIT.fullmatch(path.name)) for path in plain]
    for path, match in named:
        if match is not None:
            split, year = match.groups()
            candidates = (f"{split}{year}", f"images/{split}{year}", split, f"images/{split}", "images")
            below = next((name for name in candidates if (folder / name).is_dir()), "")
            yield Part(path, SPLIT_WORDS.get(split.lower()), below)


def read(path: Path, reading: Reading) -> Annotations:
    """Read a COCO file, or all COCO files of a folder.

    Raises:
        LabelFileError: as in `coco.read`, or the folder has another layout.
    """
    if not path.is_dir():
        return read_file(path, reading)
    parts = parts_of(path)
    if not parts:
        raise LabelFileError(
            f"{path}: expected */{_ROBOFLOW}, annotations/instances_*.json or train.json in the folder; or name a file"
        )
    return _together([_read_part(part, reading) for part in parts], parts, reading)


def _read_part(part: Part, reading: Reading) -> Annotations:
    folder = reading.images
    if folder is not None and part.below and (folder / part.below).is_dir():
        folder = folder / part.below
    own = replace(reading, images=folder, stored={})
    labels = read_file(part.file, own)
    reading.stored.update({_named(part, name): orientation for name, orientation in own.stored.items()})
    return labels


def _together(read_parts: list[Annotations], parts: list[Part], reading: Reading) -> Annotations:
    names: dict[int, str] = {}
    for labels, part in zip(read_parts, parts, strict=True):
        for id, name in labels.names().items():
            if names.setdefault(id, name) != name:
                reading.faults.add(str(part.file), f"category {id} is {name!r} here and {names[id]!r} in another file")
    things = {(labels.thing_number, labels.thing) for labels in read_parts}
    number, thing = things.pop() if len(things) == 1 else (None, None)
    images = [
        _renamed(image, part, labels.thing_number if thing is None else None)
        for labels, part in zip(read_parts, parts, strict=True)
        for image in labels.images
    ]
    if not _are_unique(image.id for image in images):
        images = [replace(image, id=None) for image in images]
    classes = {id: name for id, name in names.items() if thing is None or id != number}
    return Annotations(tuple(images), classes, thing, number)


def _renamed(image: LabeledImage, part: Part, class_id: int | None) -> LabeledImage:
    """Return the image with its path from the folder; its boxes without a class get `class_id`, if given."""
    boxes = image.boxes
    if class_id is not None:
        boxes = tuple(replace(box, class_id=class_id) if box.class_id is None else box for box in boxes)
    return replace(image, name=_named(part, image.name), split=image.split or part.split, boxes=boxes)


def _named(part: Part, name: str) -> str:
    return f"{part.below}/{name}" if part.below else name


def _are_unique(ids: Iterable[object]) -> bool:
    listed = list(ids)
    return None not in listed and len(set(listed)) == len(listed)
