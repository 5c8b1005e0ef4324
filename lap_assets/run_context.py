"""Context passed to every task: home, settings, progress, cancellation."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final, Self

from lap_assets.core.home import Home
from lap_assets.core.progress import LogLines, Progress, Silent
from lap_assets.settings import Settings

STOP: Final = threading.Event()
"""The wish to stop what a process of Dagster's own does for the graph: set by whoever runs that process."""


@dataclass(frozen=True)
class RunContext:
    """`shown`: where progress goes; None leaves it to the log of the caller. `stop`: set to cancel."""

    settings: Settings
    shown: Progress | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def home(self) -> Home:
        """The home folder."""
        return Home(self.settings.home.absolute())

    @property
    def progress(self) -> Progress:
        """Where progress is shown."""
        return self.shown or Silent()

    def logging_to(self, log: Callable[[str], None]) -> Self:
        """The same run_context, its progress going to `log` unless it is shown somewhere already."""
        return self if self.shown else replace(self, shown=LogLines(log))
