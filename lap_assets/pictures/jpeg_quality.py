"""The quality that a JPEG was saved with, estimated from its quantisation tables.

The IJG library (used by Pillow) scales the two tables of the standard's annex K by the quality; this is inverted here.
Other programs have their own tables; then the nearest quality is returned as an estimate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

# ITU-T T.81, tables K.1 and K.2, row by row.
_LUMINANCE: Final = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMINANCE: Final = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99,
    99, 99, 99, *(99,) * 32,
)  # fmt: skip
Table = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """A quality from 1 to 100; `exact`: the tables are exactly those of that quality."""

    value: int
    exact: bool

    def __str__(self) -> str:
        return str(self.value) if self.exact else f"~{self.value}"


def quality_of(tables: Mapping[int, Sequence[int]]) -> Quality | None:
    """Return the quality of a picture's quantisation tables (row by row, as in Pillow); None without tables."""
    given = [tuple(tables[key]) for key in sorted(tables)[:2] if len(tables[key]) == 64]
    if not given:
        return None
    return _nearest(given[0], given[1] if len(given) > 1 else None)


@cache
def _nearest(luminance: Table, chrominance: Table | None) -> Quality:
    def misses(quality: int) -> int:
        pairs = [(luminance, _LUMINANCE), *([(chrominance, _CHROMINANCE)] if chrominance is not None else [])]
        return sum(
            abs(one - other) for table, base in pairs for one, other in zip(table, _scaled(base, quality), strict=True)
        )

    best = min(range(1, 101), key=misses)
    return Quality(best, misses(best) == 0)


@cache
def _scaled(base: Table, quality: int) -> Table:
    """Return the IJG table of a quality: the base scaled by percent, rounded, within 1 to 255."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return tuple(min(max((value * percent + 50) // 100, 1), 255) for value in base)
