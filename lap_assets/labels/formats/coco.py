"""COCO's JSON of detections: all images, all categories, crowd and ignore fields; what COCO has no word for beside it.

A box is `bbox: [x, y, width, height]` in px. Category ids are the classes' own numbers; the category of boxes without
a class is marked `unclassified`. A file of another maker with a single category is read as boxes without a class.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import SPLITS, TIERS, Annotations, Box, LabeledImage
from lap_assets.labels.faults import Faults, text_of

_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TOLD: Final = ("reviewed", "tier", "model", "split")


def read(path: Path, images_of: Path | None = None) -> Annotations:
    """The labels of a COCO file; of a bare list of results where `images_of` is the file that its ids belong to.

    Raises:
        LabelFileError: what is wrong, each with the file and the image or annotation.
    """
    told = _parsed(path)
    if isinstance(told, list):
        if images_of is None:
            raise LabelFileError(
                [f"{path}: a bare list of results, whose ids mean nothing without the file of its images"]
            )
        others = _parsed(images_of)
        told = {"images": others["images"], "categories": others.get("categories", []), "annotations": told}
    thing, classes = _categories(told.get("categories", []), path)
    faults = Faults()
    boxes: dict[Any, list[Box]] = {image.get("id"): [] for image in told["images"] if isinstance(image, dict)}
    for number, one in enumerate(told.get("annotations", []), 1):
        with faults.noting(f"{path}: annotation {one.get('id', number) if isinstance(one, dict) else number}"):
            if one["image_id"] not in boxes:
                raise ValueError(f"there is no image {one['image_id']}")
            boxes[one["image_id"]].append(_box(one, thing, classes))
    images = []
    for number, image in enumerate(told["images"], 1):
        with faults.noting(f"{path}: image {image.get('file_name', number) if isinstance(image, dict) else number}"):
            images.append(_image(image, tuple(boxes[image["id"]]), f"{path}: image {image['file_name']}"))
    faults.complain()
    return Annotations(tuple(images), {id: name for id, name in classes.items() if id != thing[0]}, thing[1])


def write(labels: Annotations, path: Path) -> None:
    """Writes one file."""
    write_text(path, text(labels))


def text(labels: Annotations) -> str:
    """The file's text: an image or annotation a line. Ids count from 1."""
    annotations: list[dict[str, object]] = []
    images: list[dict[str, object]] = []
    for number, image in enumerate(labels.images, 1):
        width, height = image.size
        told = {name: getattr(image, name) for name in _TOLD}
        images.append({"id": number, "file_name": image.name, "width": width, "height": height, **told})
        for box in image.boxes:
            annotations.append({"id": len(annotations) + 1, "image_id": number, **_told(box, labels.thing_id)})
    categories = [
        {"id": id, "name": name, "supercategory": labels.thing, **({"unclassified": True} if n == 0 else {})}
        for n, (id, name) in enumerate(labels.names().items())
    ]
    parts = {"images": images, "annotations": annotations, "categories": categories}
    body = ",\n".join(f'"{name}": [\n{_lines(rows)}\n]' for name, rows in parts.items())
    return f'{{\n"info": {{"description": "boxes of {labels.thing}s, corners in px"}},\n{body}\n}}\n'


def _lines(rows: Sequence[Mapping[str, object]]) -> str:
    return ",\n".join(map(_JSON.encode, rows))


def _told(box: Box, thing_id: int) -> dict[str, object]:
    told: dict[str, object] = {
        "category_id": thing_id if box.category is None else box.category,
        "bbox": [box.x0, box.y0, box.width, box.height],
        "area": box.width * box.height,
        "iscrowd": int(box.crowd),
        "ignore": int(box.ignore),
    }
    if box.score is not None:
        told["score"] = box.score
    if box.attributes:
        told["attributes"] = dict(box.attributes)
    return told


def _parsed(path: Path) -> Any:
    try:
        told = json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise LabelFileError([f"{path}:{error.lineno}: not JSON ({error.msg})"]) from None
    except RecursionError:
        raise LabelFileError([f"{path}: nested too deeply"]) from None
    if not isinstance(told, list) and not (isinstance(told, dict) and isinstance(told.get("images"), list)):
        raise LabelFileError([f"{path}: no COCO file: it has no list of images"])
    return told


def _categories(told: Any, path: Path) -> tuple[tuple[int | None, str], dict[int, str]]:
    faults = Faults()
    names: dict[int, str] = {}
    thing: tuple[int | None, str] | None = None
    for number, one in enumerate(told, 1):
        with faults.noting(f"{path}: category {number}"):
            names[int(one["id"])] = str(one["name"])
            if one.get("unclassified") or len(told) == 1:
                thing = (int(one["id"]), str(one["name"]))
    faults.complain()
    return thing or (None, "object" if "object" not in names.values() else "any object"), names


def _box(one: Mapping[str, Any], thing: tuple[int | None, str], names: Mapping[int, str]) -> Box:
    if one["category_id"] not in names:
        raise ValueError(f"there is no category {one['category_id']}")
    if len(one["bbox"]) != 4:
        raise ValueError(f"bbox takes 4 numbers, not {len(one['bbox'])}")
    x, y, width, height = (float(side) for side in one["bbox"])
    return Box(
        x, y, x + width, y + height,
        category=None if one["category_id"] == thing[0] else int(one["category_id"]),
        score=None if one.get("score") is None else float(one["score"]),
        ignore=bool(one.get("ignore", 0)),
        crowd=bool(one.get("iscrowd", 0)),
        attributes=tuple(one.get("attributes", {}).items()),
    )  # fmt: skip


def _image(told: Mapping[str, Any], boxes: tuple[Box, ...], where: str) -> LabeledImage:
    tier, split = told.get("tier"), told.get("split")
    if tier not in (None, *TIERS) or split not in (None, *SPLITS):
        raise ValueError(f"tier {tier!r} or split {split!r} is none that there is")
    reviewed = told.get("reviewed")
    return LabeledImage(
        str(told["file_name"]), int(told["width"]), int(told["height"]), boxes,
        reviewed=None if reviewed is None else bool(reviewed), tier=tier, model=told.get("model"), split=split,
        where=where,
    )  # fmt: skip
