"""Writing COCO's JSON: one image or annotation per line, with the ids of images and categories from reading."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import AREA, Annotations, LabeledImage

EXTRA: Final = ("reviewed", "tier", "model", "split")
"""Fields of an image that are not part of COCO."""
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def write(labels: Annotations, path: Path) -> None:
    """Write one file."""
    write_text(path, text(labels))


def text(labels: Annotations) -> str:
    """Return the file's text. Images without an id are numbered from 1."""
    annotations: list[dict[str, object]] = []
    images: list[dict[str, object]] = []
    for number, image in zip(ids_of(labels.images), labels.images, strict=True):
        width, height = image.size
        extra = {name: getattr(image, name) for name in EXTRA}
        images.append({"id": number, "file_name": image.name, "width": width, "height": height, **extra})
        for box in image.boxes:
            annotations.append({"id": len(annotations) + 1, "image_id": number, **_fields(box, labels)})
    parts = {"images": images, "annotations": annotations, "categories": _categories(labels)}
    body = ",\n".join(f'"{name}": [\n{_lines(rows)}\n]' for name, rows in parts.items())
    return f'{{\n"info": {{"description": "boxes of {_shown(labels.thing)}s, corners in px"}},\n{body}\n}}\n'


def ids_of(images: Sequence[LabeledImage]) -> list[int | str]:
    """Return an id for each image: its own if all have distinct ids, else its number from 1."""
    own = [image.id for image in images if image.id is not None]
    return own if len(own) == len(set(own)) == len(images) else list(range(1, len(images) + 1))


def _categories(labels: Annotations) -> list[dict[str, object]]:
    of_thing = None if labels.thing is None else labels.thing_id
    above = labels.thing or "object"
    return [
        {"id": id, "name": name, "supercategory": above, **({"unclassified": True} if id == of_thing else {})}
        for id, name in labels.names().items()
    ]


def _shown(thing: str | None) -> str:
    return json.dumps(thing or "object", ensure_ascii=False)[1:-1]


def _lines(rows: Sequence[Mapping[str, object]]) -> str:
    return ",\n".join(map(_JSON.encode, rows))


def _fields(box: Box, labels: Annotations) -> dict[str, object]:
    attributes: dict[str, Any] = dict(box.attributes)
    own = attributes.get(AREA)
    is_area = isinstance(own, int | float) and not isinstance(own, bool)
    fields: dict[str, object] = {
        "category_id": labels.id_of(box),
        "bbox": [box.xmin, box.ymin, box.width, box.height],
        "area": attributes.pop(AREA) if is_area else box.area,
        "iscrowd": int(box.crowd),
        "ignore": int(box.ignore),
    }
    if box.score is not None:
        fields["score"] = box.score
    if attributes:
        fields["attributes"] = attributes
    return fields
