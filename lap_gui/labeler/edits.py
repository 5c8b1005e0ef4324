"""What can be done to a box, as arithmetic on whole px. No files, no windows."""

from collections.abc import Sequence
from typing import Final, Literal

from lap_assets.core.box import Box

Corner = Literal["top left", "bottom right"]
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


def corner_to(box: Box, corner: Corner, point: Point, size: Size) -> Box:
    """The box with a corner elsewhere: within the image, and never nearer to the other corner than `MIN_SIDE`."""
    x, y = _held(point[0], size[0]), _held(point[1], size[1])
    if corner == "top left":
        return box.with_corners(
            max(0, min(x, box.xmax - MIN_SIDE)), max(0, min(y, box.ymax - MIN_SIDE)),
            max(box.xmax, min(MIN_SIDE, size[0])), max(box.ymax, min(MIN_SIDE, size[1])),
        )  # fmt: skip
    return box.with_corners(
        min(box.xmin, max(0, size[0] - MIN_SIDE)), min(box.ymin, max(0, size[1] - MIN_SIDE)),
        min(size[0], max(x, box.xmin + MIN_SIDE)), min(size[1], max(y, box.ymin + MIN_SIDE)),
    )  # fmt: skip


def corner_by(box: Box, corner: Corner, dx: int, dy: int, size: Size) -> Box:
    """The box with a corner moved by px."""
    x, y = (box.xmin, box.ymin) if corner == "top left" else (box.xmax, box.ymax)
    return corner_to(box, corner, (x + dx, y + dy), size)


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


def corner_at(boxes: Sequence[Box], point: Point, reach: float) -> tuple[int, Corner] | None:
    """The nearest corner of a box within `reach` px of the image; of equally near ones the smaller box's."""
    found = [
        (max(abs(x - point[0]), abs(y - point[1])), box.area, index, corner)
        for index, box in enumerate(boxes)
        for corner, x, y in (("top left", box.xmin, box.ymin), ("bottom right", box.xmax, box.ymax))
        if max(abs(x - point[0]), abs(y - point[1])) <= reach
    ]
    if not found:
        return None
    _, _, index, corner = min(found)
    return index, "top left" if corner == "top left" else "bottom right"


def box_at(boxes: Sequence[Box], point: Point) -> int | None:
    """The smallest box that holds the point."""
    holding = [(box.area, index) for index, box in enumerate(boxes) if box.contains(*point)]
    return min(holding)[1] if holding else None


def _held(value: float, most: int) -> int:
    return max(0, min(round(value), most))
