"""How often Python looks for circles of garbage."""

import gc
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 100)
"""New objects until the youngest are looked at, and how many such looks until older ones are (Python: 700, 10, 10)."""


def collect_seldom() -> None:
    """To be called first in a process that loads the graph.

    That makes a million objects which all stay; to look them through again and again takes a quarter of its time.
    """
    gc.set_threshold(*_THRESHOLDS)
