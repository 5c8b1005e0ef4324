"""Partition status computed from the event log, the tables, the checks and the runs.

Why a partition is stale is in `staleness`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import dagster as dg

from lap_assets.engine.event_log import EventLog
from lap_assets.engine.failure_reasons import failure_reason_of_run
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.records import Records, records_of
from lap_assets.engine.staleness import stale_reasons
from lap_assets.resources import table_path
from lap_assets.table_files import table_problem


class Status(StrEnum):
    """The status of an asset's partition."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    FAILED = "failed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class PartitionStatus:
    """A partition's status and the reasons for it, in words. `canceled`: it failed because somebody canceled it."""

    status: Status
    reasons: tuple[str, ...] = ()
    canceled: bool = False


class GraphStatus:
    """A snapshot of the status of all partitions; create a new one to see later changes."""

    def __init__(self, graph: Graph, source: dg.DagsterInstance | Records, tables: Path | None) -> None:
        """`source`: an instance, or a home's records.

        `tables`: the home's folder of tables, to detect missing or damaged ones; None: only events count.
        """
        self.graph = graph
        self._tables = tables
        self._problems: dict[AssetPartition, str | None] = {}
        self._records = records_of(source)
        self.event_log = EventLog(graph, self._records)
        self._known: dict[AssetPartition, PartitionStatus] = {}

    def after(self, slots: Collection[AssetPartition]) -> "GraphStatus":
        """Return a snapshot after a run of these partitions; the caller knows that nothing else has changed."""
        status = GraphStatus(self.graph, self._records, self._tables)
        status.event_log = self.event_log.after(slots)
        status._problems = {slot: problem for slot, problem in self._problems.items() if slot not in slots}
        return status

    def of(self, slot: AssetPartition) -> PartitionStatus:
        """Return the status of this partition."""
        if slot not in self._known:
            self._known[slot] = self._compute(slot)
        return self._known[slot]

    def table_problem(self, slot: AssetPartition) -> str | None:
        """Return the problem of a materialized partition's table (missing, cut short, …); None if there is none."""
        if slot not in self._problems:
            was_made = self._tables is not None and self.event_log.latest(slot) is not None
            self._problems[slot] = self._check_table(slot) if was_made else None
        return self._problems[slot]

    def version(self, slot: AssetPartition) -> str | None:
        """Return the partition's current data version."""
        return self.event_log.version(slot)

    def metadata(self, slot: AssetPartition, key: str) -> Any | None:
        """Return a value of the last materialization's metadata, or None."""
        latest = self.event_log.latest(slot)
        value = latest.asset_materialization.metadata.get(key) if latest else None
        return value.value if value is not None else None

    def has_failed_checks(self, slot: AssetPartition) -> bool:
        """Return whether a blocking check of the partition has failed: then nothing may be made from it."""
        return self.event_log.latest(slot) is not None and bool(self._failed_checks(slot))

    def tries(self, slot: AssetPartition) -> int:
        """Return the number of runs that have tried to make a failed partition since it or an input last changed."""
        numbers = [made.storage_id for needed in self.graph.needs(slot) if (made := self.event_log.latest(needed))]
        own = self.event_log.latest(slot)
        if own is not None and not self.has_failed_checks(slot):
            numbers.append(own.storage_id)
        return self.event_log.attempts(slot, max(numbers, default=0))

    def _compute(self, slot: AssetPartition) -> PartitionStatus:
        latest = self.event_log.latest(slot)
        if latest is not None and (failed := self._failed_checks(slot)):
            return self._running(slot, latest) or PartitionStatus(Status.FAILED, failed)
        if (attempt := self._unfinished_attempt(slot, latest)) is not None:
            return attempt
        if latest is None:
            return PartitionStatus(Status.MISSING, ("never made",))
        reasons = stale_reasons(slot, self.graph, self.event_log)
        if problem := self.table_problem(slot):
            reasons = (f"its table {problem}", *reasons)
        return PartitionStatus(Status.STALE, reasons) if reasons else PartitionStatus(Status.FRESH)

    def _check_table(self, slot: AssetPartition) -> str | None:
        return table_problem(table_path(self._tables, *slot), self.event_log.columns(slot)) if self._tables else None

    def _failed_checks(self, slot: AssetPartition) -> tuple[str, ...]:
        """Return the blocking checks whose last evaluation failed."""
        found = []
        for key in self.graph.blocking_checks(slot[0]):
            evaluation = self.event_log.failed_evaluation(key, slot[1])
            if evaluation is not None:
                found.append(f"check {key.name}: {evaluation.description}")
        return tuple(found)

    def _running(self, slot: AssetPartition, latest: Any | None) -> PartitionStatus | None:
        attempt = self._unfinished_attempt(slot, latest)
        return attempt if attempt is not None and attempt.status is Status.RUNNING else None

    def _unfinished_attempt(self, slot: AssetPartition, latest: Any | None) -> PartitionStatus | None:
        """Return the status from the last run that tried to make the partition, if it is running or has failed."""
        attempt = self.event_log.last_attempt(slot)
        if attempt is None or (latest is not None and attempt[1] < latest.storage_id):
            return None
        run = self._records.instance.get_run_by_id(attempt[0])
        if run is None or run.is_success:
            return None
        if not run.is_finished:
            return PartitionStatus(Status.RUNNING, (f"run {run.run_id[:8]} is making it",))
        why = failure_reason_of_run(self._records.instance, run.run_id)
        reason = f"run {run.run_id[:8]} ended as {run.status.value.lower()}: {why}"
        return PartitionStatus(Status.FAILED, (reason,), canceled=run.status is dg.DagsterRunStatus.CANCELED)
