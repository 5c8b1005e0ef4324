"""How long the rest will take at the present pace, leaving pauses out. Arithmetic alone."""

import time
from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import Final

PAUSE: Final = 120.0
"""Seconds between two decisions that are a pause, not work."""
_RECENT: Final = 50
_ENOUGH: Final = 5
_KEPT: Final = 60
"""So many of a reviewer's last decisions say how quick they are."""


def seconds_left(moments: Iterable[float], left: int) -> float | None:
    """The time for `left` more decisions: the median of the last ones, pauses left out.

    Args:
        moments: when decisions were made, in seconds, ascending.
        left: how many are to come.

    Returns:
        Seconds; None where there are too few decisions to estimate.
    """
    gaps = [after - before for before, after in pairwise(moments)]
    worked = [gap for gap in gaps if 0 <= gap <= PAUSE][-_RECENT:]
    return median(worked) * left if len(worked) >= _ENOUGH else None


class Pace:
    """When a reviewer decided, of which the last ones say how long the rest takes."""

    def __init__(self, moments: Iterable[float]) -> None:
        self._moments = deque(moments, _KEPT)

    def decided(self) -> None:
        """Something was decided now."""
        self._moments.append(time.time())

    def seconds_for(self, number: int) -> float | None:
        """How long so many decisions take, as far as the last ones tell."""
        return seconds_left(self._moments, number)


def describe(seconds: float | None) -> str:
    """A duration in words; "" for None."""
    if seconds is None:
        return ""
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes:.0f} min"
    return f"about {minutes / 60:.1f} h"
