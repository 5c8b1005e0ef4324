"""The objects of a Pascal VOC annotation: names, boxes, and the additional fields of LAP, CVAT and datumaro."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Final

from lap_assets.core.box import Box, Value
from lap_assets.core.errors import InputError
from lap_assets.core.json_text import parse_json
from lap_assets.labels import values
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.formats.voc_text import CLASSES, SIDES
from lap_assets.labels.formats.xml_text import text_at
from lap_assets.labels.reading import Reading

_MARKS: Final = ("truncated", "occluded")
"""Flags of an object that become attributes."""
_NO_POSE: Final = ("", "Unspecified")
_SHAPES: Final = ("bndbox", "polygon", "robndbox")
Objects = list[tuple[str, ET.Element]]


def objects_of(root: ET.Element, reading: Reading, where: str) -> Objects:
    """Return the objects with their names; shapes outside objects are counted."""
    objects = [one for one in root.iter() if one.tag.lower() == "object"]
    known = {id(shape) for one in objects for holder in (one, *one.iter("part")) for shape in holder.findall("*")}
    others = sum(shape.tag in _SHAPES and id(shape) not in known for shape in root.iter())
    others += sum(max(0, len(one.findall("bndbox")) - 1) for one in objects)
    reading.tally.add("shapes outside of objects left out", where, others)
    return [(_name(one), one) for one in objects]


def _name(one: ET.Element) -> str:
    name = text_at(one, "name")
    if not name:
        raise InputError("an object has an empty name")
    return name


def boxes_of(one: ET.Element, name: str, ids: Mapping[str, int | None], reading: Reading, where: str) -> list[Box]:
    """Return the box of an object; empty if it has another shape, which is counted."""
    if one.find("part") is not None:
        reading.tally.add("parts of objects left out", where)
    corners = _corners(one, reading, where)
    if corners is None:
        return []
    score = one.findtext("score")
    attributes: dict[str, Value] = {mark: 1 for mark in _MARKS if values.flag(one.findtext(mark), mark)}
    pose = (one.findtext("pose") or "").strip()
    attributes |= {"pose": pose} if pose not in _NO_POSE else {}
    for pair in one.iter("attribute"):
        attributes |= values.attributes({text_at(pair, "name"): _value(text_at(pair, "value"))})
    box = Box(
        *corners, _class_id(one, name, ids),
        score=None if score is None else values.number(score, "score"),
        ignore=values.flag(one.findtext("difficult"), "difficult"),
        crowd=values.flag(one.findtext("crowd"), "crowd"),
        attributes=tuple(attributes.items()),
    )  # fmt: skip
    return [box]


def _corners(one: ET.Element, reading: Reading, where: str) -> tuple[float, float, float, float] | None:
    polygon = one.find("polygon")
    if one.find("bndbox") is None and polygon is not None:
        points = [(number(point, "x"), number(point, "y")) for point in polygon.findall("pt")]
        reading.tally.add("polygons read as the boxes around them", where)
        return around([side for point in points for side in point])
    if one.find("bndbox") is None and one.find("robndbox") is not None:
        reading.tally.add("rotated boxes left out", where)
        return None
    xmin, ymin, xmax, ymax = (number(one, f"bndbox/{side}") for side in SIDES)
    return xmin, ymin, xmax, ymax


def number(element: ET.Element, path: str) -> float:
    """Return the number in a child element."""
    return values.number(text_at(element, path), path.rpartition("/")[2])


def _value(text: str) -> object:
    """Return an attribute's value: from JSON (LAP), or plain text (CVAT)."""
    try:
        value = parse_json(text)
    except InputError:
        return text
    return text if value is None or isinstance(value, list | dict) else value


def _class_id(one: ET.Element, name: str, ids: Mapping[str, int | None]) -> int | None:
    own = one.findtext("class_id")
    if own is not None:
        return None if not own.strip() else values.whole(own, "class_id")
    if name not in ids:
        raise InputError(f"there is no class {name!r} in {CLASSES}")
    return ids[name]
