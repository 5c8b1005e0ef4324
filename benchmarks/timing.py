"""A measured row, and the timing of a function. The measurements are in the other modules."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class TimingRow:
    """Time of one method for one task.

    `seconds`: best of the repeats; `rate`: items (images, codes, vectors) per second; `times`: time relative to LAP in
    the same run. All three are None if the method could not be run; `note` says why.
    """

    task: str
    method: str
    seconds: float | None
    rate: float | None
    times: float | None
    note: str = ""


def measured(function: Callable[[], Result], repeats: int = 1) -> tuple[float, Result]:
    """Return the shortest time of `repeats` calls in seconds, and the result of the last call.

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
    """Return the row of a method that ran, compared with LAP's time of `ours` seconds."""
    return TimingRow(task, method, seconds, items / seconds, seconds / ours, note)
