"""The eight grips of a box: its corners and its edges. Arithmetic only, no windows."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from lap_assets.core.box import Box
from lap_gui.labeler.edits import MIN_SIDE, Point, Size

Grip = Literal["top left", "top", "top right", "right", "bottom right", "bottom", "bottom left", "left"]
Side = Literal[-1, 0, 1]

SIDES: Final[dict[Grip, tuple[Side, Side]]] = {
    "top left": (-1, -1), "top": (0, -1), "top right": (1, -1), "right": (1, 0),
    "bottom right": (1, 1), "bottom": (0, 1), "bottom left": (-1, 1), "left": (-1, 0),
}  # fmt: skip
"""The edges that a grip moves: horizontally (-1: the left one, 1: the right one, 0: none) and vertically."""
_INNER: Final = 0.25
"""Most of a side's length, inward from each edge, that belongs to the edge: the middle of any box stays free."""


def is_corner(grip: Grip) -> bool:
    """Return whether the grip moves two edges."""
    return all(SIDES[grip])


def resized(box: Box, grip: Grip, dx: float, dy: float, size: Size) -> Box:
    """Return the box with only the edges of a grip moved by px.

    The box stays within the image; an edge stops `MIN_SIDE` before the opposite one.
    """
    across, down = SIDES[grip]
    xmin, xmax = _stretched(box.xmin, box.xmax, across, dx, size[0])
    ymin, ymax = _stretched(box.ymin, box.ymax, down, dy, size[1])
    return box.with_corners(xmin, ymin, xmax, ymax)


def moves(grip: Grip, dx: float, dy: float) -> bool:
    """Return whether a grip can move that way at all: the left edge moves neither up nor down."""
    across, down = SIDES[grip]
    return bool((across and dx) or (down and dy))


def place_of(box: Box, grip: Grip) -> Point:
    """Return the position of a grip: a corner, or the middle of an edge."""
    across, down = SIDES[grip]
    return (
        (box.xmin, (box.xmin + box.xmax) / 2, box.xmax)[across + 1],
        (box.ymin, (box.ymin + box.ymax) / 2, box.ymax)[down + 1],
    )


def grip_at(boxes: Sequence[Box], point: Point, reach: float, preferred: int | None = None) -> tuple[int, Grip] | None:
    """Return the box and grip at a point: a corner within `reach` px of the image, or else an edge.

    Among several, the box `preferred` comes first, then the nearest grip, then the smaller box.
    """
    found = [
        (not is_corner(grip), index != preferred, away, box.area, index, grip)
        for index, box in enumerate(boxes)
        for grip, away in _near(box, point, reach)
    ]
    if not found:
        return None
    *_, index, grip = min(found)
    return index, grip


def _near(box: Box, point: Point, reach: float) -> Iterator[tuple[Grip, float]]:
    """Yield the grip of a box near a point, and its distance in px of the image."""
    across, x_away = _edge_near(box.xmin, box.xmax, point[0], reach)
    down, y_away = _edge_near(box.ymin, box.ymax, point[1], reach)
    is_beside = not (
        box.xmin - reach <= point[0] <= box.xmax + reach and box.ymin - reach <= point[1] <= box.ymax + reach
    )
    if not is_beside and (across or down):
        yield next(grip for grip, sides in SIDES.items() if sides == (across, down)), max(x_away, y_away)


def _edge_near(low: float, high: float, at: float, reach: float) -> tuple[Side, float]:
    """Return which of two edges is within reach of a position, and its distance; (0, 0) if neither is."""
    inner = min(reach, _INNER * (high - low))
    if -reach <= at - low <= inner:
        return -1, abs(at - low)
    if -inner <= at - high <= reach:
        return 1, abs(at - high)
    return 0, 0.0


def _stretched(low: float, high: float, side: Side, by: float, most: int) -> tuple[float, float]:
    """Return the two edges with one of them moved; the other gives way only if they are closer than `MIN_SIDE`."""
    least = min(MIN_SIDE, most)
    if side == 0 or by == 0:
        return low, high
    if side < 0:
        high = max(high, least)
        return max(0, min(round(low + by), most, high - least)), high
    low = min(low, most - least)
    return low, min(most, max(round(high + by), 0, low + least))
