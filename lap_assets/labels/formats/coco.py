"""COCO's JSON of detections: all images, all categories, crowd and ignore fields, and fields of our own for the rest.

A box is `bbox: [x, y, width, height]` in px. Category ids are the classes' own numbers; the category of boxes without
a class is marked `unclassified`. A file of another maker with a single category is read as boxes without a class.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels.faults import Faults, text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_EXTRA: Final = ("reviewed", "tier", "model", "split")  # what COCO has no field for
_DIGITS: Final = 300  # a longer whole number is read as a float, as in other JSON readers


def read(path: Path, images_of: Path | None = None) -> Annotations:
    """The labels of a COCO file; of a bare list of results where `images_of` is the file that its ids belong to.

    Raises:
        LabelFileError: what is wrong, each with the file and the image or annotation.
    """
    parsed = _parsed(path)
    if isinstance(parsed, list):
        if images_of is None:
            raise LabelFileError(f"{path}: a bare list of results; its ids mean nothing without the file of its images")
        others = _parsed(images_of)
        if isinstance(others, list):
            raise LabelFileError(f"{images_of}: a bare list of results, not a file with images")
        parsed = {"images": others["images"], "categories": others.get("categories", []), "annotations": parsed}
    faults = Faults()
    thing, names = _categories(parsed, path)
    boxes = _boxes(parsed, thing, names, path, faults)
    images = []
    for number, image in enumerate(parsed["images"], 1):
        with faults.at(f"{path}: image {_called(image, 'file_name', number)}"):
            images.append(_image(image, boxes, path))
    labels = Annotations(())
    with faults.at(str(path)):
        labels = Annotations(tuple(images), {id: name for id, name in names.items() if id != thing[0]}, thing[1])
    faults.raise_any()
    return labels


def write(labels: Annotations, path: Path) -> None:
    """Writes one file."""
    write_text(path, text(labels))


def text(labels: Annotations) -> str:
    """The file's text: an image or annotation a line. Ids count from 1."""
    annotations: list[dict[str, object]] = []
    images: list[dict[str, object]] = []
    for number, image in enumerate(labels.images, 1):
        width, height = image.size
        extra = {name: getattr(image, name) for name in _EXTRA}
        images.append({"id": number, "file_name": image.name, "width": width, "height": height, **extra})
        for box in image.boxes:
            annotations.append({"id": len(annotations) + 1, "image_id": number, **_fields(box, labels)})
    categories = [
        {"id": id, "name": name, "supercategory": labels.thing, **({"unclassified": True} if n == 0 else {})}
        for n, (id, name) in enumerate(labels.names().items())
    ]
    parts = {"images": images, "annotations": annotations, "categories": categories}
    body = ",\n".join(f'"{name}": [\n{_lines(rows)}\n]' for name, rows in parts.items())
    return f'{{\n"info": {{"description": "boxes of {labels.thing}s, corners in px"}},\n{body}\n}}\n'


def _lines(rows: Sequence[Mapping[str, object]]) -> str:
    return ",\n".join(map(_JSON.encode, rows))


def _fields(box: Box, labels: Annotations) -> dict[str, object]:
    fields: dict[str, object] = {
        "category_id": labels.id_of(box),
        "bbox": [box.xmin, box.ymin, box.width, box.height],
        "area": box.area,
        "iscrowd": int(box.crowd),
        "ignore": int(box.ignore),
    }
    if box.score is not None:
        fields["score"] = box.score
    if box.attributes:
        fields["attributes"] = dict(box.attributes)
    return fields


def _parsed(path: Path) -> Any:
    """The file's JSON: an object with a list of images, or a list of results."""
    content = text_of(path)
    try:
        parsed = json.loads(content, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise LabelFileError(f"{path}:{error.lineno}: not JSON ({error.msg})") from None
    except RecursionError:
        raise LabelFileError(f"{path}: nested too deeply") from None
    if not isinstance(parsed, list) and not (isinstance(parsed, dict) and isinstance(parsed.get("images"), list)):
        raise LabelFileError(f"{path}: not a COCO file: it has no list of images")
    return parsed


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _called(one: object, name: str, number: int) -> object:
    """How a message names an image or an annotation."""
    return one.get(name, number) if isinstance(one, dict) else number


def _categories(parsed: Mapping[str, Any], path: Path) -> tuple[tuple[int | None, str], dict[int, str]]:
    faults = Faults()
    names: dict[int, str] = {}
    thing: tuple[int | None, str] | None = None
    with faults.at(str(path)):
        listed = values.items(parsed.get("categories", []), "categories")
        for number, one in enumerate(listed, 1):
            with faults.at(f"{path}: category {number}"):
                category = values.mapping(one, "category")
                id = values.whole(values.of(category, "id"), "id")
                names[id] = values.text(values.of(category, "name"), "name")
                if category.get("unclassified") or len(listed) == 1:
                    thing = (id, names[id])
    faults.raise_any()
    return thing or (None, "object" if "object" not in names.values() else "any object"), names


def _boxes(
    parsed: Mapping[str, Any], thing: tuple[int | None, str], names: Mapping[int, str], path: Path, faults: Faults
) -> dict[int | str, list[Box]]:
    """The boxes of each image by its id."""
    boxes: dict[int | str, list[Box]] = {}
    for image in parsed["images"]:
        if isinstance(image, dict) and isinstance(image.get("id"), int | str):
            boxes[image["id"]] = []
    with faults.at(str(path)):
        for number, one in enumerate(values.items(parsed.get("annotations", []), "annotations"), 1):
            with faults.at(f"{path}: annotation {_called(one, 'id', number)}"):
                annotation = values.mapping(one, "annotation")
                image_id = values.key(values.of(annotation, "image_id"), "image_id")
                if image_id not in boxes:
                    raise InputError(f"there is no image {image_id}")
                boxes[image_id].append(_box(annotation, thing, names))
    return boxes


def _box(one: Mapping[str, Any], thing: tuple[int | None, str], names: Mapping[int, str]) -> Box:
    category_id = values.whole(values.of(one, "category_id"), "category_id")
    if category_id not in names:
        raise InputError(f"there is no category {category_id}")
    x, y, width, height = values.four(values.of(one, "bbox"), "bbox")
    return Box(
        x, y, x + width, y + height,
        class_id=None if category_id == thing[0] else category_id,
        score=None if one.get("score") is None else values.number(one["score"], "score"),
        ignore=values.flag(one.get("ignore"), "ignore"),
        crowd=values.flag(one.get("iscrowd"), "iscrowd"),
        attributes=values.attributes(one.get("attributes", {})),
    )  # fmt: skip


def _image(one: object, boxes: Mapping[int | str, list[Box]], path: Path) -> LabeledImage:
    image = values.mapping(one, "image")
    name = values.text(values.of(image, "file_name"), "file_name")
    id, reviewed, model = values.key(values.of(image, "id"), "id"), image.get("reviewed"), image.get("model")
    return LabeledImage(
        name,
        values.side(values.of(image, "width"), "width"),
        values.side(values.of(image, "height"), "height"),
        tuple(boxes[id]),
        reviewed=None if reviewed is None else values.flag(reviewed, "reviewed"),
        tier=values.tier(image.get("tier")),
        model=None if model is None else values.text(model, "model"),
        split=values.split(image.get("split")),
        where=f"{path}: image {name}",
    )
