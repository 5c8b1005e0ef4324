"""How each asset's partition stands: fresh, stale, missing, failed or running, and why.

Dagster's own resolver says what is stale. It is blind in one case: what was made before the first event of something
that it is made from. That case is added here.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dagster as dg
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContext

from lap_assets.engine.graph import Graph, Slot


class Status(StrEnum):
    """How a partition of an asset stands."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    FAILED = "failed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Standing:
    """A partition's status and what caused it, in words."""

    status: Status
    causes: tuple[str, ...] = ()


class _Context(LoadingContext):
    """What the resolver loads records through: one short-lived cache."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._loaders: dict[Any, Any] = {}

    @property
    def instance(self) -> dg.DagsterInstance:
        return self._instance

    @property
    def loaders(self) -> dict[Any, Any]:
        return self._loaders


class Standings:
    """A look at the instance at one moment; make a new one to look again."""

    def __init__(self, graph: Graph, instance: dg.DagsterInstance) -> None:
        self._graph = graph
        self._instance = instance
        self._resolver = CachingStaleStatusResolver(instance, graph.asset_graph, _Context(instance))
        self._attempts: dict[str, dict[str, tuple[str, int]]] = {}
        self._latest: dict[Slot, Any | None] = {}

    def of(self, slot: Slot) -> Standing:
        """How this partition stands."""
        asset, partition = slot
        latest = self.latest(slot)
        if latest is not None and (failed := self._failed_checks(slot)):
            return Standing(Status.FAILED, failed)
        if (tried := self._unfinished_attempt(slot, latest)) is not None:
            return tried
        if latest is None:
            return Standing(Status.MISSING, ("never made",))
        key = dg.AssetKey(asset)
        status = self._resolver.get_status(key, partition)
        causes = [_in_words(cause) for cause in self._resolver.get_stale_causes(key, partition)]
        causes += self._came_later(slot, latest)
        if status is StaleStatus.FRESH and not causes:
            return Standing(Status.FRESH)
        return Standing(Status.STALE, tuple(dict.fromkeys(causes)))

    def latest(self, slot: Slot) -> Any | None:
        """The record of the last materialization, or None."""
        if slot not in self._latest:
            records = self._instance.fetch_materializations(_events_of(slot), limit=1).records
            self._latest[slot] = records[0] if records else None
        return self._latest[slot]

    def version(self, slot: Slot) -> str | None:
        """The data version that the partition has now."""
        latest = self.latest(slot)
        return latest.asset_materialization.tags.get("dagster/data_version") if latest else None

    def metadata(self, slot: Slot, key: str) -> Any | None:
        """A value of the last materialization's metadata."""
        latest = self.latest(slot)
        value = latest.asset_materialization.metadata.get(key) if latest else None
        return value.value if value is not None else None

    def _failed_checks(self, slot: Slot) -> tuple[str, ...]:
        """Blocking checks whose last evaluation said that something is wrong."""
        asset, partition = slot
        keys = [
            key
            for key in self._graph.asset_graph.get_check_keys_for_assets({dg.AssetKey(asset)})
            if self._graph.asset_graph.get(key).blocking
        ]
        found = []
        for key in keys:
            evaluation = self._last_evaluation(key, partition)
            if evaluation is not None and not evaluation.passed:
                found.append(f"check {key.name}: {evaluation.description}")
        return tuple(found)

    def _last_evaluation(self, key: dg.AssetCheckKey, partition: str | None) -> Any | None:
        from dagster._core.event_api import PartitionKeyFilter

        latest = self._instance.event_log_storage.get_latest_asset_check_execution_by_key(
            [key], partition_filter=PartitionKeyFilter(key=partition) if partition is not None else None
        ).get(key)
        event = latest.event.dagster_event if latest is not None and latest.event is not None else None
        is_evaluation = event is not None and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        return event.asset_check_evaluation_data if event is not None and is_evaluation else None

    def _unfinished_attempt(self, slot: Slot, latest: Any | None) -> Standing | None:
        """The run that last tried to make the partition, if it is still at it or has failed."""
        asset, partition = slot
        attempt = self._last_attempt(asset, partition)
        if attempt is None or (latest is not None and attempt[1] < latest.storage_id):
            return None
        run = self._instance.get_run_by_id(attempt[0])
        if run is None or run.is_success:
            return None
        if not run.is_finished:
            return Standing(Status.RUNNING, (f"run {run.run_id[:8]} is at it",))
        return Standing(Status.FAILED, (f"run {run.run_id[:8]} ended as {run.status.value.lower()}",))

    def _last_attempt(self, asset: str, partition: str | None) -> tuple[str, int] | None:
        if partition is None:
            record = next(iter(self._instance.get_asset_records([dg.AssetKey(asset)])), None)
            entry = record.asset_entry if record is not None else None
            if entry is None or entry.last_run_id is None:
                return None
            last = entry.last_materialization_storage_id or 0
            finished = entry.last_materialization is not None and entry.last_materialization.run_id == entry.last_run_id
            return (entry.last_run_id, last if finished else last + 1)
        if asset not in self._attempts:
            storage = self._instance.event_log_storage
            self._attempts[asset] = dict(
                storage.get_latest_asset_partition_materialization_attempts_without_materializations(dg.AssetKey(asset))
            )
        return self._attempts[asset].get(partition)

    def _came_later(self, slot: Slot, latest: Any) -> list[str]:
        """Upstream partitions whose first event came after this one was made."""
        asset, partition = slot
        (step,) = self._graph.steps([asset], [partition] if partition is not None else [])
        found = []
        for needed in sorted(step.needs, key=str):
            newest = self.latest(needed)
            if newest is None or newest.storage_id < latest.storage_id:
                continue
            oldest = self._instance.fetch_materializations(_events_of(needed), limit=1, ascending=True).records[0]
            if oldest.storage_id > latest.storage_id:
                found.append(f"{_slot_name(*needed)} is new")
        return found


def _events_of(slot: Slot) -> dg.AssetRecordsFilter:
    asset, partition = slot
    return dg.AssetRecordsFilter(
        asset_key=dg.AssetKey(asset), asset_partitions=[partition] if partition is not None else None
    )


def _slot_name(asset: str, partition: str | None) -> str:
    return asset if partition is None else f"{asset} [{partition}]"


def _in_words(cause: Any) -> str:
    where = cause.dependency or cause.key
    return f"{_slot_name(where.asset_key.to_user_string(), where.partition_key)} {cause.reason}"
