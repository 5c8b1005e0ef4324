"""The run launcher of a cluster: each run is a task on the queue `runs`, so that it starts in a warm process.

dagster.yaml names it: `run_launcher: {module: lap_assets.cluster.launcher, class: ClusterRunLauncher}`. Its
configuration comes from `LAP_*` variables, so no address or password is stored in a file.
"""

from collections.abc import Mapping
from typing import Any, Self

import dagster as dg
from celery.states import FAILURE, STARTED, SUCCESS
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster._serdes import ConfigurableClassData
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG

from lap_assets.cluster.broker import app_arguments, broker_app
from lap_assets.cluster.watching import Watch
from lap_assets.queues import RUNS
from lap_assets.startup import load_settings


class ClusterRunLauncher(CeleryRunLauncher):
    """dagster-celery's launcher, extended to check whether a run's worker is alive and to cancel runs."""

    def __init__(self, inst_data: ConfigurableClassData | None = None) -> None:
        settings = load_settings()
        super().__init__(default_queue=RUNS, inst_data=inst_data, **app_arguments(settings))
        self.celery = broker_app(settings)
        self._watch = Watch(self.celery, settings.worker_silence)

    @classmethod
    def config_type(cls) -> Any:
        """Return an empty schema: all configuration comes from the environment."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]) -> Self:  # noqa: ARG003
        """Create the launcher from Dagster's configuration."""
        return cls(inst_data=inst_data)

    @property
    def supports_resume_run(self) -> bool:
        """False: after a worker's death, `run_retries` starts a new run of the unfinished steps."""
        return False

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Return the health of the run's worker, for Dagster's run monitoring."""
        task = self.celery.AsyncResult(run.tags[DAGSTER_CELERY_TASK_ID_TAG])
        meta = task.backend.get_task_meta(task.id)
        if meta["status"] == SUCCESS:
            return CheckRunHealthResult(WorkerStatus.SUCCESS)
        if meta["status"] == FAILURE:
            return CheckRunHealthResult(WorkerStatus.FAILED, "its task failed")
        if meta["status"] != STARTED:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, "the broker has forgotten its task")
        worker = meta["result"]["hostname"]
        if self._watch.wait_for_word(worker):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, f"the worker {worker} died (no answer)")

    def terminate(self, run_id: str) -> bool:
        """Ask the run to end; its worker checks every few seconds."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        return True
