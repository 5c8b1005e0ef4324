"""How long work shows that it goes on: a bar in a terminal, log lines elsewhere. The work itself only counts."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int], None]


class Progress(Protocol):
    """Somewhere to show a piece of work."""

    def task(self, title: str, total: int | None) -> AbstractContextManager[Advance]:
        """Opens a line for `total` steps (None: unknown); the block gets a function that adds finished steps."""


class Silent:
    """Shows nothing."""

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:  # noqa: ARG002 - the protocol's names
        """Counts for nobody."""
        yield lambda _: None


class LogLines:
    """A log line at the start, every `seconds`, and at the end: for Dagster's event log."""

    def __init__(self, log: Callable[[str], None], seconds: float = 10.0) -> None:
        self._log = log
        self._seconds = seconds

    @contextmanager
    def task(self, title: str, total: int | None) -> Iterator[Advance]:
        """Logs `title: done of total`."""
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
