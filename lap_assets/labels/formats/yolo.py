"""Reading YOLO's folder: images by lists or folders, a text file an image, `class cx cy w h` as fractions.

With a score as sixth number, as predictions are saved; polygons and rotated boxes become the boxes around them. A
folder without `data.yaml` is read by its `classes.txt` or `obj.names` (labelImg, darknet), or without any names. Where
the truth is known, a folder of text files alone (ultralytics' `save_txt`) is about the truth's images.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import SPLITS, Annotations, LabeledImage
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.formats.results import by_stem
from lap_assets.labels.formats.yolo_text import DATA, files, write
from lap_assets.labels.formats.yolo_tree import Listed, data_file, listed, plain
from lap_assets.labels.image_sizes import sizes_in
from lap_assets.labels.reading import Reading
from lap_assets.labels.yaml_text import parse_yaml

__all__ = ["DATA", "NAMES", "files", "read", "write"]

NAMES: Final = ("classes.txt", "obj.names", "predefined_classes.txt")
"""Lists of names, one a line, of folders without `data.yaml`."""


@dataclass(frozen=True, slots=True)
class _Classes:
    """Names by our id, our id of each of YOLO's numbers (None: the thing), and the thing. `keypoints`: numbers a row
    has after its box."""

    names: Mapping[int, str]
    ids: Mapping[int, int | None]
    thing: str | None
    keypoints: int = 0


def read(path: Path, reading: Reading) -> Annotations:
    """The labels of a folder, or of its `data.yaml`.

    Raises:
        LabelFileError: there is no list of images, or the names cannot be read.
    """
    file = data_file(path)
    if file is None and reading.truth is not None:
        return _predictions(path, reading, reading.truth)
    if file is not None:
        data = _parsed(file)
        if not isinstance(data, dict) or "names" not in data:
            raise LabelFileError(f"{file}: it has no names")
        found, classes = listed(data, file, reading), _classes(data, file)
    else:
        found, classes = plain(path), _plain_classes(path)
    names = _names(found)
    used: set[Path] = set()
    images = [image for one in found for image in _image(one, names[one.path], classes, reading, used)]
    _count_unused(path if path.is_dir() else path.parent, used, images, reading)
    return Annotations(tuple(images), classes.names, classes.thing)


def _parsed(file: Path) -> Any:
    content = text_of(file)
    try:
        return parse_yaml(content, as_text=True)
    except InputError as error:
        raise LabelFileError(f"{file}: {error}") from None


def _image(one: Listed, name: str, classes: _Classes, reading: Reading, used: set[Path]) -> Iterator[LabeledImage]:
    with reading.faults.at(one.where):
        file = next((place for place in one.label_files() if place.is_file()), None)
        size = reading.size_in_files(LabeledImage(name).name) or sizes_in(one.path.parent)(one.path.name)
        boxes: tuple[Box, ...] = ()
        if file is not None:
            used.add(file)
            boxes = tuple(_boxes(file, size, classes, reading))
        yield LabeledImage(name, *size, boxes, split=one.split, where=str(file or one.path))


def _names(found: Sequence[Listed]) -> dict[Path, str]:
    """The name of each image: below `images`, or from the data set's folder where two would have one name."""
    short = [one.name for one in found]
    is_unique = len(set(short)) == len(short)
    return {one.path: one.name if is_unique else one.below for one in found}


def _count_unused(folder: Path, used: set[Path], images: Sequence[LabeledImage], reading: Reading) -> None:
    """Names label files that belong to no image; where no box was found at all, that is a fault."""
    folders = {file.parent for file in used} | {place for place in folder.rglob("labels") if place.is_dir()}
    there = {file for place in folders for file in place.rglob("*.txt")} - used
    unused = sorted(file for file in there if file.name not in NAMES and file.stem not in SPLITS)
    if unused and not any(image.boxes for image in images):
        reading.faults.add(str(unused[0]), f"{len(unused)} label files belong to no listed image, and no box was found")
    elif unused:
        reading.tally.add("label files that belong to no listed image", str(unused[0]), len(unused))


def _predictions(path: Path, reading: Reading, truth: Annotations) -> Annotations:
    """Text files named as the truth's images."""
    folder = path / "labels" if (path / "labels").is_dir() else path
    names = list(truth.names())
    of_thing = None if truth.thing is None else truth.thing_id
    classes = _Classes(truth.classes, {index: None if id == of_thing else id for index, id in enumerate(names)}, None)
    stems = by_stem(truth.images)
    images = []
    for file in sorted(folder.rglob("*.txt")):
        stem = file.relative_to(folder).with_suffix("").as_posix()
        image = stems.get(stem) or stems.get(file.stem)
        if image is None:
            reading.tally.add("files of images that the truth does not have left out", str(file))
            continue
        with reading.faults.at(str(file)):
            boxes = tuple(_boxes(file, image.size, classes, reading))
            images.append(LabeledImage(image.name, *image.size, boxes, where=str(file), id=image.id))
    if not images:
        raise LabelFileError(f"{folder}: none of its files is named as an image of the truth (a.txt for a.jpg)")
    return Annotations(tuple(images), truth.classes, truth.thing, truth.thing_number)


def _classes(data: Mapping[str, Any], file: Path) -> _Classes:
    try:
        named = data["names"]
        numbered = named if isinstance(named, dict) else dict(enumerate(values.items(named, "names")))
        names = {values.whole(number, "names"): values.text(name, "names") for number, name in numbered.items()}
        if not names or min(names) < 0 or len(names) != len(numbered):
            raise InputError("names: expected names by their numbers, from 0")
        ids: dict[int, int | None] = {number: number for number in names} if len(names) > 1 else dict.fromkeys(names)
        if "lap_ids" in data:
            own = [values.whole(id, "lap_ids") for id in values.items(data["lap_ids"], "lap_ids")]
            if len(names) - len(own) not in (0, 1):
                raise InputError(f"there are {len(names)} names, but lap_ids for {len(own)}")
            ids = dict(zip(sorted(names), [None, *own][-len(names) :], strict=True))
        shape = values.items(data.get("kpt_shape") or (0, 0), "kpt_shape")
        keypoints = values.whole(shape[0], "kpt_shape") * values.whole(shape[-1], "kpt_shape") if shape else 0
    except InputError as error:
        raise LabelFileError(f"{file}: {error}") from None
    thing = next((names[number] for number, id in ids.items() if id is None), None)
    return _Classes({id: names[number] for number, id in ids.items() if id is not None}, ids, thing, keypoints)


def _plain_classes(folder: Path) -> _Classes:
    file = next((folder / name for name in NAMES if (folder / name).is_file()), None)
    lines = [line.strip() for line in text_of(file).splitlines()] if file is not None else []
    names = [line for line in lines if line] or ["object"]
    if len(names) == 1:
        return _Classes({}, {0: None}, names[0])
    return _Classes(dict(enumerate(names)), {number: number for number in range(len(names))}, None)


def _boxes(file: Path, size: tuple[int, int], classes: _Classes, reading: Reading) -> Iterator[Box]:
    for number, line in enumerate(text_of(file).splitlines(), 1):
        if line.strip():
            with reading.faults.at(f"{file}:{number}"):
                yield _box(line.split(), size, classes, reading, f"{file}:{number}")


def _box(words: list[str], size: tuple[int, int], classes: _Classes, reading: Reading, where: str) -> Box:
    index = values.whole(words[0], "the class")
    numbers = [values.number(word, "the box") for word in words[1:]]
    if classes.keypoints and len(numbers) in (4 + classes.keypoints, 5 + classes.keypoints):
        reading.tally.add("sets of keypoints left out", where)
        numbers = numbers[:4] + numbers[4 + classes.keypoints :]
    is_polygon = len(numbers) >= 6 and len(numbers) % 2 == 0
    if not is_polygon and len(numbers) not in (4, 5):
        raise InputError(f"expected a class and 4 numbers (and a score), not {len(words)} numbers")
    if index not in classes.ids:
        raise InputError(f"there is no class {words[0]}")
    score = numbers[4] if len(numbers) == 5 else None
    across, down = size
    if is_polygon:
        reading.tally.add("polygons read as the boxes around them", where)
        xmin, ymin, xmax, ymax = around(numbers)
    else:
        x, y, width, height = numbers[:4]
        xmin, ymin, xmax, ymax = x - width / 2, y - height / 2, x + width / 2, y + height / 2
    return Box(xmin * across, ymin * down, xmax * across, ymax * down, classes.ids[index], score)
