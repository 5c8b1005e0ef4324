"""How a run is asked to stop: Ctrl-C and SIGTERM."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from lap_assets.commands.console import Terminal
from lap_assets.run_context import RunContext

_TERM_SECONDS: Final = 6.0


@contextmanager
def stopping(run_context: RunContext, terminal: Terminal) -> Iterator[None]:
    """The first Ctrl-C asks steps to stop safely, the second stops at once; so does SIGTERM, after some seconds.

    Whoever sends SIGTERM (a container's end, a shutdown) kills after ten seconds or more.
    """
    again = threading.Timer(_TERM_SECONDS, lambda: os.kill(os.getpid(), signal.SIGTERM))
    again.daemon = True

    def ask(number: int, _: FrameType | None) -> None:
        if run_context.stop.is_set():
            raise KeyboardInterrupt
        run_context.stop.set()
        if number == signal.SIGTERM:
            again.start()
            terminal.say(f"stopping as soon as nothing is lost; at once after {_TERM_SECONDS:g} seconds")
        else:
            terminal.say("stopping as soon as nothing is lost; Ctrl-C again stops at once")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        again.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)
