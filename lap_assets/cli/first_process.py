"""`lap` as the first process of a container: it reaps ended processes and passes signals on.

The first process inherits the children of processes that ended, and the kernel drops signals for which it has no
handler. So the command runs in a child, and the first process does nothing but reap and pass on.
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
_KILLED: Final = 128  # plus the signal's number, as in shells


def run_below_first_process() -> None:
    """Return in the process that does the work; as PID 1, fork it, wait, and exit with its status."""
    if os.name != "posix" or os.getpid() != _FIRST:
        return
    previous_mask = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # pending until the handlers below are set
    child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous_mask)
        os.setsid()  # so that a terminal's Ctrl-C arrives once, from the first process
        return

    def pass_on(number: int, _: FrameType | None) -> None:
        with suppress(ProcessLookupError):  # the child has just ended
            os.kill(child, number)

    for number in _SIGNALS:
        signal.signal(number, pass_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, previous_mask)
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else _KILLED - code)
