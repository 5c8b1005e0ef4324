"""`lap` as the first process of a container: whoever ends there is waited for, and signals are passed on.

The first process inherits the children of processes that ended, and signals without a handler do not reach it. So the
command runs in a child, and the first process does nothing else.
"""

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import Final

_FIRST: Final = 1
_SIGNALS: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]
_KILLED: Final = 128  # plus the signal's number, as shells say it


def run_below_first_process() -> None:
    """Returns in the process that does the work; where this is the first one, it ends with that one's status."""
    if os.name != "posix" or os.getpid() != _FIRST:
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # one that arrives now waits for the handlers below
    child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.setsid()  # a terminal's Ctrl-C comes once, from the first process
        return

    def pass_on(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):  # it has just ended
            os.kill(child, number)

    for number in _SIGNALS:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else _KILLED - code)
