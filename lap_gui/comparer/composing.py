"""Composes two pictures in one place: their difference, and the split. Pillow only."""

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from PIL import Image, ImageChops

from lap_gui.comparer.aligning import EDGE_ON_EDGE, Alignment
from lap_gui.shared.pictures import Picture
from lap_gui.shared.rendering import seen
from lap_gui.shared.strips import PicturePart, in_strips
from lap_gui.shared.view import View

Composed = tuple[Image.Image, tuple[int, int]]
_NOISE: Final = 10
"""Differences (of 255) up to this, which recompressing causes everywhere, are not shown."""
_LOUDER: Final = 4
_HAIR: Final = 1e-6
"""Rounding error in px that is ignored at an edge."""
_TINT: Final = 0.28
"""Green and blue of the red that marks differences, as a share of its red."""
_DIM: Final = [value // 3 for value in range(256)]
_MASK: Final = [min(255, max(0, value - _NOISE) * _LOUDER) for value in range(256)]
_PALE: Final = [int(value * _TINT) for value in range(256)]


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """A part of the other picture, and its rectangle in the first picture's part (x1, y1, x2, y2 in px)."""

    part: PicturePart
    rectangle: tuple[int, int, int, int]


def placed(
    picture: Picture, view: View, size: tuple[int, int], alignment: Alignment = EDGE_ON_EDGE
) -> PlacedPart | None:
    """Return the visible part of `picture` at its place in the picture that `view` shows, as `size` px.

    None if nothing of it is visible.
    """
    x1, y1, x2, y2 = (edge / side for edge, side in zip(view.visible(), view.picture * 2, strict=True))
    across, down = (x2 - x1) / size[0], (y2 - y1) / size[1]
    left, right = _covered(alignment.left, alignment.right, x1, across, size[0])
    top, bottom = _covered(alignment.top, alignment.bottom, y1, down, size[1])
    if right <= left or bottom <= top:
        return None
    edges = (
        _within(x1 + left * across, alignment.left, alignment.right),
        _within(y1 + top * down, alignment.top, alignment.bottom),
        _within(x1 + right * across, alignment.left, alignment.right),
        _within(y1 + bottom * down, alignment.top, alignment.bottom),
    )  # fmt: skip
    wide, high = right - left, bottom - top
    shares = edges[2] - edges[0], edges[3] - edges[1]
    fitting = [
        level for level in picture.levels if shares[0] * level.width >= wide and shares[1] * level.height >= high
    ]
    source = min(fitting, key=lambda level: level.width, default=picture.levels[0])
    box = (edges[0] * source.width, edges[1] * source.height, edges[2] * source.width, edges[3] * source.height)
    return PlacedPart(PicturePart(source, box, (wide, high), view.scale), (left, top, right, bottom))


def difference(one: Picture, other: Picture, view: View, alignment: Alignment = EDGE_ON_EDGE) -> Composed:
    """Return the first picture in dim gray, with red where the other differs by more than recompressing causes.

    Areas that only the first picture covers are not marked.
    """
    first, at = seen(one, view)
    second = placed(other, view, first.size, alignment)
    if second is None:
        return in_strips(first.size, lambda top, bottom: _dimmed(first.strip(top, bottom))), at
    left, top, right, bottom = second.rectangle
    mine, theirs = first.columns(left, right).rows(top, bottom), second.part
    marked = in_strips(mine.size, lambda low, high: _marked(mine.strip(low, high), theirs.strip(low, high)))
    if marked.size == first.size:
        return marked, at
    whole = in_strips(first.size, lambda low, high: _dimmed(first.strip(low, high)))
    whole.paste(marked, (left, top))
    return whole, at


def split(one: Picture, other: Picture, view: View, edge: float, alignment: Alignment = EDGE_ON_EDGE) -> Composed:
    """Return the first picture left of the canvas position `edge`, the other one right of it; black elsewhere."""
    first, at = seen(one, view)
    width = first.size[0]
    cut = min(max(round(edge) - at[0], 0), width)
    whole = Image.new("RGB", first.size)
    if cut > 0:
        whole.paste(first.columns(0, cut).drawn(), (0, 0))
    second = placed(other, view, first.size, alignment)
    if second is not None and cut < second.rectangle[2]:
        left, top, right, _ = second.rectangle
        start = max(left, cut)
        whole.paste(second.part.columns(start - left, right - left).drawn(), (start, top))
    return whole, at


def _covered(low: float, high: float, start: float, by: float, size: int) -> tuple[int, int]:
    """Return the range of px of a side, from `start` in steps of `by`, that lie between two edges."""
    return max(0, ceil((low - start) / by - _HAIR)), min(size, floor((high - start) / by + _HAIR))


def _within(value: float, low: float, high: float) -> float:
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _dimmed(base: Image.Image) -> Image.Image:
    return base.convert("L").point(_DIM).convert("RGB")


def _marked(base: Image.Image, other: Image.Image) -> Image.Image:
    apart = ImageChops.difference(base, other)
    mask = apart.convert("L", (0.4, 0.4, 0.4, 0)).point(_MASK)
    dim = base.convert("L").point(_DIM)
    rest = ImageChops.lighter(ImageChops.subtract(dim, mask), mask.point(_PALE))
    return Image.merge("RGB", (ImageChops.lighter(dim, mask), rest, rest))
