"""The size order of posters, which determines the one of two that is kept.

The better copy is kept: damaged files come last; then fidelity decides (`fidelity`), then more pixels, more bytes, and
the earlier name. Without measurements, or if the settings prefer the larger one, pixels decide first. The rules, the
resolution of circles, the candidate lists and the tools all use this order.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from lap_assets.core.verdicts.fidelity import Aspect, Fidelity, deciding

Side = Literal["first", "second"]
Reason = Aspect | Literal["pixels", "bytes", "name"]
SizeKey = tuple[int, int, int, str]
"""Sorts the largest poster first."""


class PosterSize(NamedTuple):
    """The inputs of the size order: name, width times height in px, file size in bytes, and measurements."""

    name: str
    pixels: int
    bytes: int
    fidelity: Fidelity | None = None

    @property
    def key(self) -> SizeKey:
        """The sort key in the size order."""
        return (-self._rank, -self.pixels, -self.bytes, self.name)

    @property
    def _rank(self) -> int:
        return 0 if self.fidelity is None else self.fidelity.rank(self.pixels)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of two posters is larger, and the reason."""

    larger: Side
    by: Reason

    @property
    def smaller(self) -> Side:
        """The smaller poster."""
        return "second" if self.larger == "first" else "first"


def compare_sizes(first: PosterSize, second: PosterSize) -> Comparison:
    """Compare two posters by the size order; by size alone unless both were measured."""
    if first.fidelity is None or second.fidelity is None:
        first, second = first._replace(fidelity=None), second._replace(fidelity=None)
    larger: Side = "first" if first.key < second.key else "second"
    better, worse = (first, second) if larger == "first" else (second, first)
    if better.fidelity and worse.fidelity and better.key[0] != worse.key[0]:
        return Comparison(larger, deciding(better.fidelity.parts(better.pixels), worse.fidelity.parts(worse.pixels)))
    if first.pixels != second.pixels:
        return Comparison(larger, "pixels")
    return Comparison(larger, "bytes" if first.bytes != second.bytes else "name")
