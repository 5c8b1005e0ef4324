"""Positions of a group's tiles: columns, sizes, scrolling, as arithmetic. No Tk, no pictures."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Self

CAPTION: Final = 38
"""Px above each picture for its name and facts, on a screen with 96 dots per inch."""
GAP: Final = 16
_SHAPE: Final = 1.42
"""Height of a poster relative to its width."""
_NARROWEST: Final = 190
_SCROLLING: Final = 240
"""Width of tiles in px: at least `_NARROWEST` if all fit in the window, otherwise about `_SCROLLING`."""
_LEAST: Final = 24
"""Least width of a tile in px."""
SCALES: Final = (0.3, 4.0)
RISES: Final = (0.4, 2.5)


@dataclass(frozen=True, slots=True)
class Layout:
    """`count` tiles on a canvas of `size` px. `chosen`: columns that a person chose, 0 for automatic.

    `scale`: width of tiles, 1 as fitted; `rise`: height relative to the width, 1 for a poster's shape.
    `caption`: px above each picture for its name and facts.
    """

    count: int
    size: tuple[int, int]
    chosen: int = 0
    scale: float = 1.0
    rise: float = 1.0
    caption: int = CAPTION

    @property
    def columns(self) -> int:
        """The number of tiles side by side."""
        if self.chosen:
            return max(1, min(self.chosen, self.count, self.size[0] // _LEAST))
        if self.scale == 1.0:
            return _fitting(self.count, self.size, self.caption)[0]
        return max(1, min(self.count, self.size[0] // self.tile[0]))

    @property
    def tile(self) -> tuple[int, int]:
        """Width and height of a tile in px, including its caption and gap."""
        most = self.size[0] // self.columns if self.chosen else self.size[0]
        base = most if self.chosen else _fitting(self.count, self.size, self.caption)[1]
        wide = max(_LEAST, min(most, int(base * self.scale)))
        return wide, int((wide - GAP) * _SHAPE * self.rise) + self.caption + GAP

    @property
    def content(self) -> tuple[int, int]:
        """Width and height of all tiles together."""
        columns = self.columns
        return columns * self.tile[0], -(-self.count // columns) * self.tile[1]

    @property
    def farthest(self) -> int:
        """The largest scroll distance in px."""
        return max(0, self.content[1] - self.size[1])

    def rect(self, index: int, scroll: int) -> tuple[int, int, int, int]:
        """Return the position of a tile on the canvas: x1, y1, x2, y2."""
        (wide, high), (row, column) = self.tile, divmod(index, self.columns)
        x = (self.size[0] - self.content[0]) // 2 + column * wide
        y = max(0, (self.size[1] - self.content[1]) // 2) + row * high - scroll
        return x, y, x + wide, y + high

    def visible(self, scroll: int) -> range:
        """Return the tiles that are at least partly visible."""
        found = [n for n in range(self.count) if self.rect(n, scroll)[3] > 0 and self.rect(n, scroll)[1] < self.size[1]]
        return range(found[0], found[-1] + 1) if found else range(0)

    def first_whole(self, scroll: int) -> int:
        """Return the first tile of the first row that begins on the canvas: digits count from it."""
        return next((n for n in range(0, self.count, self.columns) if self.rect(n, scroll)[1] >= 0), 0)

    def at(self, x: float, y: float, scroll: int) -> int | None:
        """Return the tile at a point of the canvas."""
        for index in self.visible(scroll):
            x1, y1, x2, y2 = self.rect(index, scroll)
            if x1 <= x < x2 and y1 <= y < y2:
                return index
        return None

    def scaled(self, factor: float) -> Self:
        """Return a layout with larger or smaller tiles."""
        return replace(self, scale=_within(self.scale * factor, SCALES))

    def wider(self, factor: float) -> Self:
        """Return a layout with wider or narrower tiles of the same height, within the limits."""
        wide = self.scaled(factor)
        old, new = self.tile[0] - GAP, max(1, wide.tile[0] - GAP)
        return replace(wide, rise=_within(self.rise * old / new, RISES))

    def higher(self, factor: float) -> Self:
        """Return a layout with higher or lower tiles of the same width."""
        return replace(self, rise=_within(self.rise * factor, RISES))

    def with_columns(self, change: int) -> Self:
        """Return a layout with more or fewer columns than now."""
        return replace(self, chosen=max(1, min(self.columns + change, max(1, self.count))), scale=1.0)

    def fitted(self) -> Self:
        """Return the automatic layout."""
        return replace(self, chosen=0, scale=1.0, rise=1.0)

    def on(self, size: tuple[int, int]) -> Self:
        """Return the layout for a canvas of another size."""
        return replace(self, size=size)

    def of(self, count: int) -> Self:
        """Return the layout for another number of tiles."""
        return replace(self, count=count)


@cache
def _fitting(count: int, size: tuple[int, int], caption: int) -> tuple[int, int]:
    """Return the columns and tile width that make the tiles largest with all of them visible, unless too narrow."""
    best = (0, 1)
    for columns in range(1, count + 1):
        room = size[1] // -(-count // columns)
        by_height = int((room - caption - GAP) / _SHAPE) + GAP
        best = max(best, (min(size[0] // columns, by_height), columns))
    if best[0] >= _NARROWEST:
        return best[1], best[0]
    columns = max(1, min(count, size[0] // _SCROLLING))
    return columns, size[0] // columns


def _within(value: float, limits: tuple[float, float]) -> float:
    """Return the value within the limits; values near 1 become 1, so that steps forth and back end where they began."""
    return 1.0 if abs(value - 1) < 0.02 else min(max(value, limits[0]), limits[1])
