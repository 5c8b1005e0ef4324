"""Cutting a picture into tiles that overlap, so that the memory a network takes does not grow with the picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Stretch:
    """Along one axis: what the network is shown, and which part of that is kept. Whole px, ends excluded."""

    shown: tuple[int, int]
    kept: tuple[int, int]


def stretches(length: int, most: int, overlap: int) -> Iterator[Stretch]:
    """Covers `length` px with parts of about equal size, each px kept once; `most` px at most are shown at a time.

    Each part is shown with `overlap` px on both sides, as far as the picture goes.
    """
    parts = 1 if length <= most else ceil(length / (most - 2 * overlap))
    for part in range(parts):
        begin, end = length * part // parts, length * (part + 1) // parts
        yield Stretch((max(0, begin - overlap), min(length, end + overlap)), (begin, end))
