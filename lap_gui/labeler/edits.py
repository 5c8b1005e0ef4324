"""Operations on a box, as arithmetic on whole px. No files, no windows."""

from collections.abc import Sequence
from typing import Final

from lap_assets.core.box import Box

Size = tuple[int, int]
Point = tuple[float, float]

MIN_SIDE: Final = 3
"""Least width and height of a box, in px of the image (less only if the image is smaller)."""


def drawn(start: Point, end: Point, size: Size) -> Box | None:
    """Return the box between two points, within an image of `size`; None if it is too small to be intended."""
    xs, ys = sorted((start[0], end[0])), sorted((start[1], end[1]))
    xmin, ymin = _held(xs[0], size[0]), _held(ys[0], size[1])
    xmax, ymax = _held(xs[1], size[0]), _held(ys[1], size[1])
    if xmax - xmin < MIN_SIDE or ymax - ymin < MIN_SIDE:
        return None
    return Box(xmin, ymin, xmax, ymax)


def moved(box: Box, dx: float, dy: float, size: Size) -> Box:
    """Return the box moved by px within the image; it keeps its size."""
    x = round(max(0, min(box.xmin + dx, size[0] - box.width)))
    y = round(max(0, min(box.ymin + dy, size[1] - box.height)))
    return box.with_corners(x, y, x + box.width, y + box.height)


def within(box: Box, size: Size) -> Box | None:
    """Return the box on whole px within the image, with its class or score; None if nothing of it is left."""
    whole = drawn((box.xmin, box.ymin), (box.xmax, box.ymax), size)
    return None if whole is None else box.with_corners(*whole.corners)


def pasted(box: Box, others: Sequence[Box], size: Size) -> Box | None:
    """Return the box within an image, moved aside if an equal one exists; None if there is no room."""
    found = within(box, size)
    while found is not None and found in others:
        aside = moved(found, 10, 10, size)
        found = None if aside == found else aside
    return found


def top_to_bottom(boxes: Sequence[Box]) -> list[int]:
    """Return the order in which Tab selects boxes: by ymin, then xmin."""
    return sorted(range(len(boxes)), key=lambda index: (boxes[index].ymin, boxes[index].xmin))


def box_at(boxes: Sequence[Box], point: Point) -> int | None:
    """Return the smallest box that contains the point."""
    holding = [(box.area, index) for index, box in enumerate(boxes) if box.contains(*point)]
    return min(holding)[1] if holding else None


def _held(value: float, most: int) -> int:
    return max(0, min(round(value), most))
