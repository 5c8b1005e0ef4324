"""Terminal output: progress bars and lines. No other work is done here."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from lap_assets.core.plain_text import printable
from lap_assets.core.progress import Advance

_WIDTH: Final = 140  # columns of a table, if the output is not a terminal
_SAY_EVERY: Final = 60.0  # seconds between two progress lines of a task, if the output is not a terminal


class Terminal:
    """Progress bars in a terminal; a line per minute and at the end of each task elsewhere. A context manager."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)
        if not self.console.is_terminal:
            self.console.width = _WIDTH
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bars.stop()

    def say(self, line: str) -> None:
        """Print a line, above the progress bars."""
        self.console.print(printable(line), markup=False, soft_wrap=True)

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:
        """Show a progress bar for one task; `total` is None if unknown."""
        bar = self._bars.add_task(title, total=total)
        done = 0
        began = said_at = time.monotonic()

        def advance(steps: int) -> None:
            nonlocal done, said_at
            done += steps
            self._bars.advance(bar, steps)
            now = time.monotonic()
            if not self.console.is_terminal and now - said_at >= _SAY_EVERY:
                said_at = now
                self.say(f"  {title}: {_so_far(done, total, now - began)}")

        try:
            yield advance
        finally:
            self._bars.remove_task(bar)
            if done and not self.console.is_terminal:
                self.say(f"  {title}: {done:,}")


def _so_far(done: int, total: int | None, seconds: float) -> str:
    """Return a task's progress and the estimated time left, as in `1,200 of 5,000, about 3 h left`."""
    if not total:
        return f"{done:,}"
    left = seconds / done * max(0, total - done) if done else 0.0
    return f"{done:,} of {total:,}" + (f", about {_duration(left)} left" if left else "")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"
