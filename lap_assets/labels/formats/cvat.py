"""Reading CVAT's own XML ("CVAT for images 1.1"), a file or a folder of files: boxes, and bounding boxes of polygons.

Other shapes (points, lines, masks, skeletons, tags) are left out and counted. The export of a video has tracks without
image names; export it as "COCO" or "YOLO" instead.
"""

import math
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box, Corners
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.polygons import around, on_picture
from lap_assets.labels.formats.xml_text import root_of
from lap_assets.labels.reading import Reading

_SIDES: Final = ("xtl", "ytl", "xbr", "ybr")


def read(path: Path, reading: Reading) -> Annotations:
    """Read a file, or all files in a folder.

    Raises:
        LabelFileError: a file is not CVAT's or is of a video, or there are no files.
    """
    paths = with_ending(path, ".xml") if path.is_dir() else [path]
    if not paths:
        raise LabelFileError(f"{path}: it has no XML files")
    found: list[Named] = []
    order: list[str] = []
    for one in paths:
        root = _root(one)
        for number, image in enumerate(root.findall("image"), 1):
            where = f"{one}: image {image.get('name', number)}"
            with reading.faults.at(where):
                found.append(_image(image, where, reading))
        order += [(name.text or "").strip() for name in root.iterfind("meta//labels/label/name")]
    return numbered(found, [name for name in order if name])


def _root(path: Path) -> ET.Element:
    try:
        root = root_of(path)
    except InputError as error:
        raise LabelFileError(f"{path}: {error}") from None
    if root.tag != "annotations":
        raise LabelFileError(f"{path}: its root is <{root.tag[:40]}>, not CVAT's <annotations>")
    if root.find("track") is not None:
        raise LabelFileError(f"{path}: tracks of a video, without image names; export it as COCO or YOLO")
    return root


def _image(one: ET.Element, where: str, reading: Reading) -> Named:
    name = below_images(_given(one, "name"), reading, where)
    width, height = (values.whole(one.get(side, 0), side) or None for side in ("width", "height"))
    plain = LabeledImage(name)
    size = reading.size(plain.name, width, height)
    boxes: list[tuple[str, Box]] = []
    for shape in one:
        with reading.faults.at(where):
            if shape.tag in ("box", "polygon"):
                boxes.append((_given(shape, "label"), _box(shape, size, where, reading)))
            else:
                reading.tally.add(f"shapes of the kind {shape.tag[:40]} left out", where)
    split = values.split(one.get("subset"))
    id = one.get("id")
    known = LabeledImage(name, *size, split=split, where=where, id=None if id is None else values.whole(id, "id"))
    return known, boxes


def _box(shape: ET.Element, size: tuple[int, int], where: str, reading: Reading) -> Box:
    attributes = {_given(pair, "name"): (pair.text or "").strip() for pair in shape.findall("attribute")}
    if values.flag(shape.get("occluded"), "occluded"):
        attributes["occluded"] = "1"
    return Box(*_corners(shape, size, where, reading), attributes=tuple(attributes.items()))


def _corners(shape: ET.Element, size: tuple[int, int], where: str, reading: Reading) -> Corners:
    if shape.tag == "polygon":
        reading.tally.add("polygons read as the boxes around them", where)
        pairs = [pair.split(",") for pair in _given(shape, "points").split(";")]
        return around([values.number(side, "points") for pair in pairs for side in pair])
    xmin, ymin, xmax, ymax = (values.number(_given(shape, side), side) for side in _SIDES)
    turn = math.radians(values.number(shape.get("rotation", 0), "rotation"))
    if not turn:
        return xmin, ymin, xmax, ymax
    reading.tally.add("rotated boxes read as the boxes around them", where)
    return on_picture(turned((xmin, ymin, xmax, ymax), turn), size, reading, where)


def turned(corners: Corners, angle: float) -> Corners:
    """Return the bounding box of a box rotated about its center. `angle`: in radians."""
    xmin, ymin, xmax, ymax = corners
    across, down = (xmax - xmin) / 2, (ymax - ymin) / 2
    wide = abs(across * math.cos(angle)) + abs(down * math.sin(angle))
    high = abs(across * math.sin(angle)) + abs(down * math.cos(angle))
    x, y = (xmin + xmax) / 2, (ymin + ymax) / 2
    return x - wide, y - high, x + wide, y + high


def _given(one: ET.Element, name: str) -> str:
    found = one.get(name)
    if not found:
        raise InputError(f"a <{one.tag}> has no {name}")
    return found
