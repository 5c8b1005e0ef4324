"""Bare lists of results from detectors, for evaluation: COCO's, and ultralytics' `predictions.json`.

`image_id` is an id of the truth's images or, in ultralytics' files, the file name without its ending (as a number if it
is one). In the latter case, `category_id` is the class's index in the list of names, from 1 (from 0 in older versions).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage, stem_of
from lap_assets.labels.formats.coco_text import ids_of
from lap_assets.labels.reading import Reading

_Id = TypeVar("_Id", bound="int | str")


def from_results(found: Sequence[Any], path: Path, reading: Reading, truth: Annotations) -> Annotations:
    """Return the boxes of a list on the truth's images."""
    ids = dict(zip(ids_of(truth.images), truth.images, strict=True))
    stems = by_stem(truth.images)
    asked: set[Any] = {one["image_id"] for one in found if isinstance(one, dict) and _is_key(one.get("image_id"))}
    has_names = any(isinstance(one, dict) and "file_name" in one for one in found)
    is_by_stem = has_names or (bool(asked) and not all(_is_in(id, ids) for id in asked))
    by_name = {id: image for id in asked if (image := _called(str(id), stems)) is not None}
    if is_by_stem and not has_names and not by_name:
        is_by_stem = False
    if not is_by_stem and asked and len(by_name) == len(asked):
        others = sum(ids[known_id(id, ids)] is not image for id, image in by_name.items())
        reading.tally.add("image ids that are also names of other images, read as ids", str(path), others)
    index_of = _categories(found, truth, is_by_stem=is_by_stem)
    boxes: dict[str, list[Box]] = {}
    for number, one in enumerate(found, 1):
        with reading.faults.at(f"{path}: annotation {number}"):
            result = values.mapping(one, "annotation")
            image = _image(result, ids, stems, is_by_stem=is_by_stem)
            boxes.setdefault(image.name, []).append(_box(result, truth, index_of))
    images = (replace(image, boxes=tuple(boxes[image.name]), where=str(path)) for image in truth.images
              if image.name in boxes)  # fmt: skip
    return Annotations(tuple(images), truth.classes, truth.thing, truth.thing_number)


def known_id(id: int | str, known: Collection[int | str]) -> int | str:
    """Return the id as in the list of images, which may have a number as text, or the reverse.

    Raises:
        InputError: there is no such image.
    """
    for form in _forms(id):
        if form in known:
            return form
    raise InputError(f"there is no image {id}")


def by_stem(images: Sequence[LabeledImage]) -> dict[str, LabeledImage]:
    """Return images by file name without ending: with and without folders, and without leading zeros if a number.

    Names shared by two images are left out.
    """
    found: dict[str, LabeledImage | None] = {}
    for image in images:
        stem = stem_of(image.name)
        file = stem.rpartition("/")[2]
        for name in {stem, file, str(int(file)) if file.isascii() and file.isdigit() and len(file) < 300 else file}:
            found[name] = image if name not in found else None
    return {name: image for name, image in found.items() if image is not None}


def _is_key(id: object) -> bool:
    return isinstance(id, int | str)


def _forms(id: int | str) -> Iterator[int | str]:
    yield id
    if isinstance(id, str) and id.isascii() and id.isdigit() and len(id) < 16:
        yield int(id)
    elif isinstance(id, int) and abs(id) < 10**16:
        yield str(id)


def _is_in(id: Any, known: Collection[int | str]) -> bool:
    return any(form in known for form in _forms(id))


def _image(
    result: Mapping[str, Any], ids: Mapping[int | str, LabeledImage], stems: Mapping[str, LabeledImage], *,
    is_by_stem: bool,
) -> LabeledImage:  # fmt: skip
    named = result.get("file_name")
    if is_by_stem and named:
        name = values.text(named, "file_name")
    else:
        id = values.key(values.of(result, "image_id"), "image_id")
        if not is_by_stem:
            return ids[known_id(id, ids)]
        name = str(id)
    image = _called(name, stems)
    if image is None:
        raise InputError(f"there is no image {name}")
    return image


def _called(name: str, stems: Mapping[str, LabeledImage]) -> LabeledImage | None:
    """Return the image of a name, with or without its ending and its folders."""
    plain = name.replace("\\", "/")
    forms = (plain, stem_of(plain))
    return next((stems[form] for whole in forms for form in (whole, whole.rpartition("/")[2]) if form in stems), None)


def _categories(found: Sequence[Any], truth: Annotations, *, is_by_stem: bool) -> dict[int, int]:
    """Map each category of the list to the truth's ids."""
    names = list(truth.names())
    if not is_by_stem:
        return {id: id for id in names}
    first = 0 if any(isinstance(one, dict) and one.get("category_id") == 0 for one in found) else 1
    return dict(enumerate(names, first))


def _box(result: Mapping[str, Any], truth: Annotations, index_of: Mapping[int, int]) -> Box:
    category_id = values.whole(values.of(result, "category_id"), "category_id")
    if category_id not in index_of:
        raise InputError(f"there is no category {category_id}")
    id = index_of[category_id]
    x, y, width, height = values.four(values.of(result, "bbox"), "bbox")
    return Box(
        x, y, x + width, y + height,
        class_id=None if truth.thing is not None and id == truth.thing_id else id,
        score=None if result.get("score") is None else values.number(result["score"], "score"),
    )  # fmt: skip
