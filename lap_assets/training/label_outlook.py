"""How far the labeling is, and how long the rest takes by stated costs of a person's actions. Arithmetic alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from lap_assets.core.box import iou
from lap_assets.training.label_reliability import ImageBoxes, score_of
from lap_assets.training.looks import SUGGESTED


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a person needs: to look at an image and decide, to draw or mend a box, to press a class key."""

    look: float = 1.5
    box: float = 3.5
    key: float = 1.0


@dataclass(frozen=True, slots=True)
class LabelOutlook:
    """One kind of labels.

    Attributes:
        images: All. reviewed: Those that a person vouches for. boxes: The boxes on these.
        manual, refined: Of the reviewed ones, those without and with suggestions to start from. audited: Those that
            were accepted together after an audit.
        suggested: Of these boxes, those that a suggestion (score from .3) meets at an IoU of .5; None where there are
            no suggestions or no boxes. false: Suggestions on reviewed images that meet none.
        classed: Of the boxes, those with a class. suggested_classes: Of these, those that a suggestion of the same
            class meets; None as above.
        seconds_by_hand, seconds_left: For the images that are left, without and with suggestions; None while nothing is
            reviewed.
    """

    images: int
    reviewed: int
    boxes: int
    suggested: int | None
    false: int | None
    classed: int
    suggested_classes: int | None
    seconds_by_hand: float | None
    seconds_left: float | None
    manual: int
    refined: int
    audited: int

    @property
    def left(self) -> int:
        """Images that nobody reviewed, nor accepted in an audit."""
        return self.images - self.reviewed - self.audited


def label_outlook(images: Sequence[ImageBoxes], pace: Pace) -> LabelOutlook:
    """How the labeling stands; what is left is taken to be like what was reviewed."""
    reviewed = [image for image in images if image.is_reviewed]
    boxes = sum(len(image.labeled) for image in reviewed)
    has_suggestions = any(image.suggested for image in images)
    met, false, told = (sum(part) for part in zip(*map(_met, reviewed), strict=True)) if reviewed else (0, 0, 0)
    classed = sum(box.class_id is not None for image in reviewed for box in image.labeled)
    audited = sum(image.is_audited and not image.is_reviewed for image in images)
    refined = sum(bool(image.suggested) for image in reviewed)
    left = len(images) - len(reviewed) - audited
    by_hand = with_suggestions = None
    if reviewed:
        of_left = left / len(reviewed)
        by_hand = left * pace.look + (boxes * pace.box + classed * pace.key) * of_left
        mended, keys = (boxes - met + false, classed - told) if has_suggestions else (boxes, classed)
        with_suggestions = left * pace.look + (mended * pace.box + keys * pace.key) * of_left
    is_measured = has_suggestions and bool(boxes)
    return LabelOutlook(
        len(images), len(reviewed), boxes, met if is_measured else None, false if is_measured else None, classed,
        told if is_measured else None, by_hand, with_suggestions, len(reviewed) - refined, refined, audited,
    )  # fmt: skip


def _met(image: ImageBoxes) -> tuple[int, int, int]:
    """How many boxes a suggestion meets, how many suggestions meet none, and how many meet one of their class."""
    open_boxes = list(image.labeled)
    false = told = 0
    for suggestion in image.certain:
        if score_of(suggestion) < SUGGESTED:
            continue
        best = max(open_boxes, key=lambda box: iou(suggestion, box), default=None)
        if best is not None and iou(suggestion, best) >= 0.5:
            open_boxes.remove(best)
            told += best.class_id is not None and best.class_id == suggestion.class_id
        else:
            false += 1
    return len(image.labeled) - len(open_boxes), false, told
