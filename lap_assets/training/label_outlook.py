"""Progress of the labeling, and the estimated time for the rest, from the time per action of a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from lap_assets.core.box import iou
from lap_assets.training.label_reliability import ImageBoxes, score_of
from lap_assets.training.looks import SUGGESTED


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds per action: look at an image and decide; draw or correct a box; press a class key."""

    look: float = 1.5
    box: float = 3.5
    key: float = 1.0


@dataclass(frozen=True, slots=True)
class LabelOutlook:
    """Outlook for one kind of labels.

    Attributes:
        images: Number of all images. reviewed: Number of reviewed images. boxes: Boxes on reviewed images.
        manual, refined: Reviewed images without and with suggestions to start from. audited: Images accepted together
            after an audit.
        suggested: Boxes that a suggestion (score of .3 or more) matches at an IoU of .5; None without suggestions or
            boxes. false: Suggestions on reviewed images that match no box; None likewise.
        classed: Boxes with a class. suggested_classes: Boxes matched by a suggestion of the same class; None likewise.
        seconds_by_hand, seconds_left: Estimate for the remaining images, without and with suggestions; None while
            nothing is reviewed.
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
        """Images neither reviewed nor accepted in an audit."""
        return self.images - self.reviewed - self.audited


def label_outlook(images: Sequence[ImageBoxes], pace: Pace) -> LabelOutlook:
    """Return the outlook, assuming that the remaining images resemble the reviewed ones."""
    reviewed = [image for image in images if image.is_reviewed]
    boxes = sum(len(image.labeled) for image in reviewed)
    has_suggestions = any(image.suggested for image in images)
    met, false, classes = (sum(part) for part in zip(*map(_met, reviewed), strict=True)) if reviewed else (0, 0, 0)
    classed = sum(box.class_id is not None for image in reviewed for box in image.labeled)
    audited = sum(image.is_audited and not image.is_reviewed for image in images)
    refined = sum(bool(image.suggested) for image in reviewed)
    left = len(images) - len(reviewed) - audited
    by_hand = with_suggestions = None
    if reviewed:
        of_left = left / len(reviewed)
        by_hand = left * pace.look + (boxes * pace.box + classed * pace.key) * of_left
        corrected, keys = (boxes - met + false, classed - classes) if has_suggestions else (boxes, classed)
        with_suggestions = left * pace.look + (corrected * pace.box + keys * pace.key) * of_left
    is_measured = has_suggestions and bool(boxes)
    return LabelOutlook(
        len(images), len(reviewed), boxes, met if is_measured else None, false if is_measured else None, classed,
        classes if is_measured else None, by_hand, with_suggestions, len(reviewed) - refined, refined, audited,
    )  # fmt: skip


def _met(image: ImageBoxes) -> tuple[int, int, int]:
    """Return the numbers of boxes matched by a suggestion, of false suggestions, and of matches with equal class."""
    open_boxes = list(image.labeled)
    false = classes = 0
    for suggestion in image.certain:
        if score_of(suggestion) < SUGGESTED:
            continue
        best = max(open_boxes, key=lambda box: iou(suggestion, box), default=None)
        if best is not None and iou(suggestion, best) >= 0.5:
            open_boxes.remove(best)
            classes += best.class_id is not None and best.class_id == suggestion.class_id
        else:
            false += 1
    return len(image.labeled) - len(open_boxes), false, classes
