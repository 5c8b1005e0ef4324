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
    """Disable garbage collection in the block, for code that creates tens of thousands of permanent objects.

    What exists at the end of the block is never scanned again: one scan takes longer than a person waits for a key.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
