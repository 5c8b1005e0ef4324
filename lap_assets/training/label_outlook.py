"""How far the labeling is, and how long the rest takes by stated costs of a person's actions. Arithmetic alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from lap_assets.core.box import iou
from lap_assets.training.label_reliability import ImageBoxes, score_of
from lap_assets.training.looks import SUGGESTED


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a person needs: to look at an image and decide, to draw or mend a box."""

    look: float = 1.5
    box: float = 3.5


@dataclass(frozen=True, slots=True)
class LabelOutlook:
    """One kind of labels.

    Attributes:
        images: All. reviewed: Those that a person vouches for. boxes: The boxes on these.
        suggested: Of these boxes, those that a suggestion (score from .3) meets at an IoU of .5; None where there are
            no suggestions or no boxes. false: Suggestions on reviewed images that meet none.
        seconds_by_hand, seconds_left: For the images that are left, without and with suggestions; None while nothing is
            reviewed.
    """

    images: int
    reviewed: int
    boxes: int
    suggested: int | None
    false: int | None
    seconds_by_hand: float | None
    seconds_left: float | None

    @property
    def left(self) -> int:
        """Images that nobody reviewed."""
        return self.images - self.reviewed


def label_outlook(images: Sequence[ImageBoxes], pace: Pace) -> LabelOutlook:
    """How the labeling stands; what is left is taken to be like what was reviewed."""
    reviewed = [image for image in images if image.is_reviewed]
    boxes = sum(len(image.labeled) for image in reviewed)
    has_suggestions = any(image.suggested for image in images)
    met, false = (sum(part) for part in zip(*map(_met, reviewed), strict=True)) if reviewed else (0, 0)
    left = len(images) - len(reviewed)
    by_hand = with_suggestions = None
    if reviewed:
        of_left = left / len(reviewed)
        by_hand = left * pace.look + boxes * of_left * pace.box
        mended = (boxes - met + false) * of_left if has_suggestions else boxes * of_left
        with_suggestions = left * pace.look + mended * pace.box
    is_measured = has_suggestions and bool(boxes)
    return LabelOutlook(
        len(images), len(reviewed), boxes, met if is_measured else None, false if is_measured else None, by_hand,
        with_suggestions,
    )  # fmt: skip


def _met(image: ImageBoxes) -> tuple[int, int]:
    """How many boxes a suggestion meets, and how many suggestions meet none."""
    open_boxes = list(image.labeled)
    false = 0
    for suggestion in image.certain:
        if score_of(suggestion) < SUGGESTED:
            continue
        best = max(open_boxes, key=lambda box: iou(suggestion, box), default=None)
        if best is not None and iou(suggestion, best) >= 0.5:
            open_boxes.remove(best)
        else:
            false += 1
    return len(image.labeled) - len(open_boxes), false
