"""The fifth number of a box, which is a class or a score, and the rules for telling them apart.

A fraction is a score, a whole number a class. Only a plain 0 or 1 is ambiguous, since detectors write a certain score
as `1`. It is a score in a file with a detector's name, or in one with scores and no class above 1. A signed whole
number is always a class (`-1`: none), so a class that would be misread is written `+1`, and a score `1.0`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from sys import intern
from typing import Final

_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_PLAIN: Final = re.compile(r"0*[01]")


def fifths(text: str) -> tuple[str, ...]:
    """Return the fifth numbers of the boxes in a text."""
    parts = [part.split() for part in text.split(",")]
    return tuple(intern(part[4]) for part in parts if len(part) == 5)


def is_whole(fifth: str) -> bool:
    """Return whether it is a whole number."""
    return bool(_WHOLE.fullmatch(fifth))


@lru_cache(10_000)
def is_ambiguous(fifth: str) -> bool:
    """Return whether it is a score in a detector's file but a class in any other."""
    return bool(_PLAIN.fullmatch(fifth))


def are_scores(numbers: Iterable[str]) -> bool:
    """Return whether the fifth numbers of a file are scores, including ambiguous ones."""
    found = False
    for fifth in set(numbers):
        if not is_whole(fifth):
            found = True
        elif not is_ambiguous(fifth) and not fifth.startswith("+"):
            return False
    return found
