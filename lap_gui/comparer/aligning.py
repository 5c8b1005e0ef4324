"""Finds one picture in another: a crop, another scale, a mirror image. Pillow only.

The search uses small gray copies: a coarse search over scales and positions, then each edge on finer grids. The cost is
the mean squared difference over the variance, in the area that both pictures cover.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import inf
from typing import Final

from PIL import Image, ImageChops, ImageOps, ImageStat

from lap_gui.shared.pictures import Picture

_COARSE: Final = 32
_FINE: Final = (64, 128, 256)
"""The longer side of each grid in px."""
_POLISHING: Final = 600
_SCALES: Final = [1.1**power for power in range(-7, 8)]
_LEAST_SHARE: Final = 0.5
"""At least this share of the smaller picture must lie in the other one."""
_LARGER: Final = 0.03
"""Cost of a position without any common area: among equal positions, the one with more common area wins."""
_GOOD: Final = 0.2
"""Pictures with a higher cost do not show the same thing; unrelated ones cost about 1."""
_BETTER: Final = 0.7
"""Pictures are compared edge to edge unless another position costs at most this share."""
_WORTH_IT: Final = 0.002
"""Cost caused by recompressing and rounding."""
_SQUARES: Final = [value * value for value in range(256)]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The edges of the other picture in the first one, as fractions of its sides; `mirrored`: left and right swap."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0
    mirrored: bool = False

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    def moved(self, by: tuple[float, float, float, float]) -> "Alignment":
        """Return the alignment with each edge moved."""
        left, top, right, bottom = (edge + step for edge, step in zip(self.edges, by, strict=True))
        return Alignment(left, top, right, bottom, self.mirrored)


EDGE_ON_EDGE: Final = Alignment()
_MOVES: Final = [
    *(tuple(sign * (side == edge) for side in range(4)) for edge, sign in product(range(4), (1, -1))),
    *((sign, 0, sign, 0) for sign in (1, -1)), *((0, sign, 0, sign) for sign in (1, -1)),
    *((sign, sign, -sign, -sign) for sign in (1, -1)),
]  # fmt: skip
"""Moves of one edge, of the whole picture sideways or vertically, and of all edges outward or inward."""


def find_alignment(one: Picture, other: Picture) -> Alignment:
    """Return the position of `other` in `one`; edge to edge if nothing fits clearly better."""
    grids = {size: _Grid(_small(one, size), _small(other, size)) for size in (_COARSE, *_FINE)}
    start = grids[_COARSE]
    finest = grids[_FINE[-1]]
    if finest.cost(EDGE_ON_EDGE) < _WORTH_IT:
        return EDGE_ON_EDGE
    plain = _refined(grids, EDGE_ON_EDGE)
    if finest.cost(plain) < _GOOD / 4:
        return _polished(one, other, _chosen(finest, plain))
    found = [
        alignment for mirrored in (False, True) for alignment in start.starts(one.size, other.size, mirrored=mirrored)
    ]
    best = sorted(found, key=start.cost)[:6]
    refined = [plain, *(_refined(grids, alignment) for alignment in best)]
    return _polished(one, other, _chosen(finest, min(refined, key=finest.cost)))


def _chosen(grid: "_Grid", found: Alignment) -> Alignment:
    plain = grid.cost(EDGE_ON_EDGE)
    fits = grid.cost(found) < min(_GOOD, _BETTER * plain, plain - _WORTH_IT)
    return found if fits else EDGE_ON_EDGE


def _polished(one: Picture, other: Picture, found: Alignment) -> Alignment:
    """Refine an alignment to a fraction of a screen px."""
    if found == EDGE_ON_EDGE:
        return found
    grid = _Grid(_small(one, _POLISHING), _small(other, _POLISHING))
    return _settled(grid, _settled(grid, found, 0.5 / _POLISHING), 0.2 / _POLISHING)


def _refined(grids: dict[int, "_Grid"], alignment: Alignment) -> Alignment:
    """Move the edges on finer and finer grids while the cost falls."""
    for size, part in ((_FINE[0], 2.0), (_FINE[0], 1.0), (_FINE[1], 1.0), (_FINE[2], 1.0), (_FINE[2], 0.5)):
        alignment = _settled(grids[size], alignment, part / size)
    return alignment


def _settled(grid: "_Grid", alignment: Alignment, step: float) -> Alignment:
    """Move the edges in steps while the cost falls."""
    best, is_better = grid.cost(alignment), True
    while is_better:
        tried = [alignment.moved(tuple(step * by for by in move)) for move in _MOVES]  # type: ignore[arg-type]
        cost, found = min((grid.cost(one), number) for number, one in enumerate(tried))
        is_better = cost < best - 1e-6
        if is_better:
            best, alignment = cost, tried[found]
    return alignment


class _Grid:
    """Small gray copies of both pictures, and the cost of any alignment."""

    def __init__(self, one: Image.Image, other: Image.Image) -> None:
        self._one, self._others = one, (other, ImageOps.mirror(other))

    def cost(self, alignment: Alignment) -> float:
        """Return the difference in the common area as a share of the variance; infinite if that area is too small."""
        wide, high = self._one.size
        left, top = max(0, round(alignment.left * wide)), max(0, round(alignment.top * high))
        right, bottom = min(wide, round(alignment.right * wide)), min(high, round(alignment.bottom * high))
        across, down = (alignment.right - alignment.left) * wide, (alignment.bottom - alignment.top) * high
        if right - left < 4 or bottom - top < 4 or across <= 0 or down <= 0:
            return inf
        share = (right - left) * (bottom - top) / min(wide * high, across * down)
        if share < _LEAST_SHARE:
            return inf
        other = self._others[alignment.mirrored]
        by = other.width / across, other.height / down
        x, y = alignment.left * wide, alignment.top * high
        box = (
            max(0.0, (left - x) * by[0]), max(0.0, (top - y) * by[1]),
            min(float(other.width), (right - x) * by[0]), min(float(other.height), (bottom - y) * by[1]),
        )  # fmt: skip
        mine = self._one.crop((left, top, right, bottom))
        theirs = other.resize(mine.size, Image.Resampling.BILINEAR, box=box)
        counts = ImageChops.difference(mine, theirs).histogram()
        variance: float = sum(ImageStat.Stat(part).var[0] for part in (mine, theirs)) + 1.0
        squares = sum(square * count for square, count in zip(_SQUARES, counts, strict=True))
        return squares / (mine.width * mine.height) / variance + _LARGER * (1 - share)

    def starts(self, one: tuple[int, int], other: tuple[int, int], *, mirrored: bool) -> Iterator[Alignment]:
        """Yield alignments to start from: the other picture at many scales, with its shape kept, at many positions."""
        fit = (one[0] * one[1] / (other[0] * other[1])) ** 0.5
        for scale in _SCALES:
            wide, high = other[0] * fit * scale / one[0], other[1] * fit * scale / one[1]
            for x, y in product(_offsets(wide), _offsets(high)):
                yield Alignment(x, y, x + wide, y + high, mirrored)


def _offsets(size: float) -> list[float]:
    """Return start positions along a side for a picture that takes `size` of it.

    Most of the smaller picture then overlaps the larger one.
    """
    low, high = sorted((0.0, 1.0 - size))
    low, high = low - 0.15, high + 0.15
    steps = max(2, round((high - low) * _COARSE / 2))
    return [low + (high - low) * number / steps for number in range(steps + 1)]


def _small(picture: Picture, longer: int) -> Image.Image:
    """Return a gray copy within `longer` px, with normalized brightness and contrast."""
    source = next((level for level in reversed(picture.levels) if max(level.size) >= longer), picture.levels[0])
    by = longer / max(source.size)
    size = (max(4, round(source.width * by)), max(4, round(source.height * by)))
    gray = source.convert("L").resize(size, Image.Resampling.BOX)
    stat = ImageStat.Stat(gray)
    gain = 50 / max(stat.stddev[0], 5.0)
    return gray.point([min(255, max(0, round(128 + (value - stat.mean[0]) * gain))) for value in range(256)])


def mirrored(picture: Picture) -> Picture:
    """Return the mirror image."""
    return replace(picture, levels=tuple(ImageOps.mirror(level) for level in picture.levels))
