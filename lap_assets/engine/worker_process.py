"""A worker process from the parent's side: start it, send and receive messages, end it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from lap_assets.core.errors import is_debugging
from lap_assets.core.progress import Advance

if TYPE_CHECKING:
    from lap_assets.engine.graph import Step


class WorkerProcess:
    """A worker process, started when it is first needed."""

    def __init__(
        self,
        log: Path,
        definitions: str,
        environment: Mapping[str, str],
        inbox: "SimpleQueue[tuple[WorkerProcess, Any]]",
    ) -> None:
        self._log = log
        self._definitions = definitions
        self._environment = dict(environment)
        self._inbox = inbox
        self._process: subprocess.Popen[str] | None = None
        self.step: Step | None = None
        self._is_ready = False
        self._began: float | None = None
        self.shown: dict[int, tuple[AbstractContextManager[Advance], Advance]] = {}

    def start(self) -> None:
        """Start the process unless it is running."""
        if not self.is_running:
            self._is_ready = False
            self._start()

    def take(self, step: "Step") -> None:
        """Start a step."""
        self.start()
        self._began = time.monotonic() if self._is_ready else None
        self.step = step
        self.send(id=0, assets=step.assets, partition=step.partition)

    def note_ready(self) -> None:
        """Note that the process is ready and begins its step, if it has one."""
        self._is_ready = True
        self._began = time.monotonic()

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._process is not None and self._process.poll() is None

    @property
    def seconds_at_work(self) -> float:
        """How long the current step has been running; 0 while the process starts."""
        return 0.0 if self.step is None or self._began is None else time.monotonic() - self._began

    def send(self, **message: Any) -> None:
        """Send a message. If the process has died, the reading thread notices."""
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def end(self, *, at_once: bool) -> None:
        """End the process after its step, or kill it at once; files are written atomically, so none is left partial.

        An idle process is killed too: it holds nothing, and an orderly exit of torch and Dagster takes seconds.
        """
        if self._process is None:
            return
        if at_once or self.step is None:
            self._process.kill()
        else:
            self.send(end=True)
        self._process.wait()

    @property
    def bug_advice(self) -> str:
        """Advice on an unexpected error in one of the worker's steps."""
        where = "above" if is_debugging() else f"in {self._log}"
        return f"its traceback is {where}; if this is a bug in LAP, please report it"

    def last_output(self) -> str:
        """Return why the process died: its exit status and the last line of its log."""
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        code = self._process.wait() if self._process else None
        return f"the worker process died (exit status {code})" + (f": {lines[-1]}" if lines else " without output")

    def _start(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("w") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "lap_assets.engine.worker", self._definitions],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if is_debugging() else log,
                text=True,
                env=self._environment,
                start_new_session=True,  # only the command receives Ctrl-C; it asks its workers to stop
            )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self._inbox.put((self, json.loads(line)))
        self._inbox.put((self, None))
