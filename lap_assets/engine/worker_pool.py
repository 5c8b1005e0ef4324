"""The worker processes of one command: start them when needed, hand out steps, receive messages."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from lap_assets.core.progress import Progress
from lap_assets.engine.worker_process import WorkerProcess
from lap_assets.run_context import RunContext

if TYPE_CHECKING:
    from lap_assets.engine.graph import Step

_WORTH_A_START: Final = 1.5
"""Seconds that all processes must be busy before another is started: a start takes longer than most steps."""


@dataclass(frozen=True, slots=True)
class StepEnd:
    """The end of a step. `error`: one line, None if it succeeded. `is_stop`: it ended early because it was asked to."""

    step: "Step"
    error: str | None
    is_stop: bool = False


class WorkerPool:
    """A fixed number of workers. A context manager that ends them on exit."""

    def __init__(
        self, size: int, definitions: str, environment: Mapping[str, str], logs: Path, shown: Progress
    ) -> None:
        """`definitions`: `module:function` that builds the definitions from a run context, for the workers."""
        self._inbox: SimpleQueue[tuple[WorkerProcess, Any]] = SimpleQueue()
        self._workers = [
            WorkerProcess(logs / f"worker-{n}.log", definitions, environment, self._inbox) for n in range(size)
        ]
        self._shown = shown

    @classmethod
    def of(cls, run_context: RunContext, definitions: str, size: int) -> Self:
        """Return a pool of `size` workers with the settings of a run context; their logs are in the home's state."""
        environment = {**os.environ, **run_context.settings.as_environment()}
        return cls(size, definitions, environment, run_context.home.state / "logs", run_context.progress)

    def warm_up(self) -> None:
        """Start the first worker's process, so that it is ready when there is a step for it."""
        self._workers[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for worker in self._workers:
            worker.end(at_once=kind is not None)

    @property
    def busy(self) -> "list[Step]":
        """The steps that are running."""
        return [worker.step for worker in self._workers if worker.step is not None]

    @property
    def is_full(self) -> bool:
        """Whether no step may start now: no worker is idle, or starting another process is not worthwhile yet."""
        idle = [worker for worker in self._workers if worker.step is None]
        if not idle or any(worker.is_running for worker in idle):
            return not idle
        at_work = (worker.seconds_at_work for worker in self._workers if worker.step is not None)
        return min(at_work, default=_WORTH_A_START) < _WORTH_A_START

    def start(self, step: "Step") -> None:
        """Start the step in an idle worker."""
        idle = [worker for worker in self._workers if worker.step is None]
        max(idle, key=lambda worker: worker.is_running).take(step)

    def ask_to_stop(self) -> None:
        """Ask every worker to stop its step as soon as no work would be lost."""
        for worker in self._workers:
            worker.send(stop=True)

    def wait(self, seconds: float) -> StepEnd | None:
        """Wait for a message for at most `seconds`; return the end of a step, if the message is one."""
        try:
            worker, message = self._inbox.get(timeout=seconds)
        except Empty:
            return None
        if message is None:
            return self._end_step(worker, worker.last_output()) if worker.step is not None else None
        if "ready" in message:
            worker.note_ready()
        if "done" in message:
            error = f"{message['error']} ({worker.bug_advice})" if message["unexpected"] else message["error"]
            return self._end_step(worker, error, is_stop=message["stopped"])
        if "task" in message:
            self._show(worker, message)
        return None

    def _end_step(self, worker: WorkerProcess, error: str | None, *, is_stop: bool = False) -> StepEnd | None:
        step, worker.step = worker.step, None
        for line, _ in worker.shown.values():
            line.__exit__(None, None, None)
        worker.shown.clear()
        return StepEnd(step, error, is_stop) if step is not None else None

    def _show(self, worker: WorkerProcess, message: dict[str, Any]) -> None:
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
