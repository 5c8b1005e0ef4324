"""The home's own Dagster instance: its folder, its configuration, runs that a killed process left open, and marks for
partitions whose ids changed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import dagster as dg
from dagster._core.definitions.data_version import CODE_VERSION_TAG
from dagster._core.instance.ref import InstanceRef

from lap_assets.core.databases import damaged, quick_problem
from lap_assets.core.home import Home
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance_settings import keep_settings
from lap_assets.engine.lasting_storage import with_lasting_storage
from lap_assets.engine.status import GraphStatus
from lap_assets.posters.repartition import check_subfolders

RUN_TAG: Final = "lap/started-by"
OPEN: Final = [
    dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
]  # fmt: skip
"""The statuses of runs that have not ended."""


def prepare(home: Home) -> Path:
    """Makes DAGSTER_HOME, where it is not there yet, brings its settings up to date, and gives its path.

    Raises:
        OSError: the home cannot be written.
        SettingsError: its ids are cut into other subfolders than now.
        StateError: its records are damaged.
    """
    check_subfolders(home)
    for path in home.databases:
        if path.is_relative_to(home.dagster) and (problem := quick_problem(path, is_used=home.tables.exists())):
            raise damaged(path, problem)
    keep_settings(settings_path(home))
    return home.dagster


def settings_path(home: Home) -> Path:
    """Where the instance's settings are."""
    return home.dagster / "dagster.yaml"


def open_instance(home: Home) -> dg.DagsterInstance:
    """The home's instance; a context manager."""
    prepare(home)
    return instance_of(home)


def instance_of(home: Home) -> dg.DagsterInstance:
    """The instance of a home that was prepared before, whatever its cut."""
    return dg.DagsterInstance.from_ref(with_lasting_storage(InstanceRef.from_dir(str(home.dagster))))


def close_abandoned_runs(instance: dg.DagsterInstance) -> int:
    """Closes runs of the command line that are open while nobody runs them, and frees what they hold.

    Gives their number.

    To be called by whoever holds the home's run lock: then no such run is alive.
    """
    still_open = instance.get_runs(dg.RunsFilter(statuses=OPEN, tags={RUN_TAG: "cli"}))
    for run in still_open:
        if run.status is dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, "the process that ran it was stopped")
        else:
            instance.report_run_failed(run, "the process that ran it was stopped")
    _free_slots_of_the_dead(instance)
    return len(still_open)


def _free_slots_of_the_dead(instance: dg.DagsterInstance) -> None:
    """Frees places in pools that ended runs still hold: a killed run gives none back, and everybody would wait."""
    storage = instance.event_log_storage
    for pool in storage.get_concurrency_keys():
        held = storage.get_concurrency_info(pool)
        for run_id in {*held.active_run_ids, *held.pending_run_ids, *held.assigned_run_ids}:
            run = instance.get_run_by_id(run_id)
            if run is None or run.is_finished:
                storage.free_concurrency_slots_for_run(run_id)


_NOTE: Final = "before another cut"


def mark_changed(graph: Graph, instance: dg.DagsterInstance, subfolders: Sequence[str]) -> int:
    """Notes in the history of these partitions that their ids changed, so that they are stale; gives how many.

    Their earlier events stay. A note is an event with the data version that the partition had, and with no asset's
    code version.
    """
    statuses = GraphStatus(graph, instance, None)
    marked = 0
    for asset in graph.assets:
        if not graph.is_partitioned(asset):
            continue
        for key in subfolders:
            version = statuses.version((asset, key))
            if version is None:
                continue
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    asset,
                    partition=key,
                    description=f"The ids of subfolder {key} changed: what it held was moved, and is made again.",
                    tags={"dagster/data_version": version, CODE_VERSION_TAG: _NOTE},
                )
            )
            marked += 1
    return marked


@contextmanager
def no_run_left_open(instance: dg.DagsterInstance) -> Iterator[None]:
    """Closes what killed workers left open: those of an earlier pass, and those of this one if it is interrupted."""
    close_abandoned_runs(instance)
    try:
        yield
    finally:
        close_abandoned_runs(instance)
