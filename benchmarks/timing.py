"""A measured row, and how it is measured. What is measured is in the module named after each room."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TimingRow:
    """One way to do one task.

    `seconds` is the best of the repeats; `rate` the items (images, codes, vectors) a second; `times` how many times as
    long as LAP's own way it took in the same run. All three are None where it could not be run; `note` says why.
    """

    task: str
    method: str
    seconds: float | None
    rate: float | None
    times: float | None
    note: str = ""


def measured(function: Callable[[], Result], repeats: int = 1) -> tuple[float, Result]:
    """Return the shortest time of `repeats` calls, in seconds, and what the last one returned.

    Raises:
        ValueError: `repeats` is below 1.
    """
    if repeats < 1:
        raise ValueError(f"repeats must be 1 or more, not {repeats}")
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        best = min(best, time.perf_counter() - start)
    return best, result


def row(task: str, method: str, seconds: float, items: int, ours: float, *, note: str = "") -> TimingRow:
    """Return a row of something that ran, compared with LAP's own `ours` seconds."""
    return TimingRow(task, method, seconds, items / seconds, seconds / ours, note)
