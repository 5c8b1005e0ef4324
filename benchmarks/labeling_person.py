"""A simulated person who labels images, knows the truth, and needs a given time for each action.

The person's actions on one image, with or without suggestions, and their time belong here. Suggestions are in
`labeling`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from lap_assets.core.box import Box, iou

MET = 0.5
"""The IoU from which a suggestion is accepted unchanged."""


@dataclass(frozen=True, slots=True)
class PersonCosts:
    """Seconds per action: look at an image and decide; draw or correct a box; press a class key."""

    look: float = 1.5
    box: float = 3.5
    key: float = 1.0


@dataclass(frozen=True, slots=True)
class LabelWork:
    """Actions on a number of images, and the value of suggestions there.

    `drawn`: boxes without a suggestion; `removed`: false suggestions; `keys`: classes set by hand, one per box without
    the right class. `boxes`: true boxes; `met`: true boxes suggested at an IoU of `MET`; `right`: those among them with
    the right class.
    """

    images: int = 0
    boxes: int = 0
    met: int = 0
    right: int = 0
    drawn: int = 0
    removed: int = 0
    keys: int = 0

    def __add__(self, other: "LabelWork") -> "LabelWork":
        return LabelWork(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    @property
    def actions(self) -> float:
        """Drawn boxes, removed boxes and class keys per image, without the key that ends the image."""
        return (self.drawn + self.removed + self.keys) / max(1, self.images)

    def seconds(self, costs: PersonCosts) -> float:
        """Return a person's mean time per image, in seconds."""
        boxes = (self.drawn + self.removed) * costs.box
        return costs.look + (boxes + self.keys * costs.key) / max(1, self.images)


def labeled(truth: Sequence[Box], suggested: Iterable[Box], *, with_classes: bool = True) -> LabelWork:
    """Return the work on one image: suggestions are accepted at once, then false ones removed, missing ones drawn."""
    open_boxes, removed, right, met = list(truth), 0, 0, 0
    for box in sorted(suggested, key=lambda box: -(box.score or 1)):
        best = max(open_boxes, key=lambda one: iou(one, box), default=None)
        if best is None or iou(best, box) < MET:
            removed += 1
            continue
        open_boxes.remove(best)
        met += 1
        right += box.class_id is not None and box.class_id == best.class_id
    keys = len(truth) - right if with_classes else 0
    return LabelWork(1, len(truth), met, right, len(open_boxes), removed, keys)


def all_labeled(images: Iterable[tuple[Sequence[Box], Sequence[Box]]], *, with_classes: bool = True) -> LabelWork:
    """Return the work on several images, each given as true and suggested boxes."""
    total = LabelWork()
    for truth, suggested in images:
        total += labeled(truth, suggested, with_classes=with_classes)
    return total
