"""Progress of long tasks: a bar in a terminal, log lines elsewhere. The task itself only reports finished steps."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Progress(Protocol):
    """Shows the progress of tasks."""

    def task(self, title: str, total: int | None) -> AbstractContextManager[Advance]:
        """Show a task of `total` steps (None: unknown); yield a function that adds finished steps."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        """Yield a function that does nothing."""
        yield lambda _: None


class LogLines:
    """A log line every `seconds` and at the end of each task: for Dagster's event log."""

    def __init__(self, log: Callable[[str], None], seconds: float = 10.0) -> None:
        self._log = log
        self._seconds = seconds

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:
        """Log lines of the form `title: done of total`."""
        done = 0
        said_at = time.monotonic()
        of = f" of {total:,}" if total is not None else ""

        def advance(steps: int) -> None:
            nonlocal done, said_at
            done += steps
            if time.monotonic() - said_at >= self._seconds:
                said_at = time.monotonic()
                self._log(f"{title}: {done:,}{of}")

        yield advance
        self._log(f"{title}: {done:,}{of}, done")
