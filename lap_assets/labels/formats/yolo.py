"""Reading YOLO's folder: images in lists or folders, one text file per image, `class cx cy w h` as fractions.

Predictions have a score as the sixth number; polygons and rotated boxes become their bounding boxes. A folder without
`data.yaml` gets its names from `classes.txt` or `obj.names` (labelImg, darknet), or has none. If the truth is known, a
folder of only text files (ultralytics' `save_txt`) refers to the truth's images.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import SPLITS, Annotations, LabeledImage
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.formats.results import by_stem
from lap_assets.labels.formats.yolo_classes import NAMES, YoloClasses, described_classes, listed_classes
from lap_assets.labels.formats.yolo_files import LabelFiles
from lap_assets.labels.formats.yolo_text import DATA, files, write
from lap_assets.labels.formats.yolo_tree import Listed, data_file, listed, plain
from lap_assets.labels.reading import Reading
from lap_assets.labels.yaml_text import parse_yaml

__all__ = ["DATA", "NAMES", "files", "read", "write"]

_TRACKED: Final = 7
_TRACK: Final = re.compile(r"[1-9][0-9]{0,8}")
"""ultralytics writes a class, a box, a score and a track number, which is whole and counted from 1."""
_FARTHEST: Final = 2.0
"""Larger numbers are not fractions. Fractions from 1 to this exceed the image, which checking the labels reports."""


def read(path: Path, reading: Reading) -> Annotations:
    """Read a folder, or its `data.yaml`.

    Raises:
        LabelFileError: there is no list of images, or the names are invalid.
    """
    file = data_file(path)
    if file is None and reading.truth is not None:
        return _predictions(path, reading, reading.truth)
    if file is not None:
        data = _parsed(file)
        if not isinstance(data, dict) or "names" not in data:
            raise LabelFileError(f"{file}: it has no names")
        found, classes = listed(data, file, reading), described_classes(data, file)
    else:
        found, classes = plain(path), listed_classes(path)
    names = _names(found)
    used: set[Path] = set()
    files = LabelFiles(path if path.is_dir() else path.parent)
    images = [image for one in found for image in _image(one, names[one.path], classes, reading, files, used)]
    _count_unused(files, used, images, reading)
    return Annotations(tuple(images), classes.names, classes.thing)


def _parsed(file: Path) -> Any:
    content = text_of(file)
    try:
        return parse_yaml(content, as_text=True)
    except InputError as error:
        raise LabelFileError(f"{file}: {error}") from None


def _image(
    one: Listed, name: str, classes: YoloClasses, reading: Reading, files: LabelFiles, used: set[Path]
) -> Iterator[LabeledImage]:
    with reading.faults.at(one.where):
        file = files.of(one)
        size = reading.size_in_files(LabeledImage(name).name) or reading.size_seen(one.path.parent, one.path.name)
        boxes: tuple[Box, ...] = ()
        if file is not None:
            reading.tally.add("label files shared by several pictures", str(file), file in used)
            used.add(file)
            boxes = tuple(_boxes(file, size, classes, reading))
        yield LabeledImage(name, *size, boxes, split=one.split, where=str(file or one.path))


def _names(found: Sequence[Listed]) -> dict[Path, str]:
    """Return the name of each image: its path below `images`, or from the data set's folder if names would collide."""
    short = [one.name for one in found]
    is_unique = len(set(short)) == len(short)
    return {one.path: one.name if is_unique else one.below for one in found}


def _count_unused(files: LabelFiles, used: set[Path], images: Sequence[LabeledImage], reading: Reading) -> None:
    """Count label files that belong to no image; if no box was found at all, they are a fault."""
    has_boxes = any(image.boxes for image in images)
    others = files.unused(used, has_boxes=has_boxes)
    unused = [file for file in others if file.name not in NAMES and file.stem not in SPLITS]
    if unused and not has_boxes:
        reading.faults.add(str(unused[0]), f"{len(unused)} label files belong to no listed image, and no box was found")
    elif unused:
        reading.tally.add("label files that belong to no listed image", str(unused[0]), len(unused))


def _predictions(path: Path, reading: Reading, truth: Annotations) -> Annotations:
    """Read text files named after the truth's images."""
    folder = path / "labels" if (path / "labels").is_dir() else path
    names = list(truth.names())
    of_thing = None if truth.thing is None else truth.thing_id
    classes = YoloClasses(
        truth.classes, {index: None if id == of_thing else id for index, id in enumerate(names)}, None
    )
    stems = by_stem(truth.images)
    images = []
    for file in with_ending(folder, ".txt"):
        stem = file.relative_to(folder).with_suffix("").as_posix()
        image = stems.get(stem) or stems.get(file.stem)
        if image is None:
            reading.tally.add("files of images missing from the truth left out", str(file))
            continue
        with reading.faults.at(str(file)):
            boxes = tuple(_boxes(file, image.size, classes, reading))
            images.append(LabeledImage(image.name, *image.size, boxes, where=str(file), id=image.id))
    if not images:
        raise LabelFileError(f"{folder}: none of its files is named after an image of the truth (a.txt for a.jpg)")
    return Annotations(tuple(images), truth.classes, truth.thing, truth.thing_number)


def _boxes(file: Path, size: tuple[int, int], classes: YoloClasses, reading: Reading) -> Iterator[Box]:
    for number, line in enumerate(text_of(file).splitlines(), 1):
        if line.strip():
            with reading.faults.at(f"{file}:{number}"):
                yield _box(line.split(), size, classes, reading, f"{file}:{number}")


def _box(words: list[str], size: tuple[int, int], classes: YoloClasses, reading: Reading, where: str) -> Box:
    index = values.whole(words[0], "the class")
    if len(words) == _TRACKED and _TRACK.fullmatch(words[-1]):
        reading.tally.add("numbers of tracks left out", where)
        words = words[:-1]
    numbers = [values.number(word, "the box") for word in words[1:]]
    if classes.keypoints and len(numbers) in (4 + classes.keypoints, 5 + classes.keypoints):
        reading.tally.add("sets of keypoints left out", where)
        numbers = numbers[:4] + numbers[4 + classes.keypoints :]
    is_polygon = len(numbers) >= 6 and len(numbers) % 2 == 0
    if not is_polygon and len(numbers) not in (4, 5):
        raise InputError(f"expected a class and 4 numbers (and a score), not {len(words)} numbers")
    if index not in classes.ids:
        raise InputError(f"there is no class {words[0]}")
    if max(map(abs, numbers if is_polygon else numbers[:4])) > _FARTHEST:
        raise InputError(f"expected fractions of the image, 0 to 1, not {' '.join(words[1:5])}: px or percents?")
    score = numbers[4] if len(numbers) == 5 else None
    across, down = size
    if is_polygon:
        reading.tally.add("polygons read as the boxes around them", where)
        xmin, ymin, xmax, ymax = around(numbers)
    else:
        x, y, width, height = numbers[:4]
        xmin, ymin, xmax, ymax = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return Box(xmin * across, ymin * down, xmax * across, ymax * down, classes.ids[index], score)
