"""Settings of Python's cyclic garbage collector."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_THRESHOLDS: Final = (50_000, 20, 100)
"""New objects until the youngest generation is collected, collections until older ones are (default 700, 10, 10)."""


def collect_seldom() -> None:
    """Make garbage collection rare; call it first in a process that loads the graph.

    Loading creates a million permanent objects. Scanning them repeatedly takes a quarter of the loading time, and
    scanning them once more at exit takes a second.
    """
    gc.set_threshold(*_THRESHOLDS)
    atexit.register(gc.freeze)


@contextmanager
def uncollected() -> Iterator[None]:
    """Disable garbage collection in the block, for code that creates tens of thousands of permanent objects."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def permanent() -> Iterator[None]:
    """Disable garbage collection in the block, and never scan what exists at its end.

    For a command that opens its window once: one scan takes longer than a person waits for a key. In a process that
    does more, garbage that is there already would stay.
    """
    with uncollected():
        yield
        gc.freeze()
