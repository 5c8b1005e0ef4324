"""Context passed to every task: home, settings, progress, cancellation."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Self

from lap_assets.core.home import Home
from lap_assets.core.progress import LogLines, Progress, Silent
from lap_assets.settings import Settings

STOP: Final = threading.Event()
"""Set to stop the graph's work in a process that Dagster started."""


@dataclass(frozen=True)
class RunContext:
    """Home, settings, progress and cancellation.

    `shown`: where progress is shown; None leaves it to the caller's log. `stop`: set to cancel.
    """

    settings: Settings
    shown: Progress | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def home(self) -> Home:
        """The home folder."""
        return Home(self.settings.home.absolute())

    @property
    def progress(self) -> Progress:
        """Where progress is shown; nowhere if `shown` is None."""
        return self.shown or Silent()

    def logging_to(self, log: Callable[[str], None]) -> Self:
        """Return this context with its progress sent to `log`, unless it is already shown somewhere."""
        return self if self.shown else replace(self, shown=LogLines(log))
