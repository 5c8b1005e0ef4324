"""Two pictures in one place, as pixels: what differs, and the split. Pillow alone."""

from typing import Final

from PIL import Image, ImageChops

from lap_gui.shared.pictures import Picture
from lap_gui.shared.rendering import seen
from lap_gui.shared.strips import PicturePart, in_strips
from lap_gui.shared.view import View

Composed = tuple[Image.Image, tuple[int, int]]
_NOISE: Final = 10
"""Differences (of 255) that recompressing makes everywhere: not shown."""
_LOUDER: Final = 4
_TINT: Final = 0.28
"""Green and blue of the red that marks differences, as a part of its red."""
_DIM: Final = [value // 3 for value in range(256)]
_MASK: Final = [min(255, max(0, value - _NOISE) * _LOUDER) for value in range(256)]
_PALE: Final = [int(value * _TINT) for value in range(256)]


def stretched(picture: Picture, view: View, size: tuple[int, int]) -> PicturePart:
    """The part of `picture` that lies where `view` sees the picture it is of, at `size` px: edge lies on edge."""
    x1, y1, x2, y2 = (edge / side for edge, side in zip(view.visible(), view.picture * 2, strict=True))
    fitting = [
        level for level in picture.levels if (x2 - x1) * level.width >= size[0] and (y2 - y1) * level.height >= size[1]
    ]
    source = min(fitting, key=lambda level: level.width, default=picture.levels[0])
    box = (x1 * source.width, y1 * source.height, x2 * source.width, y2 * source.height)
    return PicturePart(source, box, size, view.scale)


def difference(one: Picture, other: Picture, view: View) -> Composed:
    """The first one dim and gray, and in red where the other differs from it by more than recompressing does."""
    first, at = seen(one, view)
    second = stretched(other, view, first.size)
    return in_strips(first.size, lambda top, bottom: _marked(first.strip(top, bottom), second.strip(top, bottom))), at


def split(one: Picture, other: Picture, view: View, edge: float) -> Composed:
    """The first one to the left of the canvas's x `edge`, the other to the right of it."""
    first, at = seen(one, view)
    width = first.size[0]
    cut = min(max(round(edge) - at[0], 0), width)
    whole = Image.new("RGB", first.size)
    if cut > 0:
        whole.paste(first.columns(0, cut).drawn(), (0, 0))
    if cut < width:
        whole.paste(stretched(other, view, first.size).columns(cut, width).drawn(), (cut, 0))
    return whole, at


def _marked(base: Image.Image, other: Image.Image) -> Image.Image:
    apart = ImageChops.difference(base, other)
    mask = apart.convert("L", (0.4, 0.4, 0.4, 0)).point(_MASK)
    dim = base.convert("L").point(_DIM)
    rest = ImageChops.lighter(ImageChops.subtract(dim, mask), mask.point(_PALE))
    return Image.merge("RGB", (ImageChops.lighter(dim, mask), rest, rest))
