"""How long people wait for windows, and what a process holds: the figures of `python -m benchmarks gui`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MeasuredWait:
    """What was measured, how much it was, what was aimed at, and what the original tool did."""

    what: str
    measured: str
    wanted: str
    original: str


class Waits:
    """How long a person waits, and how much of it is work of this process's own: the rest is the machine's load."""

    def __init__(self) -> None:
        self._walls: list[float] = []
        self._works: list[float] = []

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure what is done in the block."""
        wall, work = time.perf_counter(), time.thread_time()
        yield
        self._walls.append(time.perf_counter() - wall)
        self._works.append(time.thread_time() - work)

    def __str__(self) -> str:
        wall, work = (sorted(values)[int(len(values) * 0.95)] * 1000 for values in (self._walls, self._works))
        return f"{wall:,.0f} ms, {work:,.0f} ms of it work"


def memory() -> int:
    """Return the bytes of this process that are in memory now; 0 where the system does not say it this way."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4096
