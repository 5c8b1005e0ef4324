"""A folder of COCO files, one a split: Roboflow's (`train/_annotations.coco.json` beside its pictures), and COCO's own
(`annotations/instances_train2017.json`, pictures in `train2017/` or `images/`); names in letters of any case, and files
that are called as a split alone (`train.json`).

The images' names become paths from the folder. Ids of images stay where no two files use one; a category's id has to
mean one name in all files.
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
    """A file of such a folder. `below`: the folder of its pictures, from the whole's; "" for that itself."""

    file: Path
    split: Split | None
    below: str


def parts_of(folder: Path) -> list[Part]:
    """The files of a folder that is laid out so, in the order of their paths."""
    own = folder / _ROBOFLOW  # what is no file there is named when it is read
    roboflow = [*([own] if own.exists() else []), *sorted(folder.glob(f"*/{_ROBOFLOW}"))]
    found = [
        Part(path, SPLIT_WORDS.get(path.parent.name.lower()), "" if path.parent == folder else path.parent.name)
        for path in roboflow
    ]
    return found or list(_instances(folder))


def _instances(folder: Path) -> Iterator[Part]:
    """Files below `annotations`; or, where all JSON files there or in the folder are called as a split, these."""
    annotations = child(folder, "annotations")
    listed = with_ending(annotations, ".json", deep=False) if annotations.is_dir() else []
    named = [(path, _INSTANCES.fullmatch(path.name)) for path in listed]
    for plain in (listed, with_ending(folder, ".json", deep=False)):
        if not any(match for _, match in named) and all(_SPLIT.fullmatch(path.name) for path in plain):
            named = [(path, _SPLIT.fullmatch(path.name)) for path in plain]
    for path, match in named:
        if match is not None:
            split, year = match.groups()
            places = (f"{split}{year}", f"images/{split}{year}", split, f"images/{split}", "images")
            below = next((place for place in places if (folder / place).is_dir()), "")
            yield Part(path, SPLIT_WORDS.get(split.lower()), below)


def read(path: Path, reading: Reading) -> Annotations:
    """The labels of a COCO file, or of all files of a folder.

    Raises:
        LabelFileError: as `coco.read`; the folder is laid out otherwise.
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
    """The image by its path from the whole folder; its plain boxes get the class, if one is given."""
    boxes = image.boxes
    if class_id is not None:
        boxes = tuple(replace(box, class_id=class_id) if box.class_id is None else box for box in boxes)
    return replace(image, name=_named(part, image.name), split=image.split or part.split, boxes=boxes)


def _named(part: Part, name: str) -> str:
    return f"{part.below}/{name}" if part.below else name


def _are_unique(ids: Iterable[object]) -> bool:
    listed = list(ids)
    return None not in listed and len(set(listed)) == len(listed)
