"""A cluster's processes, each in a folder of its own: they only share LAP_HOME, the broker and the database."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from tests.cluster.engines import free_port
from tests.support import command, environment

# The number of threads affects the last bit of a model's results, so it is equal in all compared runs.
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1"}
_PATIENCE: Final = 180
_CONFIG: Final = Path(__file__).parents[2] / "deploy" / "dagster.yaml"
_SLOTS: Final = {"model": 2, "vectors": 2, "resolution": 2}  # two workers of the queue cpu


class Cluster:
    """The processes on one home. A context manager that ends all on exit."""

    def __init__(self, home: Path, folder: Path, *, sites: str, broker: str, database: str) -> None:
        self.home = home
        self.folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._queues: dict[str, str] = {}
        self._web, self._code = free_port(), free_port()
        self.variables: dict[str, str | Path] = {
            "LAP_HOME": home, "LAP_SITES_URL": sites, "LAP_PAUSE": "0", "LAP_BROKER_URL": broker,
            "LAP_POSTGRES_URL": database, "LAP_WORKER_SILENCE": "15", "DAGSTER_HOME": home / "dagster",
        }  # fmt: skip

    def __enter__(self) -> Self:
        (self.home / "dagster").mkdir(parents=True)
        shutil.copy(_CONFIG, self.home / "dagster")
        self.folder.mkdir()
        self._set_slots()
        workspace = self.folder / "workspace.yaml"
        where = f"{{host: 127.0.0.1, port: {self._code}, location_name: lap}}"
        workspace.write_text(f"load_from:\n  - grpc_server: {where}\n")
        module = [sys.executable, "-m", "dagster"]
        self.start("code", [*module, "api", "grpc", "-m", "lap_assets.definitions", "-p", str(self._code)])
        self.wait(self._code_answers, "the code server does not answer")
        self.start("daemon", [*module[:2], "dagster._daemon", "run", "-w", str(workspace)])
        web = [*module[:2], "dagster_webserver", "-h", "127.0.0.1", "-p", str(self._web), "-w", str(workspace)]
        self.start("webserver", web)
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        for process in self._processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, name: str, arguments: list[str], queue: str | None = None) -> None:
        """Start a process in a folder of its own. `queue`: a worker's queue."""
        if queue is not None:
            self._queues[name] = queue
        place = self.folder / name
        (place / "tmp").mkdir(parents=True, exist_ok=True)
        own: dict[str, str | Path] = {"HOME": place, "TMPDIR": place / "tmp", "PYTHONPATH": Path.cwd(), **ONE_THREAD}
        self._processes[name] = subprocess.Popen(
            arguments, env=environment(**self.variables, **own), cwd=place,
            stdout=(place / "log").open("a"), stderr=subprocess.STDOUT,
        )  # fmt: skip

    def start_worker(self, name: str, queue: str) -> None:
        """Start a worker of the queue."""
        self.start(name, command("worker", "--queue", queue), queue)

    def living_workers(self, queue: str) -> list[str]:
        """Return the workers of a queue that were not killed, by name."""
        return sorted(name for name, of in self._queues.items() if of == queue and self._processes[name].poll() is None)

    def wait_for_workers(self, *names: str) -> None:
        """Wait until these take work."""
        for name in names:
            self.wait(partial(self._is_ready, name), f"{name} does not start")

    def _is_ready(self, name: str) -> bool:
        return "ready:" in self.log(name)

    def kill(self, name: str) -> None:
        """kill -9."""
        self._processes[name].kill()
        self._processes[name].wait()

    def stop(self, name: str) -> int:
        """Terminate it; return its exit status."""
        self._processes[name].send_signal(signal.SIGTERM)
        return self._processes[name].wait(_PATIENCE)

    def log(self, name: str) -> str:
        """Return its output."""
        return (self.folder / name / "log").read_text(errors="replace")

    def node(self, name: str) -> str:
        """Return the worker's name in the cluster."""
        return self.log(name).rpartition("ready: ")[2].split(" ")[0]

    def memory(self) -> dict[str, int]:
        """Return the memory of each process in MB, private and shared."""
        found = {}
        for name, process in self._processes.items():
            status = Path(f"/proc/{process.pid}/status")
            if status.exists():
                line = next((at for at in status.read_text().splitlines() if at.startswith("VmRSS")), "VmRSS: 0 kB")
                found[name] = int(line.split()[1]) // 1024
        return found

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the response of the UI's own API."""
        reply = httpx.post(
            f"http://127.0.0.1:{self._web}/graphql", json={"query": query, "variables": variables}, trust_env=False,
            timeout=120,
        ).json()  # fmt: skip
        assert "errors" not in reply, reply
        return reply["data"]

    def wait(self, is_so: Callable[[], bool], complaint: str, patience: float = _PATIENCE) -> None:
        """Wait until a condition holds."""
        until = time.monotonic() + patience
        while not is_so():
            if time.monotonic() > until:
                raise AssertionError(complaint)
            time.sleep(0.5)

    def web_answers(self) -> bool:
        """Return whether the webserver is up."""
        try:
            return httpx.get(f"http://127.0.0.1:{self._web}/server_info", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def _code_answers(self) -> bool:
        from dagster._core.errors import DagsterUserCodeUnreachableError
        from dagster._grpc.client import DagsterGrpcClient

        assert self._processes["code"].poll() is None, self.log("code")
        try:
            return DagsterGrpcClient(port=self._code, host="127.0.0.1").ping("") is not None
        except DagsterUserCodeUnreachableError:
            return False

    def _set_slots(self) -> None:
        code = (
            "import dagster as dg\nwith dg.DagsterInstance.get() as instance:\n"
            f" for pool, slots in {_SLOTS}.items():\n"
            "  instance.event_log_storage.set_concurrency_slots(pool, slots)\n"
        )
        variables = {**environment(**self.variables), "PYTHONPATH": str(Path.cwd())}
        subprocess.run([sys.executable, "-c", code], env=variables, check=True)
