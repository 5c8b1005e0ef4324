"""Reading labelme's JSON, one file per image: rectangles, and bounding boxes of polygons and circles."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.formats.polygons import around, on_picture
from lap_assets.labels.image_sizes import ENDINGS
from lap_assets.labels.reading import Reading

_OUTLINES: Final = {
    "polygon": "polygons", "oriented_rectangle": "rotated boxes", "rotation": "rotated boxes",
    "quadrilateral": "polygons",
}  # fmt: skip


def read(path: Path, reading: Reading) -> Annotations:
    """Read a file, or all files in a folder.

    Raises:
        LabelFileError: there are no files.
    """
    paths = with_ending(path, ".json") if path.is_dir() else [path]
    if not paths:
        raise LabelFileError(f"{path}: it has no JSON files")
    found: list[Named] = []
    for one in paths:
        with reading.faults.at(str(one)):
            within = one.parent.relative_to(path).as_posix() if path.is_dir() else "."
            found.append(_image(one, "" if within == "." else f"{within}/", reading))
    if path.is_dir():
        labeled = {one.with_suffix("") for one in paths} | {path / image.name.rpartition(".")[0] for image, _ in found}
        pictures = [one for one in with_ending(path, *ENDINGS) if one.with_suffix("") not in labeled]
        reading.tally.add("pictures without a label file left out", str(next(iter(pictures), path)), len(pictures))
    return numbered(found)


def _image(path: Path, within: str, reading: Reading) -> Named:
    content = values.mapping(parsed(path), "the file")
    if "shapes" not in content:
        raise InputError("not a labelme file: it has no shapes")
    given = values.text(content.get("imagePath") or f"{path.stem}.jpg", "imagePath").replace("\\", "/")
    name = within + (given.rpartition("/")[2] if given.startswith("../") else below_images(given, reading, str(path)))
    sides = (None if content.get(side) in (None, 0) else values.side(content[side], side)
             for side in ("imageWidth", "imageHeight"))  # fmt: skip
    image = LabeledImage(name, *reading.size(LabeledImage(name).name, *sides), where=str(path))
    is_flagged = any(values.mapping(content.get("flags") or {}, "flags").values())
    reading.tally.add("flags of images left out", str(path), is_flagged)
    boxes: list[tuple[str, Box]] = []
    for number, one in enumerate(values.items(content["shapes"], "shapes"), 1):
        with reading.faults.at(f"{path}: shape {number}"):
            shape = values.mapping(one, "shape")
            box = _box(shape, image.size, str(path), reading)
            if box is not None:
                boxes.append((values.name(values.of(shape, "label"), "label"), box))
    return image, boxes


def _box(shape: Mapping[str, Any], size: tuple[int, int], where: str, reading: Reading) -> Box | None:
    kind = values.text(shape.get("shape_type") or "polygon", "shape_type")
    pairs = [values.items(pair, "points") for pair in values.items(values.of(shape, "points"), "points")]
    points = [values.number(side, "points") for pair in pairs for side in pair]
    attributes = values.attributes(shape.get("flags"))
    is_more = shape.get("group_id") is not None or bool(shape.get("description"))
    reading.tally.add("groups and descriptions of shapes left out", where, is_more)
    if kind == "rectangle":
        return Box(*around(points), attributes=attributes)
    if kind == "circle" and len(points) == 4:
        x, y, *edge = points
        far = math.dist((x, y), edge)
        reading.tally.add("circles read as the boxes around them", where)
        corners = on_picture((x - far, y - far, x + far, y + far), size, reading, where)
        return Box(*corners, attributes=attributes)
    if kind in _OUTLINES:
        reading.tally.add(f"{_OUTLINES[kind]} read as the boxes around them", where)
        return Box(*on_picture(around(points), size, reading, where), attributes=attributes)
    reading.tally.add(f"shapes of the kind {kind[:40]} left out", where)
    return None
