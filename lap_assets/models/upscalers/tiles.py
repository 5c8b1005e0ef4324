"""Cutting a picture into overlapping tiles, so that a network's memory does not grow with the picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Stretch:
    """Along one axis: the range shown to the network, and the part of it that is kept. Whole px, ends excluded."""

    shown: tuple[int, int]
    kept: tuple[int, int]


def stretches(length: int, most: int, overlap: int) -> Iterator[Stretch]:
    """Cover `length` px with parts of about equal size; each px is kept once, and at most `most` px are shown at once.

    Each part is shown with `overlap` px on both sides, within the picture.
    """
    parts = 1 if length <= most else ceil(length / (most - 2 * overlap))
    for part in range(parts):
        begin, end = length * part // parts, length * (part + 1) // parts
        yield Stretch((max(0, begin - overlap), min(length, end + overlap)), (begin, end))
