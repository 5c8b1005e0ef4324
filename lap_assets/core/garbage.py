"""When Python looks for circles of garbage."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 100)
"""New objects until the youngest are looked at, and how many such looks until older ones are (Python: 700, 10, 10)."""


def collect_seldom() -> None:
    """To be called first in a process that loads the graph.

    That makes a million objects which all stay; to look them through again and again takes a quarter of its time, and
    to look them through once more when it ends takes a second.
    """
    gc.set_threshold(*_THRESHOLDS)
    atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """Keeps Python from looking meanwhile: among tens of thousands of things that are made to stay, it finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
