"""What people see in a terminal: progress bars, one line for each thing that matters. No work of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from lap_assets.core.progress import Advance

_WIDTH: Final = 140  # of tables in a file


class Terminal:
    """Bars in a terminal; where output is not one, a line at the end of each piece of work. A context manager."""

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
        """One line that stays."""
        self.console.print(line, markup=False, soft_wrap=True)

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:
        """A bar for one piece of work."""
        bar = self._bars.add_task(title, total=total)
        done = 0

        def advance(steps: int) -> None:
            nonlocal done
            done += steps
            self._bars.advance(bar, steps)

        try:
            yield advance
        finally:
            self._bars.remove_task(bar)
            if done and not self.console.is_terminal:
                self.say(f"  {title}: {done:,}")
