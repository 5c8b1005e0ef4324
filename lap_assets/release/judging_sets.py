"""Sets to judge a detector by, and labels for formats without scores: nothing in them that no person has seen.

`reviewed`: the images whose boxes people say are complete, every box of one class, the thing itself. `classed`: those
of them in which every box has a class. A machine's boxes are in neither. `with_regions` is for detections on all
images: where no person says that the boxes are complete, the image is a region that counts as neither found nor missed.

In YOLO's and VOC's folders, where readers see no score, a machine's boxes are those with the least score or more.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage

Subset = Literal["reviewed", "classed"]
REGION: Final = "region"
"""The attribute of a box that stands for a whole image."""
SUBSETS: Final[tuple[Subset, ...]] = ("reviewed", "classed")


def is_classed(image: LabeledImage) -> bool:
    """Whether a person has reviewed an image with boxes, and every box has a class."""
    return bool(image.reviewed and image.boxes) and all(box.class_id is not None for box in image.boxes)


def subsets(best: Annotations) -> Iterator[tuple[Subset, Annotations]]:
    """The sets of a kind that have images."""
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
    """All images, of one class, to judge detections on all of them; a machine's boxes are not in it.

    What nobody has reviewed is a crowd as large as its image: COCO's evaluation ignores it, and detections in it. What
    a person has drawn there already is to be found.
    """
    return Annotations(tuple(map(_with_region, best.images)), {}, best.thing)


def _with_region(image: LabeledImage) -> LabeledImage:
    width, height = image.size
    is_drawn = image.reviewed or image.tier == "manual"
    boxes = tuple(box if box.class_id is None else box.with_class(None) for box in image.boxes) if is_drawn else ()
    region = Box(0, 0, width, height, ignore=True, crowd=True, attributes=((REGION, "not reviewed"),))
    return replace(image, boxes=boxes if image.reviewed else (*boxes, region))


def without_doubtful(best: Annotations, least_score: float) -> Annotations:
    """The labels without a machine's boxes of a lower score."""
    return best.with_boxes(lambda box: box.score is None or box.score >= least_score)
