"""The status of each asset's partition: fresh, stale, missing, failed or running, and the reasons.

A partition is stale when its code version differs, or when the data version of an input is not the one that it was made
from. Dagster does not notice an input whose first event came after the partition was made; here that is stale too.
`tests/engine/test_staleness.py` compares these rules with Dagster's own.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import dagster as dg

from lap_assets.engine.event_log import EventLog
from lap_assets.engine.failure_reasons import failure_reason_of_run
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.metadata import CLASSES_PART
from lap_assets.resources import table_name, table_path
from lap_assets.table_files import table_problem


class Status(StrEnum):
    """How a partition of an asset stands."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    FAILED = "failed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class PartitionStatus:
    """A partition's status and what caused it, in words. `canceled`: it failed because somebody stopped it."""

    status: Status
    reasons: tuple[str, ...] = ()
    canceled: bool = False


class GraphStatus:
    """A look at the instance at one moment; make a new one to look again."""

    def __init__(self, graph: Graph, instance: dg.DagsterInstance, tables: Path | None) -> None:
        """`tables`: the home's folder of tables, to see which are gone or broken; None: only events count."""
        self.graph = graph
        self._tables = tables
        self._problems: dict[AssetPartition, str | None] = {}
        self.event_log = EventLog(graph, instance)
        self._instance = instance
        self._seen: dict[AssetPartition, PartitionStatus] = {}

    def of(self, slot: AssetPartition) -> PartitionStatus:
        """How this partition stands."""
        if slot not in self._seen:
            self._seen[slot] = self._look(slot)
        return self._seen[slot]

    def table_problem(self, slot: AssetPartition) -> str | None:
        """What is wrong with the table of a partition that was once made: missing, cut short, …; None: nothing."""
        if slot not in self._problems:
            was_made = self._tables is not None and self.event_log.latest(slot) is not None
            self._problems[slot] = self._look_at_table(slot) if was_made else None
        return self._problems[slot]

    def version(self, slot: AssetPartition) -> str | None:
        """The data version that the partition has now."""
        return self.event_log.version(slot)

    def metadata(self, slot: AssetPartition, key: str) -> Any | None:
        """A value of the last materialization's metadata."""
        latest = self.event_log.latest(slot)
        value = latest.asset_materialization.metadata.get(key) if latest else None
        return value.value if value is not None else None

    def has_failed_checks(self, slot: AssetPartition) -> bool:
        """Whether a blocking check says that what was made is wrong: nothing may be made from it."""
        return self.event_log.latest(slot) is not None and bool(self._failed_checks(slot))

    def tries(self, slot: AssetPartition) -> int:
        """How many runs have set out to make what stands as failed, since it or anything it is made from changed."""
        numbers = [made.storage_id for needed in self.graph.needs(slot) if (made := self.event_log.latest(needed))]
        own = self.event_log.latest(slot)
        if own is not None and not self.has_failed_checks(slot):
            numbers.append(own.storage_id)
        return self.event_log.attempts(slot, max(numbers, default=0))

    def _look(self, slot: AssetPartition) -> PartitionStatus:
        latest = self.event_log.latest(slot)
        if latest is not None and (failed := self._failed_checks(slot)):
            return self._at_it(slot, latest) or PartitionStatus(Status.FAILED, failed)
        if (tried := self._unfinished_attempt(slot, latest)) is not None:
            return tried
        if latest is None:
            return PartitionStatus(Status.MISSING, ("never made",))
        reasons = stale_reasons(slot, self.graph, self.event_log)
        if problem := self.table_problem(slot):
            reasons = (f"its table {problem}", *reasons)
        return PartitionStatus(Status.STALE, reasons) if reasons else PartitionStatus(Status.FRESH)

    def _look_at_table(self, slot: AssetPartition) -> str | None:
        return table_problem(table_path(self._tables, *slot), self.event_log.columns(slot)) if self._tables else None

    def _failed_checks(self, slot: AssetPartition) -> tuple[str, ...]:
        """Blocking checks whose last evaluation said that something is wrong."""
        found = []
        for key in self.graph.blocking_checks(slot[0]):
            evaluation = self.event_log.evaluation(key, slot[1])
            if evaluation is not None and not evaluation.passed:
                found.append(f"check {key.name}: {evaluation.description}")
        return tuple(found)

    def _at_it(self, slot: AssetPartition, latest: Any | None) -> PartitionStatus | None:
        tried = self._unfinished_attempt(slot, latest)
        return tried if tried is not None and tried.status is Status.RUNNING else None

    def _unfinished_attempt(self, slot: AssetPartition, latest: Any | None) -> PartitionStatus | None:
        """The run that last tried to make the partition, if it is still at it or has failed."""
        attempt = self.event_log.last_attempt(slot)
        if attempt is None or (latest is not None and attempt[1] < latest.storage_id):
            return None
        run = self._instance.get_run_by_id(attempt[0])
        if run is None or run.is_success:
            return None
        if not run.is_finished:
            return PartitionStatus(Status.RUNNING, (f"run {run.run_id[:8]} is at it",))
        why = failure_reason_of_run(self._instance, run.run_id)
        reason = f"run {run.run_id[:8]} ended as {run.status.value.lower()}: {why}"
        return PartitionStatus(Status.FAILED, (reason,), canceled=run.status is dg.DagsterRunStatus.CANCELED)


def stale_reasons(slot: AssetPartition, graph: Graph, event_log: EventLog) -> tuple[str, ...]:
    """Why the partition is stale, each cause in words; empty where it is not, or was never made."""
    latest = event_log.latest(slot)
    if latest is None:
        return ()
    name = partition_name(slot)
    reasons = []
    made_with = event_log.code_version(slot)
    # What was registered rather than made (adopted posters) tells neither its code nor its inputs: its place in the
    # log stands for them.
    has_code_version = made_with is not None
    if has_code_version and graph.code_version(slot[0]) not in (None, made_with):
        reasons.append(f"{name} {code_change(str(made_with), str(graph.code_version(slot[0])))}")
    needs = sorted(graph.needs(slot), key=str)
    known = event_log.inputs(slot)
    reasons += [f"{name} is no longer made from {gone}" for gone in sorted(known - {asset for asset, _ in needs})]
    for parent, group in groupby(needs, key=itemgetter(0)):
        if has_code_version and parent not in known:
            reasons += [f"{partition_name(one)} is a new dependency" for one in group if event_log.latest(one)]
        else:
            registered = None if has_code_version else latest.storage_id
            reasons += _reasons_of_input(slot, parent, list(group), event_log, registered)
    return tuple(dict.fromkeys(reasons))


def _reasons_of_input(
    slot: AssetPartition, parent: str, needs: list[AssetPartition], event_log: EventLog, registered: int | None
) -> list[str]:
    """What became of one input's partitions since the partition was made from them.

    `registered`: the number of the partition's event, where that does not say what it was made from.
    """
    newest = {needed: latest for needed in needs if (latest := event_log.latest(needed)) is not None}
    seen = event_log.input_pointer(slot, parent) if registered is None else registered
    later = [needed for needed, latest in newest.items() if seen is None or latest.storage_id > seen]
    if registered is None and event_log.input_version(slot, parent) == event_log.versions_of(list(newest)):
        return []  # what was wiped and came out the same has later events
    return [cause for needed in later if (cause := _changed(slot, needed, seen, event_log))]


def _changed(slot: AssetPartition, needed: AssetPartition, seen: int | None, event_log: EventLog) -> str | None:
    """What became of an input since the event `seen` (None: there was none of it)."""
    if seen is None:
        before = None
    elif needed[1] is None:
        before = event_log.input_version(slot, needed[0]) or None
    else:
        before = event_log.version_at(needed, seen)
    if before is None:
        return f"{partition_name(needed)} is new"
    return f"{partition_name(needed)} has a new data version" if before != event_log.version(needed) else None


def partition_name(slot: AssetPartition) -> str:
    """An asset's partition in words: `hash_pairs [3]`."""
    return table_name(*slot)


def code_change(before: str, now: str) -> str:
    """What another code version stands for: where only its last part, that of the classes, differs, people did it."""
    code, mark, _ = before.partition(CLASSES_PART)
    if mark and now.startswith(code + mark):
        return "was made with other classes (review/classes.txt changed)"
    return "has a new code version"
