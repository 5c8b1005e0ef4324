"""What can be done to a box, as arithmetic on whole px. No files, no windows."""

from collections.abc import Sequence
from typing import Final, Literal

from lap_assets.core.labels.lap_format import Box

Corner = Literal["top left", "bottom right"]
Size = tuple[int, int]
Point = tuple[float, float]

MIN_SIDE: Final = 3
"""A box is at least so wide and high, in px of the image (less only where the image is smaller)."""


def drawn(start: Point, end: Point, size: Size) -> Box | None:
    """The box between two points, within an image of `size`; None where it would be too small to be meant."""
    xs, ys = sorted((start[0], end[0])), sorted((start[1], end[1]))
    x1, y1 = _held(xs[0], size[0]), _held(ys[0], size[1])
    x2, y2 = _held(xs[1], size[0]), _held(ys[1], size[1])
    if x2 - x1 < MIN_SIDE or y2 - y1 < MIN_SIDE:
        return None
    return Box(x1, y1, x2, y2)


def corner_to(box: Box, corner: Corner, point: Point, size: Size) -> Box:
    """The box with a corner elsewhere: within the image, and never nearer to the other corner than `MIN_SIDE`."""
    x, y = _held(point[0], size[0]), _held(point[1], size[1])
    if corner == "top left":
        return box.at(
            max(0, min(x, box.x2 - MIN_SIDE)), max(0, min(y, box.y2 - MIN_SIDE)), max(box.x2, min(MIN_SIDE, size[0])),
            max(box.y2, min(MIN_SIDE, size[1])),
        )  # fmt: skip
    return box.at(
        min(box.x1, max(0, size[0] - MIN_SIDE)), min(box.y1, max(0, size[1] - MIN_SIDE)),
        min(size[0], max(x, box.x1 + MIN_SIDE)), min(size[1], max(y, box.y1 + MIN_SIDE)),
    )  # fmt: skip


def corner_by(box: Box, corner: Corner, dx: int, dy: int, size: Size) -> Box:
    """The box with a corner moved by px."""
    x, y = (box.x1, box.y1) if corner == "top left" else (box.x2, box.y2)
    return corner_to(box, corner, (x + dx, y + dy), size)


def moved(box: Box, dx: float, dy: float, size: Size) -> Box:
    """The whole box moved by px, as far as the image's edges let it; it keeps its size."""
    wide, high = box.x2 - box.x1, box.y2 - box.y1
    x, y = round(max(0, min(box.x1 + dx, size[0] - wide))), round(max(0, min(box.y1 + dy, size[1] - high)))
    return box.at(x, y, x + wide, y + high)


def within(box: Box, size: Size) -> Box | None:
    """The box on whole px within the image, with its class or score; None where nothing of it is left to see."""
    made = drawn((box.x1, box.y1), (box.x2, box.y2), size)
    return None if made is None else Box(*made.corners, box.fifth)


def top_to_bottom(boxes: Sequence[Box]) -> list[int]:
    """The order in which Tab goes through boxes: by y1, then x1."""
    return sorted(range(len(boxes)), key=lambda index: (boxes[index].y1, boxes[index].x1))


def corner_at(boxes: Sequence[Box], point: Point, reach: float) -> tuple[int, Corner] | None:
    """The nearest corner of a box within `reach` px of the image; of equally near ones the smaller box's."""
    found = [
        (max(abs(x - point[0]), abs(y - point[1])), area(box), index, corner)
        for index, box in enumerate(boxes)
        for corner, x, y in (("top left", box.x1, box.y1), ("bottom right", box.x2, box.y2))
        if max(abs(x - point[0]), abs(y - point[1])) <= reach
    ]
    if not found:
        return None
    _, _, index, corner = min(found)
    return index, "top left" if corner == "top left" else "bottom right"


def box_at(boxes: Sequence[Box], point: Point) -> int | None:
    """The smallest box that holds the point."""
    holding = [
        (area(box), index)
        for index, box in enumerate(boxes)
        if box.x1 <= point[0] <= box.x2 and box.y1 <= point[1] <= box.y2
    ]
    return min(holding)[1] if holding else None


def area(box: Box) -> float:
    """In px."""
    return (box.x2 - box.x1) * (box.y2 - box.y1)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    wide = min(one.x2, other.x2) - max(one.x1, other.x1)
    high = min(one.y2, other.y2) - max(one.y1, other.y1)
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (area(one) + area(other) - wide * high)


def _held(value: float, most: int) -> int:
    return max(0, min(round(value), most))
