"""Reading labelme's JSON, a file an image: rectangles, and polygons and circles as the boxes around them."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.reading import Reading


def read(path: Path, reading: Reading) -> Annotations:
    """The labels of a file, or of all in a folder.

    Raises:
        LabelFileError: there are none.
    """
    paths = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not paths:
        raise LabelFileError(f"{path}: there are no JSON files in it")
    found: list[Named] = []
    for one in paths:
        with reading.faults.at(str(one)):
            within = one.parent.relative_to(path).as_posix() if path.is_dir() else "."
            found.append(_image(one, "" if within == "." else f"{within}/", reading))
    return numbered(found)


def _image(path: Path, within: str, reading: Reading) -> Named:
    content = values.mapping(parsed(path), "the file")
    if "shapes" not in content:
        raise InputError("not labelme's: it has no shapes")
    given = values.text(content.get("imagePath") or f"{path.stem}.jpg", "imagePath").replace("\\", "/")
    name = within + (given.rpartition("/")[2] if given.startswith("../") else below_images(given, reading, str(path)))
    sides = (None if content.get(side) in (None, 0) else values.side(content[side], side)
             for side in ("imageWidth", "imageHeight"))  # fmt: skip
    image = LabeledImage(name, *reading.size(LabeledImage(name).name, *sides), where=str(path))
    boxes: list[tuple[str, Box]] = []
    for number, one in enumerate(values.items(content["shapes"], "shapes"), 1):
        with reading.faults.at(f"{path}: shape {number}"):
            shape = values.mapping(one, "shape")
            box = _box(shape, str(path), reading)
            if box is not None:
                boxes.append((values.text(values.of(shape, "label"), "label"), box))
    return image, boxes


def _box(shape: Mapping[str, Any], where: str, reading: Reading) -> Box | None:
    kind = values.text(shape.get("shape_type") or "polygon", "shape_type")
    pairs = [values.items(pair, "points") for pair in values.items(values.of(shape, "points"), "points")]
    points = [values.number(side, "points") for pair in pairs for side in pair]
    attributes = values.attributes(shape.get("flags"))
    if kind == "rectangle":
        return Box(*around(points), attributes=attributes)
    if kind == "circle" and len(points) == 4:
        x, y, *edge = points
        far = math.dist((x, y), edge)
        reading.tally.add("circles read as the boxes around them", where)
        return Box(x - far, y - far, x + far, y + far, attributes=attributes)
    if kind == "polygon":
        reading.tally.add("polygons read as the boxes around them", where)
        return Box(*around(points), attributes=attributes)
    reading.tally.add(f"shapes of the kind {kind[:40]} left out", where)
    return None
