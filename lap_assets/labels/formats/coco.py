"""Reading COCO's JSON for detection: all images, all categories, crowd and ignore fields, and LAP's own fields.

A box is `bbox: [x, y, width, height]` in px. Ids of images and categories are kept. The category of boxes without a
class is marked `unclassified`; if another program's file has a single category, its boxes get no class. Masks and
keypoints are left out and counted, except that a polygon without `bbox` becomes its bounding box; an `area` that is not
width times height is kept, because COCO's size ranges use it.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import AREA, TIERS, Annotations, LabeledImage
from lap_assets.labels.formats.coco_text import text, write
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.formats.polygons import around
from lap_assets.labels.formats.results import from_results, known_id
from lap_assets.labels.reading import Reading

__all__ = ["read", "text", "write"]

_DROPPED: Final = {"segmentation": "masks left out", "keypoints": "sets of keypoints left out"}
_OF_IMAGES: Final = ("license", "coco_url", "flickr_url", "date_captured")
_EXACT: Final = 1e-3  # px²: other writers round areas
Ids = dict[int | str, list[Box]]


def read(path: Path, reading: Reading) -> Annotations:
    """Read a COCO file, or a bare list of results if `reading.truth` has the labels for its ids.

    Raises:
        LabelFileError: it is not a COCO file.
    """
    found = parsed(path)
    if isinstance(found, list):
        if reading.truth is None:
            raise LabelFileError(f"{path}: a bare list of results; its ids need the COCO file of their images")
        return from_results(found, path, reading, reading.truth)
    if not (isinstance(found, dict) and isinstance(found.get("images"), list)):
        raise LabelFileError(f"{path}: not a COCO file: it has no list of images")
    reading.tally.add("lists of licences left out", str(path), bool(found.get("licenses")))
    thing, names = _categories(found, path, reading)
    boxes = _boxes(found, thing, names, path, reading)
    images = []
    for number, one in enumerate(found["images"], 1):
        where = f"{path}: image {_called(one, 'file_name', number)}"
        with reading.faults.at(where):
            image = _image(one, where, reading)
            if image.id not in boxes:  # an earlier image has the same id
                raise InputError(f"image id {image.id!r} occurs twice")
            images.append(_with_boxes(image, boxes))
    classes = {id: name for id, name in names.items() if id != thing[0]}
    return Annotations(tuple(images), classes, thing[1], thing_number=thing[0])


def _with_boxes(image: LabeledImage, boxes: Ids) -> LabeledImage:
    own = boxes.pop(image.id) if image.id is not None else []
    return LabeledImage(
        image.name, image.width, image.height, tuple(own), image.reviewed, image.tier, image.model, image.split,
        where=image.where, id=image.id,
    )  # fmt: skip


def _called(one: object, name: str, number: int) -> object:
    """Return the name of an image or annotation for messages."""
    return one.get(name, number) if isinstance(one, dict) else number


def _categories(
    found: Mapping[str, Any], path: Path, reading: Reading
) -> tuple[tuple[int | None, str | None], dict[int, str]]:
    """Return the id and name of the category of boxes without a class (None if there is none), and all names by id."""
    names: dict[int, str] = {}
    thing: tuple[int | None, str | None] | None = None
    with reading.faults.at(str(path)):
        listed = values.items(found.get("categories") or [], "categories")
        for number, one in enumerate(listed, 1):
            with reading.faults.at(f"{path}: category {number}"):
                category = values.mapping(one, "category")
                id = values.whole(values.of(category, "id"), "id")
                name = values.text(values.of(category, "name"), "name")
                if id in names:
                    raise InputError(f"category id {id} occurs twice ({names[id]!r} and {name!r})")
                names[id] = name
                if category.get("unclassified") or len(listed) == 1:
                    thing = (id, name)
    return thing or (None, None if names else "object"), names


def _boxes(
    found: Mapping[str, Any], thing: tuple[int | None, str | None], names: Mapping[int, str], path: Path,
    reading: Reading,
) -> Ids:  # fmt: skip
    """Return the boxes of each image by its id."""
    boxes: Ids = {}
    for image in found["images"]:
        if isinstance(image, dict):
            with suppress(InputError):  # reported when the image is read
                boxes[values.key(image.get("id"), "id")] = []
    with reading.faults.at(str(path)):
        for number, one in enumerate(values.items(found.get("annotations") or [], "annotations"), 1):
            where = f"{path}: annotation {_called(one, 'id', number)}"
            with reading.faults.at(where):
                annotation = values.mapping(one, "annotation")
                image_id = known_id(values.key(values.of(annotation, "image_id"), "image_id"), boxes)
                boxes[image_id].append(_box(annotation, thing, names, where, reading))
    return boxes


def _box(
    one: Mapping[str, Any], thing: tuple[int | None, str | None], names: Mapping[int, str], where: str, reading: Reading
) -> Box:
    category_id = values.whole(values.of(one, "category_id"), "category_id")
    if category_id not in names:
        raise InputError(f"there is no category {category_id}")
    x, y, width, height = _bbox(one, where, reading)
    attributes = values.attributes(one.get("attributes"))
    for field, what in _DROPPED.items():
        if one.get(field):
            reading.tally.add(what, where)
    box = Box(
        x, y, x + width, y + height,
        class_id=None if category_id == thing[0] else category_id,
        score=None if one.get("score") is None else values.number(one["score"], "score"),
        ignore=values.flag(one.get("ignore"), "ignore"),
        crowd=values.flag(one.get("iscrowd"), "iscrowd"),
        attributes=attributes,
    )  # fmt: skip
    return _with_area(box, one.get("area"))


def _with_area(box: Box, area: object) -> Box:
    if area is None or abs(values.number(area, "area") - box.area) <= _EXACT or dict(box.attributes).get(AREA):
        return box
    return Box(*box.corners, box.class_id, box.score, box.ignore, box.crowd,
               (*box.attributes, (AREA, values.number(area, "area"))))  # fmt: skip


def _bbox(one: Mapping[str, Any], where: str, reading: Reading) -> tuple[float, float, float, float]:
    polygons = one.get("segmentation")
    if not one.get("bbox") and isinstance(polygons, list) and polygons and all(isinstance(p, list) for p in polygons):
        points = [values.number(side, "segmentation") for polygon in polygons for side in polygon]
        xmin, ymin, xmax, ymax = around(points)
        reading.tally.add("polygons without a box, read as the box around them", where)
        return xmin, ymin, xmax - xmin, ymax - ymin
    return values.four(values.of(one, "bbox"), "bbox")


def _image(one: object, where: str, reading: Reading) -> LabeledImage:
    image = values.mapping(one, "image")
    reading.tally.add("licences, addresses and dates of images left out", where, any(map(image.get, _OF_IMAGES)))
    name = below_images(values.text(values.of(image, "file_name"), "file_name"), reading, where)
    plain = LabeledImage(name)
    width, height = (None if image.get(side) in (None, 0) else values.side(image[side], side)
                     for side in ("width", "height"))  # fmt: skip
    if not (width and height) and reading.images is None and reading.sizes is None:
        values.side(values.of(image, "width" if not width else "height"), "width" if not width else "height")
    width, height = reading.size(plain.name, width, height)
    reviewed, tier, model, split = (image.get(field) for field in ("reviewed", "tier", "model", "split"))
    if split is not None and values.split(split) is None:
        reading.tally.add("splits with an unknown name left out", where)
    is_ours = (tier is None or tier in TIERS) and (model is None or isinstance(model, str))
    if not is_ours:
        reading.tally.add("fields tier and model with another meaning left out", where)
    return LabeledImage(
        name, width, height,
        reviewed=None if reviewed is None else values.flag(reviewed, "reviewed"),
        tier=tier if is_ours else None,
        model=model if is_ours else None,
        split=values.split(split),
        where=where,
        id=values.key(values.of(image, "id"), "id"),
    )  # fmt: skip
