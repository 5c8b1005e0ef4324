"""The size order of posters: which of two is kept.

The better copy is: what is damaged comes last, then what each has kept of the picture decides (`fidelity`), then more
pixels, more bytes, and the earlier name. Where nothing was measured, or the settings want the larger one, pixels decide
first. The rules, the resolution of circles, the candidate lists and the tools all ask here.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from lap_assets.core.verdicts.fidelity import Aspect, Fidelity, deciding

Side = Literal["first", "second"]
Reason = Aspect | Literal["pixels", "bytes", "name"]
SizeKey = tuple[int, int, int, str]
"""Sorts the largest poster first."""


class PosterSize(NamedTuple):
    """What the size order looks at: width times height in px, the file's bytes, the name, and what was measured."""

    name: str
    pixels: int
    bytes: int
    fidelity: Fidelity | None = None

    @property
    def key(self) -> SizeKey:
        """Its place in the size order."""
        return (-self._rank, -self.pixels, -self.bytes, self.name)

    @property
    def _rank(self) -> int:
        return 0 if self.fidelity is None else self.fidelity.rank(self.pixels)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of two posters is larger, and what decides it."""

    larger: Side
    by: Reason

    @property
    def smaller(self) -> Side:
        """The other one."""
        return "second" if self.larger == "first" else "first"


def compare_sizes(first: PosterSize, second: PosterSize) -> Comparison:
    """Compares two posters by the size order. One that was not measured is compared by its size alone."""
    if first.fidelity is None or second.fidelity is None:
        first, second = first._replace(fidelity=None), second._replace(fidelity=None)
    larger: Side = "first" if first.key < second.key else "second"
    better, worse = (first, second) if larger == "first" else (second, first)
    if better.fidelity and worse.fidelity and better.key[0] != worse.key[0]:
        return Comparison(larger, deciding(better.fidelity.parts(better.pixels), worse.fidelity.parts(worse.pixels)))
    if first.pixels != second.pixels:
        return Comparison(larger, "pixels")
    return Comparison(larger, "bytes" if first.bytes != second.bytes else "name")
