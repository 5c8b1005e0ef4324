"""The worker processes of one command: starting them, handing out steps, receiving their messages."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from lap_assets.core.errors import is_debugging
from lap_assets.core.progress import Advance, Progress
from lap_assets.engine.graph import Step


@dataclass(frozen=True, slots=True)
class StepEnd:
    """The end of a step. `error`: one line, None if it succeeded."""

    step: Step
    error: str | None


class _Worker:
    """One worker process, started when it is first needed."""

    def __init__(
        self, log: Path, definitions: str, environment: Mapping[str, str], inbox: "SimpleQueue[tuple[_Worker, Any]]"
    ) -> None:
        self._log = log
        self._definitions = definitions
        self._environment = dict(environment)
        self._inbox = inbox
        self._process: subprocess.Popen[str] | None = None
        self.step: Step | None = None
        self.shown: dict[int, tuple[AbstractContextManager[Advance], Advance]] = {}

    def take(self, step: Step) -> None:
        """Starts a step in it."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        self.step = step
        self.send(id=0, assets=step.assets, partition=step.partition)

    def send(self, **message: Any) -> None:
        """Sends it a message. That its process has died is noticed by the thread that reads from it."""
        process = self._process
        if process is None or process.stdin is None:
            return
        try:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return

    def end(self, *, at_once: bool) -> None:
        """Ends the process after its step, or kills it at once: a file is then whole or absent."""
        if self._process is None:
            return
        if at_once:
            self._process.kill()
        else:
            self.send(end=True)
        self._process.wait()

    @property
    def bug_advice(self) -> str:
        """What to do about an error that nobody expected in one of its steps."""
        where = "above" if is_debugging() else f"in {self._log}"
        return f"its traceback is {where}; if this is a bug in LAP, please report it"

    def last_output(self) -> str:
        """Why its process died: the last line of its log."""
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
                start_new_session=True,  # Ctrl-C is heard by the command, which asks its workers to stop
            )
        threading.Thread(target=self._read, args=(self._process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        if process.stdout is not None:
            for line in process.stdout:
                self._inbox.put((self, json.loads(line)))
        self._inbox.put((self, None))


class WorkerPool:
    """Some workers. A context manager that ends all of them on exit."""

    def __init__(
        self, size: int, definitions: str, environment: Mapping[str, str], logs: Path, shown: Progress
    ) -> None:
        """`definitions`: `module:function` of what makes them of a run context, for the worker processes."""
        self._inbox: SimpleQueue[tuple[_Worker, Any]] = SimpleQueue()
        self._workers = [_Worker(logs / f"worker-{n}.log", definitions, environment, self._inbox) for n in range(size)]
        self._shown = shown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for worker in self._workers:
            worker.end(at_once=kind is not None)

    @property
    def busy(self) -> list[Step]:
        """The steps that are running."""
        return [worker.step for worker in self._workers if worker.step is not None]

    @property
    def is_full(self) -> bool:
        """Whether no worker is idle."""
        return all(worker.step is not None for worker in self._workers)

    def start(self, step: Step) -> None:
        """Starts the step in an idle worker."""
        next(worker for worker in self._workers if worker.step is None).take(step)

    def ask_to_stop(self) -> None:
        """Asks every worker to stop its step as soon as nothing is lost by it."""
        for worker in self._workers:
            worker.send(stop=True)

    def wait(self, seconds: float) -> StepEnd | None:
        """Receives a message, for at most `seconds`; returns the end of a step, if that is what it was."""
        try:
            worker, message = self._inbox.get(timeout=seconds)
        except Empty:
            return None
        if message is None:
            return self._over(worker, worker.last_output()) if worker.step is not None else None
        if "done" in message:
            return self._over(
                worker, f"{message['error']} ({worker.bug_advice})" if message["unexpected"] else message["error"]
            )
        if "task" in message:
            self._show(worker, message)
        return None

    def _over(self, worker: _Worker, error: str | None) -> StepEnd | None:
        step, worker.step = worker.step, None
        for line, _ in worker.shown.values():
            line.__exit__(None, None, None)
        worker.shown.clear()
        return StepEnd(step, error) if step is not None else None

    def _show(self, worker: _Worker, message: dict[str, Any]) -> None:
        task = message["task"]
        if "title" in message:
            line = self._shown.task(message["title"], message["total"])
            worker.shown[task] = (line, line.__enter__())
        elif task in worker.shown:
            line, advance = worker.shown[task]
            advance(message["advance"])
            if message.get("end"):
                line.__exit__(None, None, None)
                del worker.shown[task]
