"""The box type: a position on an image, a class, and a model's confidence. Only the standard library.

Label files, tables and detectors' arrays are converted to `Box` where they are read, and from it where they are
written. `labels.box_text` has the text form in label files.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from lap_assets.core.errors import BoxInvalid
from lap_assets.core.precision import LABEL_DECIMALS

FARTHEST: Final = 1e9
"""The largest absolute coordinate in px: whole numbers up to it are exact in every file and table."""
LARGEST_CLASS: Final = 999_999_999

Corners = tuple[float, float, float, float]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box in px of its image, from its top left corner (xmin, ymin) to its bottom right one (xmax, ymax).

    Attributes:
        class_id: Number of the class; None if it has none.
        score: A detection's confidence, 0 to 1; None for a box taken as ground truth.
        ignore: Counts neither as a hit nor as a mistake, and is not used for training.
        crowd: Covers many objects; several detections may match it.
        attributes: Other values by name, sorted.

    Raises:
        BoxInvalid: a coordinate is not finite or beyond `FARTHEST`, the corners are swapped, the score is outside 0 to
            1, or the class outside 0 to `LARGEST_CLASS`.
    """

    xmin: float
    ymin: float
    xmax: float
    ymax: float
    class_id: int | None = None
    score: float | None = None
    ignore: bool = False
    crowd: bool = False
    attributes: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, self.corners)):
            raise BoxInvalid(f"invalid box {shown(self.corners)}: not all coordinates are numbers")
        if max(map(abs, self.corners)) > FARTHEST:
            raise BoxInvalid(f"invalid box {shown(self.corners)}: a coordinate is beyond {FARTHEST:,.0f} px")
        if self.class_id is not None and not 0 <= self.class_id <= LARGEST_CLASS:
            raise BoxInvalid(f"invalid class {self.class_id}: expected 0 to {LARGEST_CLASS:,}")
        if self.xmax < self.xmin or self.ymax < self.ymin:
            raise BoxInvalid(f"invalid box {shown(self.corners)}: xmax < xmin or ymax < ymin")
        if self.score is not None:
            if not 0 <= self.score <= 1:
                raise BoxInvalid(f"invalid score {self.score:.10g}: expected 0 to 1")
            object.__setattr__(self, "score", float(self.score))
        for name, side in zip(("xmin", "ymin", "xmax", "ymax"), self.corners, strict=True):
            object.__setattr__(self, name, round(float(side), LABEL_DECIMALS) + 0.0)
        object.__setattr__(self, "attributes", tuple(sorted(self.attributes)))

    @property
    def corners(self) -> Corners:
        """The tuple xmin, ymin, xmax, ymax."""
        return self.xmin, self.ymin, self.xmax, self.ymax

    @property
    def width(self) -> float:
        """In px."""
        return round(self.xmax - self.xmin, LABEL_DECIMALS)

    @property
    def height(self) -> float:
        """In px."""
        return round(self.ymax - self.ymin, LABEL_DECIMALS)

    @property
    def area(self) -> float:
        """In px²."""
        return self.width * self.height

    def with_corners(self, xmin: float, ymin: float, xmax: float, ymax: float) -> Self:
        """Return this box with other corners."""
        return replace(self, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax)

    def with_class(self, class_id: int | None) -> Self:
        """Return this box with another class (None: no class) and without a score, since a person has checked it."""
        return replace(self, class_id=class_id, score=None)

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point is inside the box or on its edge."""
        return self.xmin <= x <= self.xmax and self.ymin <= y <= self.ymax


def clipped(corners: Corners, width: float, height: float) -> Corners | None:
    """Return corners clipped to an image of this size; None if nothing is left."""
    xmin, xmax = (min(max(side, 0.0), width) for side in corners[::2])
    ymin, ymax = (min(max(side, 0.0), height) for side in corners[1::2])
    return (xmin, ymin, xmax, ymax) if xmin < xmax and ymin < ymax else None


def iou(one: Box, other: Box) -> float:
    """Return the intersection over union of two boxes, 0 to 1. (For arrays: `lap_assets.labels.matching.iou`.)"""
    width = min(one.xmax, other.xmax) - max(one.xmin, other.xmin)
    height = min(one.ymax, other.ymax) - max(one.ymin, other.ymin)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one.area + other.area - width * height)


def in_order(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Return boxes sorted by their corners, as in label files; the sort is stable."""
    return tuple(sorted(boxes, key=lambda box: box.corners))


def shown(corners: Iterable[float]) -> str:
    """Return corners as text for a message."""
    return " ".join(f"{side:.10g}" for side in corners)


def shortest(side: float) -> str:
    """Return a coordinate as text for a file, without a fraction if it is whole."""
    return str(int(side)) if side == int(side) else repr(side)
