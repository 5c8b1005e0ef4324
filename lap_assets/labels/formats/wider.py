"""WIDER FACE's lists (`wider_face_train_bbx_gt.txt`), read only: whole px, and six marks a face.

A picture's name, a count, then a line a face: x y width height blur expression illumination invalid occlusion pose. The
marks become attributes; an invalid face is ignored, and so is one without width or height. A picture without faces has
a line of zeros, as the published lists do.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import Faults, text_of
from lap_assets.core.labels.image_names import portable_name
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.image_sizes import Sizes

_MARKS: Final = ("blur", "expression", "illumination", "invalid", "occlusion", "pose")
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_ENDINGS: Final = (".jpg", ".jpeg", ".png")


def read(path: Path, sizes: Sizes | None = None) -> Annotations:
    """The labels of a list. `sizes`: gives widths and heights, and tells of images that are not there.

    Raises:
        LabelFileError: what is wrong, each with its line.
    """
    faults = Faults()
    images = []
    for number, name, boxes in _entries(path, faults):
        with faults.at(f"{path}:{number}"):
            image = LabeledImage(name, boxes=boxes, where=f"{path}:{number}")
            width, height = sizes(portable_name(name)) if sizes else (None, None)
            images.append(replace(image, width=width, height=height))
    faults.raise_any()
    return Annotations(tuple(images))


def _entries(path: Path, faults: Faults) -> Iterator[tuple[int, str, tuple[Box, ...]]]:
    lines = [line.strip() for line in text_of(path).splitlines()]
    at = 0
    while at < len(lines):
        name, began = lines[at], at + 1
        at += 1
        if not name:
            continue
        if not name.lower().endswith(_ENDINGS):
            faults.add(f"{path}:{began}", f"{name!r} is not the name of a picture")
            continue
        if at >= len(lines) or not _COUNT.fullmatch(lines[at]):
            faults.add(f"{path}:{at + 1}", f"a count of faces has to follow {name}")
            continue
        count = int(lines[at])
        at += 1
        boxes: list[Box] = []
        for _ in range(max(count, 1)):
            if at >= len(lines) or lines[at].lower().endswith(_ENDINGS):
                if count:
                    faults.add(f"{path}:{began}", f"{name} should have {count} faces, but there are {len(boxes)}")
                break
            with faults.at(f"{path}:{at + 1}"):
                boxes.append(_box(lines[at]))
            at += 1
        yield began, name, tuple(boxes if count else ())


def _box(line: str) -> Box:
    words = line.split()
    if len(words) != 4 + len(_MARKS):
        raise InputError(f"expected {4 + len(_MARKS)} numbers, not {len(words)}")
    x, y, width, height, *marks = (values.whole(word, "each number") for word in words)
    attributes = tuple(zip(_MARKS, marks, strict=True))
    is_invalid = bool(dict(attributes)["invalid"]) or width <= 0 or height <= 0
    return Box(x, y, x + max(0, width), y + max(0, height), ignore=is_invalid, attributes=attributes)
