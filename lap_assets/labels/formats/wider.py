"""Reading WIDER FACE's lists (`wider_face_train_bbx_gt.txt`) and predictions.

A list has a picture's name, a count, then one line per face: x y width height (whole px) blur expression illumination
invalid occlusion pose. These six flags become attributes; an invalid face is ignored, and so is one without width or
height. A picture without faces has a line of zeros, as in the published lists.

A prediction has x y width height score instead: in one file as above, or in a folder with one file per picture, as in
the benchmark's evaluation. Names may lack folder and ending; they are matched with the truth's images.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.labels.faults import Faults, text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage, stem_of
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.results import by_stem
from lap_assets.labels.image_sizes import ENDINGS
from lap_assets.labels.reading import Reading

_FLAGS: Final = ("blur", "expression", "illumination", "invalid", "occlusion", "pose")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_PREDICTED: Final = 5


def read(path: Path, reading: Reading) -> Annotations:
    """Read the labels of a list, or the predictions of a list or folder.

    Raises:
        LabelFileError: the folder has no text files.
    """
    paths = with_ending(path, ".txt") if path.is_dir() else [path]
    if not paths:
        raise LabelFileError(f"{path}: it has no text files")
    known = by_stem(reading.truth.images) if reading.truth is not None else {}
    images = []
    for one in paths:
        is_alone = path.is_dir()
        for number, name, boxes in _entries(one, reading.faults, is_alone=is_alone):
            where = f"{one}:{number}"
            with reading.faults.at(where):
                images.append(_image(name, boxes, where, one, known, reading))
    return Annotations(tuple(images))


def _image(
    name: str, boxes: tuple[Box, ...], where: str, file: Path, known: Mapping[str, LabeledImage], reading: Reading
) -> LabeledImage:
    is_named = name.lower().endswith(ENDINGS)
    stem = stem_of(name) if is_named else name
    folder = file.parent.name
    meant = next((known[form] for form in (f"{folder}/{stem}", stem, stem.rpartition("/")[2]) if form in known), None)
    if meant is not None:
        return LabeledImage(meant.name, meant.width, meant.height, boxes, where=where, id=meant.id)
    image = LabeledImage(name if is_named else f"{name}.jpg", boxes=boxes, where=where)
    width, height = reading.size_in_files(image.name) or (None, None)
    return replace(image, width=width, height=height)


def _entries(path: Path, faults: Faults, *, is_alone: bool) -> Iterator[tuple[int, str, tuple[Box, ...]]]:
    """Yield each picture's line, name and boxes. `is_alone`: the file is about one picture, whose name may lack the
    ending."""
    lines = [line.strip() for line in text_of(path).splitlines()]
    at = 0
    while at < len(lines):
        name, began = lines[at], at + 1
        at += 1
        if not name:
            continue
        if not name.lower().endswith(ENDINGS) and not (is_alone and began == 1):
            faults.add(f"{path}:{began}", f"{name!r} is not the name of a picture")
            continue
        if at >= len(lines) or not _COUNT.fullmatch(lines[at]):
            faults.add(f"{path}:{at + 1}", f"expected the number of faces after {name}")
            continue
        count = int(lines[at])
        at += 1
        boxes: list[Box] = []
        for _ in range(max(count, 1)):
            if at >= len(lines) or lines[at].lower().endswith(ENDINGS):
                if count:
                    faults.add(f"{path}:{began}", f"{name}: expected {count} faces, found {len(boxes)}")
                break
            with faults.at(f"{path}:{at + 1}"):
                boxes.append(_box(lines[at]))
            at += 1
        yield began, name, tuple(boxes if count else ())


def _box(line: str) -> Box:
    words = line.split()
    if len(words) == _PREDICTED:
        x, y, width, height, score = (values.number(word, "each number") for word in words)
        return Box(x, y, x + max(0.0, width), y + max(0.0, height), score=score)
    if len(words) != 4 + len(_FLAGS):
        raise InputError(f"expected {4 + len(_FLAGS)} numbers, not {len(words)}")
    x, y, width, height, *flags = (values.whole(word, "each number") for word in words)
    attributes = tuple(zip(_FLAGS, flags, strict=True))
    is_invalid = bool(dict(attributes)["invalid"]) or width <= 0 or height <= 0
    return Box(x, y, x + max(0, width), y + max(0, height), ignore=is_invalid, attributes=attributes)
