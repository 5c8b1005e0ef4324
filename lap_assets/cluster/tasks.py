"""Dagster's tasks on a worker: each starts at most once, and stops when its run is canceled."""

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

from lap_assets.cluster.executor import is_canceled, is_given_up
from lap_assets.run_context import STOP

_CHECK_EVERY: Final = 5.0  # seconds


class StepTask(Task):
    """The task of one step."""

    abstract = True

    def __call__(self, execute_step_args_packed: dict[str, Any], executable_dict: dict[str, Any]) -> Any:
        """Run the step.

        Raises:
            Ignore: its run has ended, or another worker has started it.
        """
        arguments = unpack_value(execute_step_args_packed, as_type=ExecuteStepArgs)
        run_id, keys = arguments.run_id, arguments.step_keys_to_execute or ()
        if is_given_up(_instance(), run_id) or (_is_redelivered(self.request) and _has_started(run_id, keys)):
            raise Ignore
        with _stopping_when_canceled(run_id):
            return self.run(execute_step_args_packed=execute_step_args_packed, executable_dict=executable_dict)


def add_tasks(app: Any) -> None:
    """Register the tasks for runs and steps in the app."""
    create_task(app, base=StepTask)
    create_execute_job_task(app)


@lru_cache(maxsize=1)
def _instance() -> dg.DagsterInstance:
    return dg.DagsterInstance.get()


def _is_redelivered(request: Any) -> bool:
    """Return whether the broker delivered the task before without an acknowledgement."""
    return bool((request.delivery_info or {}).get("redelivered"))


def _has_started(run_id: str, step_keys: Sequence[str]) -> bool:
    started = _instance().all_logs(run_id, of_type=dg.DagsterEventType.STEP_START)
    return any(entry.step_key in step_keys for entry in started)


@contextmanager
def _stopping_when_canceled(run_id: str) -> Iterator[None]:
    """Ask the step to stop safely if its run is canceled.

    A step of a failed run continues to its end: a stopped scrape would count as done with what it has.
    """
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_CHECK_EVERY):
            if is_canceled(_instance(), run_id):
                STOP.set()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        if not is_leaving.is_set():
            STOP.clear()


is_leaving: Final = threading.Event()
"""Set when this worker is about to end: it takes no more tasks, and its present task stops safely."""
