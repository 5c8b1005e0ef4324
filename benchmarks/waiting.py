"""Waiting times of windows, and memory of a process: the figures of `python -m benchmarks gui`."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MeasuredWait:
    """One figure: its subject, the measured value, the target, and the original tool's value."""

    what: str
    measured: str
    target: str
    original: str


class Waits:
    """Wall times that a person waits, and this thread's processor time; the difference is the load of the machine."""

    def __init__(self) -> None:
        self._walls: list[float] = []
        self._works: list[float] = []

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Measure the block."""
        wall, work = time.perf_counter(), time.thread_time()
        yield
        self._walls.append(time.perf_counter() - wall)
        self._works.append(time.thread_time() - work)

    def __str__(self) -> str:
        wall, work = (sorted(values)[int(len(values) * 0.95)] * 1000 for values in (self._walls, self._works))
        return f"{wall:,.0f} ms, of which {work:,.0f} ms work"


def memory() -> int:
    """Return the resident memory of this process in bytes; 0 if the system does not report it in /proc."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4096
