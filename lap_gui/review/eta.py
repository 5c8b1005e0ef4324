"""Estimates the remaining time at the current pace, without pauses. Arithmetic only."""

import time
from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from statistics import median
from typing import Final

PAUSE: Final = 120.0
"""Seconds between two decisions from which on the gap counts as a pause."""
_RECENT: Final = 50
_ENOUGH: Final = 5
_KEPT: Final = 60
"""How many of a reviewer's last decisions determine the pace."""


def seconds_left(moments: Iterable[float], left: int) -> float | None:
    """Estimate the time for `left` more decisions: the median of the last gaps, without pauses.

    Args:
        moments: when decisions were made, in seconds, ascending.
        left: how many are to come.

    Returns:
        Seconds; None if there are too few decisions for an estimate.
    """
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    worked = [gap for gap in gaps if 0 <= gap <= PAUSE][-_RECENT:]
    return median(worked) * left if len(worked) >= _ENOUGH else None


class Pace:
    """The times of a reviewer's decisions, from which the remaining time is estimated."""

    def __init__(self, moments: Iterable[float]) -> None:
        self._moments = deque(moments, _KEPT)

    def decided(self) -> None:
        """Record a decision made now."""
        self._moments.append(time.time())

    def seconds_for(self, number: int) -> float | None:
        """Return the estimated seconds for so many decisions; None if unknown."""
        return seconds_left(self._moments, number)


def describe(seconds: float | None) -> str:
    """Return a duration in words; "" for None."""
    if seconds is None:
        return ""
    minutes = seconds / 60
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes:.0f} min"
    return f"about {minutes / 60:.1f} h"
