"""Postgres and Redis from the system's packages, on free ports, each in a folder of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_PATIENCE: Final = 60
_USER: Final = "lap"


class Missing(RuntimeError):
    """An engine is not available; the message says what to install."""


def free_port() -> int:
    """Return a free port of the loopback interface."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a Postgres with an empty database; yield its address.

    Raises:
        Missing: it is not installed, or no user here can run it.
    """
    tools = _postgres_tools()
    port = free_port()
    folder.mkdir()
    _run_as(folder, [str(tools / "initdb"), "-D", str(folder / "data"), "-U", _USER, "-A", "trust", "--no-sync"])
    server = subprocess.Popen(
        _as_somebody(folder, [str(tools / "postgres"), "-D", str(folder / "data"), "-p", str(port),
                              "-k", str(folder), "-h", "127.0.0.1", "-c", "max_connections=300", "-c", "fsync=off"]),
        stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"), cwd=folder,
    )  # fmt: skip
    try:
        ready = [str(tools / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        _wait(lambda: subprocess.run(ready).returncode == 0, f"Postgres does not start: {folder / 'log'}")
        _run_as(folder, [str(tools / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", _USER, "dagster"])
        yield f"postgresql+psycopg2://{_USER}@127.0.0.1:{port}/dagster"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(_PATIENCE)


class Redis:
    """A Redis with persistence, which can be killed and restarted."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            raise Missing("redis-server is not installed (Debian, Ubuntu: sudo apt install redis-server)")
        folder.mkdir()
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with its persisted data."""
        self._server = subprocess.Popen(
            ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--dir", str(self._folder),
             "--appendonly", "yes", "--save", "", "--logfile", str(self._folder / "log")],
        )  # fmt: skip
        _wait(lambda: _answers(self._port), f"Redis does not start: {self._folder / 'log'}")

    def kill(self) -> None:
        """Kill it."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()


def _postgres_tools() -> Path:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    places += [Path(found).parent] if found else []
    for place in places:
        if all((place / tool).exists() for tool in ("initdb", "postgres", "createdb")):
            return place
    raise Missing("Postgres is not installed (Debian, Ubuntu: sudo apt install postgresql)")


def _as_somebody(folder: Path, command: list[str]) -> list[str]:
    """Return the command run by a user that Postgres accepts, since it refuses to run as root."""
    if os.getuid() != 0:
        return command
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    raise Missing("Postgres refuses to run as root, and there is no other user: run it as one")


def _run_as(folder: Path, command: list[str]) -> None:
    ended = subprocess.run(_as_somebody(folder, command), cwd=folder, capture_output=True, text=True)
    if ended.returncode:
        raise RuntimeError(f"{command[0]}: {ended.stderr.strip()}")


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def _wait(is_so: Callable[[], bool], complaint: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise RuntimeError(complaint)
        time.sleep(0.1)
