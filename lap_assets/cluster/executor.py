"""The executor of a cluster: dagster-celery's, extended to notice dead workers and canceled runs.

It runs in the run's process, on a worker of the queue `runs`.
"""

import time
from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
from celery.result import AsyncResult
from celery.states import READY_STATES, STARTED
from dagster._core.errors import DagsterExecutionInterruptedError
from dagster._core.execution.plan.objects import StepFailureData
from dagster._core.execution.retries import RetryMode
from dagster._serdes import serialize_value
from dagster_celery import core_execution_loop
from dagster_celery.executor import CeleryExecutor, _submit_task
from dagster_shared.error import SerializableErrorInfo

from lap_assets.cluster.broker import app_arguments, broker_app
from lap_assets.cluster.watching import Watch
from lap_assets.settings import Settings
from lap_assets.startup import load_settings

_CHECK_EVERY: Final = 5.0  # seconds
_TICK: Final = 0.2  # seconds; dagster-celery polls its steps every second, longer than most of LAP's take
_CANCELED: Final = (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED)


def is_given_up(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Return whether the run's steps are no longer needed: it is being canceled, or has failed."""
    run = instance.get_run_by_id(run_id)
    return run is None or run.status in (*_CANCELED, dg.DagsterRunStatus.FAILURE)


def is_canceled(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Return whether somebody canceled the run."""
    run = instance.get_run_by_id(run_id)
    return run is not None and run.status in _CANCELED


class _RunWatch:
    """Checks every five seconds whether a run's steps are still needed."""

    def __init__(self, instance: dg.DagsterInstance, run_id: str) -> None:
        self._instance = instance
        self._run_id = run_id
        self._next = time.monotonic() + _CHECK_EVERY

    def check(self) -> None:
        """Return if the run's steps are still needed.

        Raises:
            DagsterExecutionInterruptedError: they are not.
        """
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _CHECK_EVERY
            if is_given_up(self._instance, self._run_id):
                raise DagsterExecutionInterruptedError


class _StepResult:
    """A queued or running step, with the methods that dagster-celery's loop calls on a result."""

    def __init__(self, result: AsyncResult, context: Any, watch: Watch, run_watch: _RunWatch) -> None:
        self._result = result
        self._context = context
        self._watch = watch
        self._run_watch = run_watch
        self._worker: str | None = None
        self._is_lost = False

    def ready(self) -> bool:
        """Return whether the step has ended or its worker has died."""
        self._run_watch.check()
        meta = self._result.backend.get_task_meta(self._result.id)
        if meta["status"] in READY_STATES:
            return True
        if meta["status"] == STARTED:
            self._worker = meta["result"]["hostname"]
        self._is_lost = self._worker is not None and self._watch.is_dead(self._worker)
        return self._is_lost

    def get(self) -> list[str]:
        """Return the step's events; for a lost step, a failure event."""
        if self._is_lost:
            return [serialize_value(self._failure())]
        events: list[str] = self._result.get(disable_sync_subtasks=False)
        self._result.forget()
        return events

    def revoke(self) -> None:
        """Keep workers from starting the step."""
        self._result.revoke()

    def _failure(self) -> Any:
        why = f"the worker {self._worker} died (no answer); run_retries in dagster.yaml starts the run again"
        return dg.DagsterEvent.step_failure_event(
            step_context=self._context,
            step_failure_data=StepFailureData(  # type: ignore[no-untyped-call]
                error=SerializableErrorInfo(why, [], "WorkerDied"), user_failure_data=None
            ),
            message=why,
        )


class ClusterExecutor(CeleryExecutor):
    """Puts each step into its asset's queue and watches it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(retries=RetryMode.ENABLED, **app_arguments(settings))
        self._settings = settings

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        """Run the plan; yield its events as they arrive."""
        app = broker_app(self._settings)
        watch = Watch(app, self._settings.worker_silence)
        run_watch = _RunWatch(plan_context.instance, plan_context.run_id)

        def submit(_: Any, context: Any, step: Any, queue: str, priority: int, known_state: Any) -> _StepResult:
            result = _submit_task(app, context, step, queue, priority, known_state)
            return _StepResult(result, context.for_step(step), watch, run_watch)

        core_execution_loop.TICK_SECONDS = _TICK
        yield from core_execution_loop.core_celery_execution_loop(
            plan_context, execution_plan, step_execution_fn=submit
        )


@dg.executor(name="cluster", requirements=dg.multiple_process_executor_requirements())
def cluster_executor(_: dg.InitExecutorContext) -> ClusterExecutor:
    """Return the executor with the settings of the run's environment."""
    return ClusterExecutor(load_settings())
