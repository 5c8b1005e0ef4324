"""Draws parts of pictures on all cores: one window's pixels in strips, each in its own thread. Pillow only."""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from PIL import Image

_STRIPS: Final = min(os.cpu_count() or 1, 8)
_WORTH_IT: Final = 100_000
"""With fewer px (about 2 ms of work), threads cost more than they save."""
_EXACT_FROM: Final = 3
"""From this enlargement on, pixels are shown without smoothing."""


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part of a picture at the size at which it is shown.

    `box`: its edges in px of `source`, x1, y1, x2, y2. `size`: width and height in px of the screen. `scale`: px of the
    screen per px of the whole picture.
    """

    source: Image.Image
    box: tuple[float, float, float, float]
    size: tuple[int, int]
    scale: float

    def drawn(self) -> Image.Image:
        """Return the part drawn: as one `Image.resize` would, to within one brightness level."""
        return in_strips(self.size, self.strip)

    def columns(self, left: int, right: int) -> "PicturePart":
        """Return only the columns from `left` to `right`."""
        x1, y1, x2, y2 = self.box
        by = (x2 - x1) / self.size[0]
        return replace(self, box=(x1 + left * by, y1, min(x1 + right * by, x2), y2), size=(right - left, self.size[1]))

    def rows(self, top: int, bottom: int) -> "PicturePart":
        """Return only the rows from `top` to `bottom`."""
        x1, y1, x2, y2 = self.box
        by = (y2 - y1) / self.size[1]
        return replace(self, box=(x1, y1 + top * by, x2, min(y1 + bottom * by, y2)), size=(self.size[0], bottom - top))

    def strip(self, top: int, bottom: int) -> Image.Image:
        """Draw the rows from `top` to `bottom`; black if the box is empty."""
        x1, y1, x2, y2 = self.box
        by = (y2 - y1) / self.size[1]
        box = (x1, y1 + top * by, x2, min(y1 + bottom * by, y2))
        size = (self.size[0], bottom - top)
        if box[2] <= box[0] or box[3] <= box[1]:
            return Image.new(self.source.mode, size)
        how = Image.Resampling.NEAREST if self.scale >= _EXACT_FROM else Image.Resampling.BILINEAR
        return self.source.resize(size, how, box=box)


def in_strips(size: tuple[int, int], draw: Callable[[int, int], Image.Image]) -> Image.Image:
    """Join the images that `draw` makes for strips of rows (from, to). `draw` runs in several threads at once."""
    if size[0] * size[1] < _WORTH_IT or _STRIPS == 1:
        return draw(0, size[1])
    edges = [round(size[1] * number / _STRIPS) for number in range(_STRIPS + 1)]
    others = [(top, _pool().submit(draw, top, bottom)) for top, bottom in itertools.pairwise(edges[1:])]
    first = draw(0, edges[1])
    whole = Image.new(first.mode, size)
    whole.paste(first, (0, 0))
    for top, strip in others:
        whole.paste(strip.result(), (0, top))
    return whole


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_STRIPS - 1, thread_name_prefix="strips")
