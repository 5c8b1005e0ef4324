"""Steps executed as runs by Dagster's queue and launcher, for a pass that is itself a run.

They are shown, limited, monitored and canceled like all runs of the UI. If a run from elsewhere (a sensor, a person)
is already making the step, the pass waits for it. When the pass is interrupted, its own runs are canceled.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, Final, Self

import dagster as dg

from lap_assets.engine.failure_reasons import failure_reason_of_run
from lap_assets.engine.graph import Step
from lap_assets.engine.instance import OPEN, RUN_TAG
from lap_assets.engine.worker_pool import StepEnd

REFRESH_TAG: Final = "lap/refresh"
"""The tag of each run of a pass: the id of the run that requested it."""
_JOB: Final = "__ASSET_JOB"
_PARTITION: Final = "dagster/partition"
_CANCELING: Final = 30.0  # seconds for canceled runs to end; after that, monitoring closes them
_POLL: Final = 0.5  # seconds


class LaunchedRuns:
    """At most `most` runs at a time. A context manager that cancels its open runs if it exits with an error."""

    def __init__(self, context: dg.OpExecutionContext, most: int) -> None:
        """`context`: of the op that is the pass; its run knows the location of the definitions."""
        self._instance = context.instance
        self._repository = context.repository_def
        self._parent = context.run
        self._most = most
        self._steps: dict[str, Step] = {}
        self._own: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is not None:
            self._cancel()

    @property
    def busy(self) -> list[Step]:
        """The steps that are queued or running."""
        return list(self._steps.values())

    @property
    def is_full(self) -> bool:
        """Whether no further step may start."""
        return len(self._steps) >= self._most

    def start(self, step: Step) -> None:
        """Request a run of the step, or wait for the run that is already making it."""
        self._steps[self._find_run(step) or self._request_run(step)] = step

    def ask_to_stop(self) -> None:
        """Cancel the runs."""
        self._cancel()

    def wait(self, seconds: float) -> StepEnd | None:
        """Wait for at most `seconds`; return the end of a step, if one has ended."""
        for run in self._runs():
            if run.is_finished:
                self._own.discard(run.run_id)
                return StepEnd(self._steps.pop(run.run_id), self._error(run))
        time.sleep(seconds)
        return None

    def _error(self, run: dg.DagsterRun) -> str | None:
        if run.is_success:
            return None
        if run.status is dg.DagsterRunStatus.CANCELED:
            return f"run {run.run_id[:8]} was canceled"
        return f"run {run.run_id[:8]}: {failure_reason_of_run(self._instance, run.run_id)}"

    def _runs(self) -> list[dg.DagsterRun]:
        return list(self._instance.get_runs(dg.RunsFilter(run_ids=list(self._steps)))) if self._steps else []

    def _find_run(self, step: Step) -> str | None:
        """Return the open run that makes all assets of the step, if there is one."""
        tags = {_PARTITION: step.partition} if step.partition is not None else {}
        assets = {dg.AssetKey(asset) for asset in step.assets}
        for run in self._instance.get_runs(dg.RunsFilter(statuses=OPEN, tags=tags)):
            if run.run_id not in self._steps and assets <= (run.asset_selection or set()):
                return run.run_id
        return None

    def _request_run(self, step: Step) -> str:
        origin, code = self._parent.remote_job_origin, self._parent.job_code_origin
        if origin is None or code is None:
            raise dg.Failure("this run was started without a launcher: start it in the UI", allow_retries=False)
        run_id = str(uuid.uuid4())
        self._own.add(run_id)  # before the run exists: an interrupt may come at any moment
        self._instance.create_run_for_job(
            self._repository.get_job(_JOB),
            run_id=run_id,
            asset_selection={dg.AssetKey(asset) for asset in step.assets},
            tags=self._tags(step),
            remote_job_origin=origin.repository_origin.get_job_origin(_JOB),
            job_code_origin=code.repository_origin.get_job_origin(_JOB),
        )
        self._instance.submit_run(run_id, _NO_WORKSPACE)
        return run_id

    def _tags(self, step: Step) -> dict[str, str]:
        tags = {RUN_TAG: "refresh_stale", REFRESH_TAG: self._parent.run_id}
        return tags if step.partition is None else {**tags, _PARTITION: step.partition}

    def _cancel(self) -> None:
        """Cancel all runs requested by this pass, and wait until they have ended."""
        until = time.monotonic() + _CANCELING
        canceled: set[str] = set()
        while (still_open := list(self._still_open())) and time.monotonic() < until:
            for run in still_open:
                if run.run_id not in canceled:
                    canceled.add(run.run_id)
                    with suppress(Exception):  # an unreachable run must not keep the others open
                        self._cancel_one(run)
            time.sleep(_POLL)

    def _cancel_one(self, run: dg.DagsterRun) -> None:
        if run.status is dg.DagsterRunStatus.NOT_STARTED:  # created but not yet queued
            self._instance.report_run_canceled(run)
        else:
            self._instance.run_coordinator.cancel_run(run.run_id)

    def _still_open(self) -> Iterator[dg.DagsterRun]:
        if self._own:
            yield from self._instance.get_runs(dg.RunsFilter(run_ids=list(self._own), statuses=OPEN))


_NO_WORKSPACE: Final[Any] = None  # the queue needs no workspace: the daemon launches the runs
