"""Sets to judge a detector by, and labels for formats without scores: nothing in them that no person has seen.

`reviewed`: the images whose boxes people say are complete, every box of one class, the thing itself. `classed`: those
of them in which every box has a class. A machine's boxes are in neither. In YOLO's and VOC's folders, where readers see
no score, a machine's boxes are those with the least score or more.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from lap_assets.labels.annotations import Annotations, LabeledImage

Subset = Literal["reviewed", "classed"]
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


def without_doubtful(best: Annotations, least_score: float) -> Annotations:
    """The labels without a machine's boxes of a lower score."""
    return best.with_boxes(lambda box: box.score is None or box.score >= least_score)
