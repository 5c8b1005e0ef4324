"""What a worker does: Dagster's tasks, each started once, and stopped when nobody waits for it any more."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import dagster as dg
from celery import Task
from celery.exceptions import Ignore
from dagster._grpc.types import ExecuteStepArgs
from dagster._serdes import unpack_value
from dagster_celery.tasks import create_execute_job_task, create_task

from lap_assets.cluster.executor import is_cancelled, is_given_up
from lap_assets.run_context import STOP

_LOOK_EVERY: Final = 5.0


class StepTask(Task):
    """The task of one step."""

    abstract = True

    def __call__(self, execute_step_args_packed: dict[str, Any], executable_dict: dict[str, Any]) -> Any:
        """Runs the step.

        Raises:
            Ignore: its run is over, or another worker has started it.
        """
        asked = unpack_value(execute_step_args_packed, as_type=ExecuteStepArgs)
        run_id, keys = asked.run_id, asked.step_keys_to_execute or ()
        if is_given_up(_instance(), run_id) or (_came_back(self.request) and _has_started(run_id, keys)):
            raise Ignore
        with _stopping_when_cancelled(run_id):
            return self.run(execute_step_args_packed=execute_step_args_packed, executable_dict=executable_dict)


def add_tasks(app: Any) -> None:
    """Makes the app able to do runs and steps."""
    create_task(app, base=StepTask)
    create_execute_job_task(app)


@lru_cache(maxsize=1)
def _instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.get()


def _came_back(request: Any) -> bool:
    """Whether the broker handed the task out before, and heard nothing of it."""
    return bool((request.delivery_info or {}).get("redelivered"))


def _has_started(run_id: str, step_keys: Sequence[str]) -> bool:
    started = _instance().all_logs(run_id, of_type=dg.DagsterEventType.STEP_START)
    return any(entry.step_key in step_keys for entry in started)


@contextmanager
def _stopping_when_cancelled(run_id: str) -> Iterator[None]:
    """Asks the step to stop safely when its run is cancelled.

    A step of a run that failed continues to its end: stopped, a scrape would count as done with what it has.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY):
            if is_cancelled(_instance(), run_id):
                STOP.set()
                return

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield
    finally:
        ended.set()
        looking.join()
        if not is_leaving.is_set():
            STOP.clear()


is_leaving: Final = threading.Event()
"""Whether this worker is about to end: it takes no more tasks, and its present one stops safely."""
