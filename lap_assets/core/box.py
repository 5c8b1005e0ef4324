"""The one box: where something is on an image, what it is, and how sure a model is of it. Standard library alone.

Label files, tables and detectors' arrays are made into `Box` where they are read, and from it where they are written;
how a box stands in a line of a label file is the matter of `labels.box_text`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from lap_assets.core.errors import BoxInvalid
from lap_assets.core.precision import LABEL_DECIMALS

FARTHEST: Final = 1e9
"""The largest coordinate in px, either way: whole numbers of it are exact in every file and table."""
LARGEST_CLASS: Final = 999_999_999

Corners = tuple[float, float, float, float]
Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Box:
    """A box in px of its image, from its top left corner (xmin, ymin) to its bottom right one (xmax, ymax).

    Attributes:
        class_id: Number of its class; None where nobody has given it one.
        score: A detection's confidence, 0 to 1; None for a box that is taken as true.
        ignore: Counts neither as a hit nor as a mistake, and is not learned from.
        crowd: Stands for many objects; several detections may match it.
        attributes: Anything else that is known of it, by name, sorted.

    Raises:
        BoxInvalid: a coordinate is not finite or beyond `FARTHEST`, the corners are swapped, the score is not within
            0 and 1, or the class not within 0 and `LARGEST_CLASS`.
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
        """xmin, ymin, xmax, ymax."""
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
        """This box with other corners."""
        return replace(self, xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax)

    def with_class(self, class_id: int | None) -> Self:
        """This box with another class (None: no class). It has no score then: a person has looked at it."""
        return replace(self, class_id=class_id, score=None)

    def contains(self, x: float, y: float) -> bool:
        """Whether a point lies in it or on its edge."""
        return self.xmin <= x <= self.xmax and self.ymin <= y <= self.ymax


def clipped(corners: Corners, width: float, height: float) -> Corners | None:
    """Corners cut off at the edges of an image; None where nothing is left."""
    xmin, xmax = (min(max(side, 0.0), width) for side in corners[::2])
    ymin, ymax = (min(max(side, 0.0), height) for side in corners[1::2])
    return (xmin, ymin, xmax, ymax) if xmin < xmax and ymin < ymax else None


def iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes, 0 to 1. (Of whole arrays: `lap_assets.labels.matching.iou`.)"""
    width = min(one.xmax, other.xmax) - max(one.xmin, other.xmin)
    height = min(one.ymax, other.ymax) - max(one.ymin, other.ymin)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one.area + other.area - width * height)


def in_order(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes sorted by their corners, as label files have them; equal corners stay in their order."""
    return tuple(sorted(boxes, key=lambda box: box.corners))


def shown(corners: Iterable[float]) -> str:
    """Corners for a message."""
    return " ".join(f"{side:.10g}" for side in corners)


def shortest(side: float) -> str:
    """A coordinate for a file: without a fraction where it is whole."""
    return str(int(side)) if side == int(side) else repr(side)
