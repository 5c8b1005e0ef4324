"""The home's own Dagster instance: its folder and configuration, and runs left open by a killed process."""

from pathlib import Path
from typing import Final

import dagster as dg
from dagster._core.instance.ref import InstanceRef

from lap_assets.core.databases import damaged, quick_problem
from lap_assets.core.home import Home
from lap_assets.engine.instance_settings import keep_settings
from lap_assets.posters.repartition import check_subfolders

RUN_TAG: Final = "lap/started-by"
OPEN: Final = [
    dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
]  # fmt: skip
"""The statuses of runs that have not ended."""


def prepare(home: Home) -> Path:
    """Create DAGSTER_HOME if necessary, update its settings, and return its path.

    Raises:
        OSError: the home is not writable.
        SettingsError: the home was made with another table of subfolders.
        StateError: a database is damaged.
    """
    check_subfolders(home)
    for path in home.databases:
        if path.is_relative_to(home.dagster) and (problem := quick_problem(path, is_used=home.tables.exists())):
            raise damaged(path, problem)
    keep_settings(settings_path(home))
    return home.dagster


def settings_path(home: Home) -> Path:
    """Return the path of the instance's settings."""
    return home.dagster / "dagster.yaml"


def open_instance(home: Home) -> dg.DagsterInstance:
    """Prepare the home and open its instance; a context manager."""
    prepare(home)
    return instance_of(home)


def instance_of(home: Home) -> dg.DagsterInstance:
    """Open the instance of a prepared home, without checking its table of subfolders."""
    from lap_assets.engine.lasting_storage import with_lasting_storage
    from lap_assets.engine.worker_output import with_worker_output

    ref = InstanceRef.from_dir(str(home.dagster))
    return dg.DagsterInstance.from_ref(with_worker_output(with_lasting_storage(ref)))


def close_abandoned_runs(instance: dg.DagsterInstance) -> int:
    """Close runs of the command line that were left open, free their pool slots, and return their number.

    The caller must hold the home's run lock: then no such run is alive.
    """
    still_open = instance.get_runs(dg.RunsFilter(statuses=OPEN, tags={RUN_TAG: "cli"}))
    for run in still_open:
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, "the process that ran it was stopped")
        else:
            instance.report_run_failed(run, "the process that ran it was stopped")
    _free_slots_of_ended_runs(instance)
    return len(still_open)


def _free_slots_of_ended_runs(instance: dg.DagsterInstance) -> None:
    """Free pool slots that ended runs still hold: a killed run does not return them, and others would wait."""
    storage = instance.event_log_storage
    for pool in storage.get_concurrency_keys():
        held = storage.get_concurrency_info(pool)
        for run_id in {*held.active_run_ids, *held.pending_run_ids, *held.assigned_run_ids}:
            run = instance.get_run_by_id(run_id)
            if run is None or run.is_finished:
                storage.free_concurrency_slots_for_run(run_id)
