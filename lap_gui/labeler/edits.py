"""What can be done to a box, as arithmetic on whole px. No files, no windows."""

from collections.abc import Sequence
from typing import Final

from lap_assets.core.box import Box

Size = tuple[int, int]
Point = tuple[float, float]

MIN_SIDE: Final = 3
"""A box is at least so wide and high, in px of the image (less only where the image is smaller)."""


def drawn(start: Point, end: Point, size: Size) -> Box | None:
    """The box between two points, within an image of `size`; None where it would be too small to be meant."""
    xs, ys = sorted((start[0], end[0])), sorted((start[1], end[1]))
    xmin, ymin = _held(xs[0], size[0]), _held(ys[0], size[1])
    xmax, ymax = _held(xs[1], size[0]), _held(ys[1], size[1])
    if xmax - xmin < MIN_SIDE or ymax - ymin < MIN_SIDE:
        return None
    return Box(xmin, ymin, xmax, ymax)


def moved(box: Box, dx: float, dy: float, size: Size) -> Box:
    """The whole box moved by px, as far as the image's edges let it; it keeps its size."""
    x = round(max(0, min(box.xmin + dx, size[0] - box.width)))
    y = round(max(0, min(box.ymin + dy, size[1] - box.height)))
    return box.with_corners(x, y, x + box.width, y + box.height)


def within(box: Box, size: Size) -> Box | None:
    """The box on whole px within the image, with its class or score; None where nothing of it is left to see."""
    whole = drawn((box.xmin, box.ymin), (box.xmax, box.ymax), size)
    return None if whole is None else box.with_corners(*whole.corners)


def pasted(box: Box, others: Sequence[Box], size: Size) -> Box | None:
    """The box within an image, moved aside where an equal one is there; None where there is no room for it."""
    found = within(box, size)
    while found is not None and found in others:
        aside = moved(found, 10, 10, size)
        found = None if aside == found else aside
    return found


def top_to_bottom(boxes: Sequence[Box]) -> list[int]:
    """The order in which Tab goes through boxes: by ymin, then xmin."""
    return sorted(range(len(boxes)), key=lambda index: (boxes[index].ymin, boxes[index].xmin))


def box_at(boxes: Sequence[Box], point: Point) -> int | None:
    """The smallest box that holds the point."""
    holding = [(box.area, index) for index, box in enumerate(boxes) if box.contains(*point)]
    return min(holding)[1] if holding else None


def _held(value: float, most: int) -> int:
    return max(0, min(round(value), most))
