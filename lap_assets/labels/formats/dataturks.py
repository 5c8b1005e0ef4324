"""Reading Dataturks' JSON: one line per image, with the corners of each box as fractions of the image."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed_text
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.reading import Reading


def read(path: Path, reading: Reading) -> Annotations:
    """Read a file. A picture whose `annotation` is null was never shown or was skipped, so it is left out."""
    found: list[Named] = []
    for number, line in enumerate(text_of(path).splitlines(), 1):
        if line.strip():
            where = f"{path}:{number}"
            with reading.faults.at(where):
                task = values.mapping(parsed_text(line, path, number - 1), "the line")
                if task.get("annotation") is None:
                    reading.tally.add("unannotated pictures left out", where)
                else:
                    found.append(_image(task, where, reading))
    return numbered(found)


def _image(task: Mapping[str, Any], where: str, reading: Reading) -> Named:
    content = values.text(values.of(task, "content"), "content").split("?")[0]
    name = LabeledImage(below_images(content, reading, where)).name
    listed = [values.mapping(one, "annotation") for one in values.items(task.get("annotation") or [], "annotation")]
    given = next((one for one in listed if one.get("imageWidth")), None)
    sides = (None, None) if given is None else tuple(values.side(values.of(given, f"image{side}"), f"image{side}")
                                                    for side in ("Width", "Height"))  # fmt: skip
    size = reading.size(name, sides[0], sides[1])
    boxes = []
    for one in listed:
        with reading.faults.at(where):
            boxes.append(_box(one, size, where, reading))
    return LabeledImage(name, *size, where=where), boxes


def _box(one: Mapping[str, Any], size: tuple[int, int], where: str, reading: Reading) -> tuple[str, Box]:
    labels = values.of(one, "label")
    names = values.items(labels, "label") if isinstance(labels, list) else [labels]
    if len(names) != 1:
        raise InputError(f"a box has {len(names)} labels, expected one")
    pairs = [values.mapping(point, "points") for point in values.items(values.of(one, "points"), "points")]
    points = [
        values.number(values.of(pair, axis), axis) * side
        for pair in pairs
        for axis, side in zip("xy", size, strict=True)
    ]
    if len(pairs) not in (2, 4):
        reading.tally.add("polygons read as the boxes around them", where)
    return values.name(names[0], "label"), Box(*around(points))
