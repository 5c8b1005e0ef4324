"""Stopping a run: Ctrl-C and SIGTERM."""

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
    """Stop safely on the first Ctrl-C or SIGTERM; at once on the second Ctrl-C, or 6 seconds after SIGTERM.

    Container runtimes and shutdowns kill a process 10 seconds or more after SIGTERM.
    """
    again = threading.Timer(_TERM_SECONDS, lambda: os.kill(os.getpid(), signal.SIGTERM))
    again.daemon = True

    def ask(number: int, _: FrameType | None) -> None:
        if run_context.stop.is_set():
            raise KeyboardInterrupt
        run_context.stop.set()
        if number == signal.SIGTERM:
            again.start()
            terminal.say(f"stopping as soon as no work would be lost; at once after {_TERM_SECONDS:g} seconds")
        else:
            terminal.say("stopping as soon as no work would be lost; Ctrl-C again stops at once")

    previous = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        again.cancel()
        for number, handler in previous.items():
            signal.signal(number, handler)
