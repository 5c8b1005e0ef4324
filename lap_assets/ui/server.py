"""The process behind `lap ui`: Dagster's web server behind the guard, and one code server for it and the daemon.

`dagster dev` starts the same three processes, but its web server cannot be wrapped, and a proxy in front of it could be
bypassed by using its port directly. So the web server's app runs in this process, inside the guard.

Start it with `python -m lap_assets.ui.server PORT`. It ends when its standard input ends, that is, with its parent.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import dagster as dg
import uvicorn
import yaml
from dagster._cli.proxy_server_manager import ProxyServerManager
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget, WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context

from lap_assets.core.errors import LapError
from lap_assets.ui.address import HOST, listening_on
from lap_assets.ui.guard import Guard

LOCATION: Final = "lap"
"""The code location's name, with which Dagster stores the state of sensors; as in workspace.yaml and pyproject.toml."""
_MODULE: Final = "lap_assets.definitions"
_LEVEL: Final = "warning"
_POLL: Final = 2000  # ms between two polls of the UI, as in `dagster dev`
_DATABASE: Final = (15000, 3600, 20)  # ms per statement, s per connection, connections, as in dagster-webserver
_CLOSING: Final = 5  # seconds for open connections when the server ends
_PATIENCE: Final = 10  # seconds for the daemon to end


def main(port: int) -> None:
    """Serve the UI of DAGSTER_HOME until SIGINT, SIGTERM or the end of standard input.

    Raises:
        SettingsError: the port is in use.
    """
    os.environ["DAGSTER_IS_DEV_CLI"] = "1"  # show errors in the code as `dagster dev` does
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        suppress(KeyboardInterrupt),
        listening_on(port) as listening,
        dg.DagsterInstance.get() as instance,
        _code_server(instance) as workspace,
        _daemon(workspace) as daemon,
    ):
        _serve(instance, workspace, listening, daemon)


def _serve(
    instance: dg.DagsterInstance, workspace: Path, listening: socket.socket, daemon: "subprocess.Popen[bytes]"
) -> None:
    instance.optimize_for_webserver(*_DATABASE)
    target = WorkspaceFileTarget([str(workspace)])
    with WorkspaceProcessContext(
        instance, target, version("dagster-webserver"), code_server_log_level=_LEVEL
    ) as context:
        app = create_app_from_workspace_process_context(context, "", _POLL)
        config = uvicorn.Config(Guard(app), log_level=_LEVEL, timeout_graceful_shutdown=_CLOSING)
        server = uvicorn.Server(config)

        for awaited in (daemon.wait, sys.stdin.read):
            threading.Thread(target=_end_after, args=(awaited, server), daemon=True).start()
        print(f"The Dagster UI is at http://{HOST}:{listening.getsockname()[1]} (Ctrl-C ends it)", flush=True)
        server.run(sockets=[listening])


def _end_after(awaited: Callable[[], object], server: uvicorn.Server) -> None:
    awaited()
    server.should_exit = True


@contextmanager
def _code_server(instance: dg.DagsterInstance) -> Iterator[Path]:
    """Start one code server for all; yield a workspace file that refers to it."""
    target = ModuleTarget(_MODULE, None, str(Path.cwd()), LOCATION)
    with ProxyServerManager(instance, target, _LEVEL) as servers, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workspace.yaml"
        path.write_text(yaml.safe_dump({"load_from": list(servers.get_code_server_specs())}))
        yield path


@contextmanager
def _daemon(workspace: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the daemon: run queue, sensors, schedules, monitoring."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "-w", str(workspace), "--log-level", _LEVEL]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own interpreter
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except LapError as error:
        print(*error.lines, sep="\n", file=sys.stderr)
        sys.exit(error.exit_status)
