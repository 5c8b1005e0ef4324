"""Evaluation sets with people's boxes only, and labels for formats without scores.

`reviewed`: the images whose boxes are complete according to a person, every box of one class, the thing itself.
`classed`: the reviewed images in which every box has a class. Neither has a machine's boxes. `with_regions` is for
detections on all images: an unreviewed image is one ignored region.

YOLO and VOC have no scores, so their folders only include a machine's boxes with the least score or more.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage

Subset = Literal["reviewed", "classed"]
REGION: Final = "region"
"""The attribute of a box that represents a whole image."""
SUBSETS: Final[tuple[Subset, ...]] = ("reviewed", "classed")


def is_classed(image: LabeledImage) -> bool:
    """Return whether a person has reviewed an image with boxes, and every box has a class."""
    return bool(image.reviewed and image.boxes) and all(box.class_id is not None for box in image.boxes)


def subsets(best: Annotations) -> Iterator[tuple[Subset, Annotations]]:
    """Yield the nonempty evaluation sets of a kind."""
    reviewed = best.only(lambda image: bool(image.reviewed))
    plain = (
        replace(image, boxes=tuple(box if box.class_id is None else box.with_class(None) for box in image.boxes))
        for image in reviewed.images
    )
    if reviewed.images:
        yield "reviewed", Annotations(tuple(plain), {}, best.thing)
    classed = reviewed.only(is_classed)
    if classed.images:
        yield "classed", Annotations(classed.images, best.classes, None)


def with_regions(best: Annotations) -> Annotations:
    """Return labels of one class for evaluating detections on all images, without a machine's boxes.

    An unreviewed image gets a crowd region of its full size: COCO's evaluation ignores it and detections in it. Boxes
    that a person has already drawn there still count.
    """
    return Annotations(tuple(map(_with_region, best.images)), {}, best.thing)


def _with_region(image: LabeledImage) -> LabeledImage:
    width, height = image.size
    is_drawn = image.reviewed or image.tier == "manual"
    boxes = tuple(box if box.class_id is None else box.with_class(None) for box in image.boxes) if is_drawn else ()
    region = Box(0, 0, width, height, ignore=True, crowd=True, attributes=((REGION, "not reviewed"),))
    return replace(image, boxes=boxes if image.reviewed else (*boxes, region))


def without_doubtful(best: Annotations, least_score: float) -> Annotations:
    """Return the labels without a machine's boxes below `least_score`."""
    return best.with_boxes(lambda box: box.score is None or box.score >= least_score)
