"""`lap ui`: the Dagster UI and daemon of a home, on loopback only; for a demo's home, with its replica."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from types import FrameType
from typing import Final

from lap_assets.commands.home import check_writable
from lap_assets.core.home import Home
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.ui.address import listening_on

_PATIENCE: Final = 15.0  # seconds between SIGINT and SIGKILL
_KILL: Final = getattr(signal, "SIGKILL", signal.SIGTERM)


def serve_ui(run_context: RunContext, port: int, replica: AbstractContextManager[str | None]) -> int:
    """Serve the UI until it is stopped; return its exit status. `replica`: the replica to run meanwhile, if any.

    Raises:
        SettingsError: the home is not writable, or the port is in use.
        LockHeld: another `lap ui` serves this home.
    """
    with listening_on(port):  # before anything is started or written
        pass
    check_writable(run_context.home)
    with held(run_context.home.state / "ui.lock", wait=False), replica as url:
        changed = {"sites_url": url, "pause": "0"} if url is not None else {}
        return _serve(run_context.home, run_context.settings.model_copy(update=changed), port)


def _serve(home: Home, settings: Settings, port: int) -> int:
    from lap_assets.engine.instance import prepare, settings_path
    from lap_assets.engine.instance_settings import settings_advice

    folder = str(prepare(home))
    if (advice := settings_advice(settings_path(home))) is not None:
        print(f"lap: {advice}", file=sys.stderr)
    environment = {
        **os.environ,
        **settings.as_environment(),
        "DAGSTER_HOME": folder,
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "lap_assets.ui.server", str(port)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        env=environment,
        stdin=subprocess.PIPE,  # end of file lets the child notice that this process has ended, even if killed
        start_new_session=True,
    )
    with _passing_on(child):
        return child.wait()


@contextmanager
def _passing_on(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Pass Ctrl-C and SIGTERM on to the server's process group; kill what still runs after 15 seconds."""

    def end(_: int, __: FrameType | None) -> None:
        _signal(child, signal.SIGINT)
        killer = threading.Timer(_PATIENCE, lambda: _signal(child, _KILL))
        killer.daemon = True
        killer.start()

    previous = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        _signal(child, _KILL)


def _signal(child: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(child.pid, number)
        elif child.poll() is None:
            child.terminate()
