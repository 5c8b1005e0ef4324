"""The size order of posters: which of two is kept. More pixels, then more bytes, then the earlier name.

The rules, the resolution of circles, the candidate lists and the tools all ask here.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Side = Literal["first", "second"]
SizeKey = tuple[int, int, str]
"""Sorts the largest poster first."""


class PosterSize(NamedTuple):
    """What the size order looks at: width times height in px, the file's bytes, and the name."""

    name: str
    pixels: int
    bytes: int

    @property
    def key(self) -> SizeKey:
        """Its place in the size order."""
        return (-self.pixels, -self.bytes, self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which of two posters is larger, and what decides it."""

    larger: Side
    by: Literal["pixels", "bytes", "name"]

    @property
    def smaller(self) -> Side:
        """The other one."""
        return "second" if self.larger == "first" else "first"


def compare_sizes(first: PosterSize, second: PosterSize) -> Comparison:
    """Compares two posters by the size order."""
    larger: Side = "first" if first.key < second.key else "second"
    if first.pixels != second.pixels:
        return Comparison(larger, "pixels")
    return Comparison(larger, "bytes" if first.bytes != second.bytes else "name")
