"""Running the replica on the loopback interface: in this thread, in another thread, or in a process of its own.

Threads and processes belong here. The application is in `server`, the socket in `listening`.
"""

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from lap_assets.core.errors import InputError
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.faults import Fault
from lap_assets.replica.images import KEPT_BYTES
from lap_assets.replica.listening import Server, listening
from lap_assets.replica.server import create_app

_PATIENCE: Final = 60.0  # s; long enough for a busy machine


def run_replica(
    catalog: Catalog,
    *,
    port: int = 0,
    request_log: Path | None = None,
    faults: Sequence[Fault] = (),
    on_ready: Callable[[str], None],
) -> None:
    """Serve `catalog` with `faults` until interrupted (Ctrl+C), then return.

    `on_ready` is called with the root address once requests are answered.

    Raises:
        InputError: the port is taken or not allowed.
    """
    with listening(port) as listener, suppress(KeyboardInterrupt):
        app = create_app(catalog, faults=faults, request_log=request_log)
        Server(app, listener, on_ready).run(sockets=[listener])


class Replica:
    """The replica in a thread of this process, for tests: `with Replica(catalog) as replica: … replica.url`.

    `faults` may change while it serves; up to `kept_bytes` of drawn posters stay in memory.
    """

    def __init__(
        self,
        catalog: Catalog,
        *,
        port: int = 0,
        request_log: Path | None = None,
        faults: list[Fault] | None = None,
        kept_bytes: int = KEPT_BYTES,
    ) -> None:
        self.catalog = catalog
        self.faults = faults if faults is not None else []
        self.url = ""
        self._app = create_app(catalog, faults=self.faults, request_log=request_log, kept_bytes=kept_bytes)
        self._port = port

    def __enter__(self) -> Self:
        ready = threading.Event()
        self._listener = listening(self._port)
        self._server = Server(self._app, self._listener, self._on_ready(ready))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="replica", daemon=True
        )
        self._thread.start()
        if not ready.wait(_PATIENCE):
            raise RuntimeError(f"the replica did not start within {_PATIENCE:.0f} s")
        return self

    def _on_ready(self, ready: threading.Event) -> Callable[[str], None]:
        def note(url: str) -> None:
            self.url = url
            ready.set()

        return note

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self._listener.close()


@contextmanager
def serve_in_subprocess(catalog: Catalog, *, port: int = 0, request_log: Path | None = None) -> Iterator[str]:
    """Serve `catalog` from a process of its own and yield its root address; the process ends with the block.

    It also ends when this process ends for any reason: it watches a pipe that only this process holds open.

    Raises:
        InputError: the port is taken or not allowed.
        RuntimeError: the process did not start; its error is on stderr.
    """
    command = [sys.executable, "-m", "lap_assets.replica.child"]
    pipe = subprocess.PIPE
    # In a session of its own, Ctrl+C in the terminal does not reach it: only this process ends it.
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=_environment(), start_new_session=True)  # noqa: S603
    with child, _ending(child):
        yield _url_of(_exchange(child, pickle.dumps((catalog, port, request_log))))


def _exchange(child: subprocess.Popen[bytes], what: bytes) -> bytes:
    """Send `what` to the child and return its first line; its stdin stays open."""
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the replica's process has no pipes")
    with suppress(BrokenPipeError):
        child.stdin.write(what)
        child.stdin.flush()
    return child.stdout.readline()


@contextmanager
def _ending(child: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        if child.stdin is not None:
            with suppress(BrokenPipeError):
                child.stdin.close()
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()


def _environment() -> dict[str, str]:
    """Return this process's environment, with its import path for the child."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _url_of(line: bytes) -> str:
    """Return the address in the child's first line; raise the error in it, if any."""
    if not line:
        raise RuntimeError("the replica's process ended before it served; its error is above")
    report: dict[str, Any] = json.loads(line)
    if "url" not in report:
        raise InputError(report["error"])
    return str(report["url"])
