"""Where one picture lies in another: a crop, another scale, a mirror image. Pillow alone.

Found from small gray copies: a coarse search over scales and places, then the four edges one by one on finer grids.
The measure is the mean square of what differs, over the variance, where both pictures are.
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
"""The longer side of a grid in px."""
_POLISHING: Final = 600
_SCALES: Final = [1.1**power for power in range(-7, 8)]
_LEAST_SHARE: Final = 0.5
"""So much of the smaller picture lies in the other one, at least."""
_LARGER: Final = 0.03
"""What a place without any common part would cost: of equal ones, that with more in common wins."""
_GOOD: Final = 0.2
"""At most this, or the pictures do not show one thing; unrelated ones lie about 1."""
_BETTER: Final = 0.7
"""Edge on edge unless another place differs this much less."""
_WORTH_IT: Final = 0.002
"""What recompressing and rounding make differ."""
_SQUARES: Final = [value * value for value in range(256)]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The edges of the other picture in the first one, as fractions of its sides; `mirrored`: left is right."""

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
        """With each edge moved."""
        left, top, right, bottom = (edge + step for edge, step in zip(self.edges, by, strict=True))
        return Alignment(left, top, right, bottom, self.mirrored)


EDGE_ON_EDGE: Final = Alignment()
_MOVES: Final = [
    *(tuple(sign * (place == edge) for place in range(4)) for edge, sign in product(range(4), (1, -1))),
    *((sign, 0, sign, 0) for sign in (1, -1)), *((0, sign, 0, sign) for sign in (1, -1)),
    *((sign, sign, -sign, -sign) for sign in (1, -1)),
]  # fmt: skip
"""One edge, the whole picture aside or down, all edges out or in."""


def find_alignment(one: Picture, other: Picture) -> Alignment:
    """Where `other` lies in `one`; edge on edge where nothing fits clearly better."""
    grids = {size: _Grid(_small(one, size), _small(other, size)) for size in (_COARSE, *_FINE)}
    start = grids[_COARSE]
    finest = grids[_FINE[-1]]
    if finest.cost(EDGE_ON_EDGE) < _WORTH_IT:
        return EDGE_ON_EDGE
    plain = _refined(grids, EDGE_ON_EDGE)
    if finest.cost(plain) < _GOOD / 4:
        return _polished(one, other, _chosen(finest, plain))
    found = [place for mirrored in (False, True) for place in start.places(one.size, other.size, mirrored=mirrored)]
    best = sorted(found, key=start.cost)[:6]
    refined = [plain, *(_refined(grids, place) for place in best)]
    return _polished(one, other, _chosen(finest, min(refined, key=finest.cost)))


def _chosen(grid: "_Grid", found: Alignment) -> Alignment:
    plain = grid.cost(EDGE_ON_EDGE)
    fits = grid.cost(found) < min(_GOOD, _BETTER * plain, plain - _WORTH_IT)
    return found if fits else EDGE_ON_EDGE


def _polished(one: Picture, other: Picture, found: Alignment) -> Alignment:
    """To parts of a px of the screen."""
    if found == EDGE_ON_EDGE:
        return found
    grid = _Grid(_small(one, _POLISHING), _small(other, _POLISHING))
    return _settled(grid, _settled(grid, found, 0.5 / _POLISHING), 0.2 / _POLISHING)


def _refined(grids: dict[int, "_Grid"], place: Alignment) -> Alignment:
    """The place with its edges moved on finer and finer grids for as long as less differs."""
    for size, part in ((_FINE[0], 2.0), (_FINE[0], 1.0), (_FINE[1], 1.0), (_FINE[2], 1.0), (_FINE[2], 0.5)):
        place = _settled(grids[size], place, part / size)
    return place


def _settled(grid: "_Grid", place: Alignment, step: float) -> Alignment:
    """The place with its edges moved in steps for as long as less differs."""
    best, is_better = grid.cost(place), True
    while is_better:
        tried = [place.moved(tuple(step * by for by in move)) for move in _MOVES]  # type: ignore[arg-type]
        cost, found = min((grid.cost(one), number) for number, one in enumerate(tried))
        is_better = cost < best - 1e-6
        if is_better:
            best, place = cost, tried[found]
    return place


class _Grid:
    """Small gray copies of both pictures, and what differs between them for any place of the other one."""

    def __init__(self, one: Image.Image, other: Image.Image) -> None:
        self._one, self._others = one, (other, ImageOps.mirror(other))

    def cost(self, place: Alignment) -> float:
        """What differs where both are, as a share of the variance; infinite where too little is in common."""
        wide, high = self._one.size
        left, top = max(0, round(place.left * wide)), max(0, round(place.top * high))
        right, bottom = min(wide, round(place.right * wide)), min(high, round(place.bottom * high))
        across, down = (place.right - place.left) * wide, (place.bottom - place.top) * high
        if right - left < 4 or bottom - top < 4 or across <= 0 or down <= 0:
            return inf
        share = (right - left) * (bottom - top) / min(wide * high, across * down)
        if share < _LEAST_SHARE:
            return inf
        other = self._others[place.mirrored]
        by = other.width / across, other.height / down
        x, y = place.left * wide, place.top * high
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

    def places(self, one: tuple[int, int], other: tuple[int, int], *, mirrored: bool) -> Iterator[Alignment]:
        """Places to begin with: the other picture at many scales, its shape kept, at many points."""
        fit = (one[0] * one[1] / (other[0] * other[1])) ** 0.5
        for scale in _SCALES:
            wide, high = other[0] * fit * scale / one[0], other[1] * fit * scale / one[1]
            for x, y in product(_offsets(wide), _offsets(high)):
                yield Alignment(x, y, x + wide, y + high, mirrored)


def _offsets(size: float) -> list[float]:
    """Where the other picture may begin along a side, if it takes `size` of it: as far as most of either is in both."""
    low, high = sorted((0.0, 1.0 - size))
    low, high = low - 0.15, high + 0.15
    steps = max(2, round((high - low) * _COARSE / 2))
    return [low + (high - low) * number / steps for number in range(steps + 1)]


def _small(picture: Picture, longer: int) -> Image.Image:
    """A gray copy within `longer` px, of even brightness and contrast."""
    source = next((level for level in reversed(picture.levels) if max(level.size) >= longer), picture.levels[0])
    by = longer / max(source.size)
    size = (max(4, round(source.width * by)), max(4, round(source.height * by)))
    gray = source.convert("L").resize(size, Image.Resampling.BOX)
    stat = ImageStat.Stat(gray)
    gain = 50 / max(stat.stddev[0], 5.0)
    return gray.point([min(255, max(0, round(128 + (value - stat.mean[0]) * gain))) for value in range(256)])


def mirrored(picture: Picture) -> Picture:
    """The mirror image."""
    return replace(picture, levels=tuple(ImageOps.mirror(level) for level in picture.levels))
