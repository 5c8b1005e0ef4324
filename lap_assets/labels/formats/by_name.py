"""Labels whose boxes have class names instead of numbers, as in VOC: the names are numbered."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage

Named = tuple[LabeledImage, Sequence[tuple[str, Box]]]
"""An image without its boxes, and the boxes with the names of their classes."""


def numbered(found: Iterable[Named], order: Sequence[str] = ()) -> Annotations:
    """Number the classes from 1: in `order`, then alphabetically. A single name becomes the thing, without classes."""
    images = list(found)
    names = {name for _, boxes in images for name, _ in boxes}
    listed = [*dict.fromkeys(order), *sorted(names.difference(order))]
    if len(listed) < 2:
        plain = (replace(image, boxes=tuple(box for _, box in boxes)) for image, boxes in images)
        return Annotations(tuple(plain), {}, listed[0] if listed else "object")
    ids = {name: number for number, name in enumerate(listed, 1)}
    classed = (
        replace(image, boxes=tuple(replace(box, class_id=ids[name]) for name, box in boxes)) for image, boxes in images
    )
    return Annotations(tuple(classed), {number: name for name, number in ids.items()}, None)
