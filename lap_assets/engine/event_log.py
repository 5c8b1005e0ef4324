"""Reader of the partitions' events in Dagster's event log, with a few queries per asset.

Dagster's own readers query each partition and each input separately, about 700 queries for this graph. This one reads
all partitions of an asset together, once. `status` interprets the events.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import dagster as dg

from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.materializations import MADE, columns_of, newest, newest_of_each, open_attempts

_VERSION: Final = "dagster/data_version"
_CODE: Final = "dagster/code_version"
_INPUT_VERSION: Final = "dagster/input_data_version/"
_INPUT_POINTER: Final = "dagster/input_event_pointer/"
_PLANNED: Final = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED


class EventLog:
    """A snapshot of the event log; create a new one to see later events."""

    def __init__(self, graph: Graph, instance: dg.DagsterInstance) -> None:
        self._graph = graph
        self._instance = instance
        self._storage = instance.event_log_storage
        self._latest: dict[str, Mapping[str | None, Any]] = {}
        self._attempts: dict[str, Mapping[str | None, tuple[str, int]]] = {}
        self._versions_at: dict[tuple[str, int], Mapping[str, Mapping[str, str]]] = {}
        self._evaluations: dict[str | None, Mapping[dg.AssetCheckKey, Any]] = {}

    def after(self, slots: Collection[AssetPartition]) -> "EventLog":
        """Return a snapshot after a run of these partitions.

        Only the assets of these partitions are read again, and their children, which the run may have recorded as
        unchanged.
        """
        assets = {asset for asset, _ in slots}
        outdated = assets.union(*map(self._graph.children, assets))
        partitions = {partition for _, partition in slots}
        log = EventLog(self._graph, self._instance)
        log._latest = {asset: found for asset, found in self._latest.items() if asset not in outdated}
        log._attempts = {asset: found for asset, found in self._attempts.items() if asset not in outdated}
        log._evaluations = {one: found for one, found in self._evaluations.items() if one not in partitions}
        log._versions_at = self._versions_at  # past versions do not change
        return log

    def latest(self, slot: AssetPartition) -> Any | None:
        """Return the record of the last materialization, or None."""
        asset, partition = slot
        if asset not in self._latest:
            read = newest_of_each if self._graph.is_partitioned(asset) else newest
            self._latest[asset] = read(self._instance, asset)
        return self._latest[asset].get(partition)

    def columns(self, slot: AssetPartition) -> tuple[str, ...]:
        """Return the table's columns when the partition was made; empty if unknown."""
        latest = self.latest(slot)
        return columns_of(latest) if latest else ()

    def version(self, slot: AssetPartition) -> str | None:
        """Return the partition's current data version."""
        latest = self.latest(slot)
        return _tags(latest).get(_VERSION) if latest else None

    def code_version(self, slot: AssetPartition) -> str | None:
        """Return the code version with which the partition was made."""
        latest = self.latest(slot)
        return _tags(latest).get(_CODE) if latest else None

    def input_version(self, slot: AssetPartition, parent: str) -> str | None:
        """Return the data version of the input that the partition was made from; None if there was no such input."""
        return _tags(self.latest(slot)).get(f"{_INPUT_VERSION}{parent}")

    def versions_of(self, slots: Sequence[AssetPartition]) -> str | None:
        """Return the combined data version of these partitions of one asset, as Dagster records it for an input."""
        versions = [version for slot in sorted(slots, key=str) if (version := self.version(slot)) is not None]
        if slots and slots[0][1] is None:
            return versions[0] if versions else None
        return hashlib.sha256("".join(versions).encode()).hexdigest() if versions else None

    def input_pointer(self, slot: AssetPartition, parent: str) -> int | None:
        """Return the number of the input's newest event when the partition was made; None if there was none."""
        kept = _tags(self.latest(slot)).get(f"{_INPUT_POINTER}{parent}")
        return int(kept) if kept and kept != "NULL" else None

    def inputs(self, slot: AssetPartition) -> frozenset[str]:
        """Return the assets that the partition was made from."""
        tags = _tags(self.latest(slot))
        return frozenset(tag.removeprefix(_INPUT_VERSION) for tag in tags if tag.startswith(_INPUT_VERSION))

    def version_at(self, slot: AssetPartition, event: int) -> str | None:
        """Return a partition's data version right after the event with this number; None if it was not made by then."""
        asset, partition = slot
        if (asset, event) not in self._versions_at:
            self._versions_at[asset, event] = self._storage.get_latest_tags_by_partition(
                dg.AssetKey(asset), MADE, [_VERSION], before_cursor=event + 1
            )
        return self._versions_at[asset, event].get(str(partition), {}).get(_VERSION)

    def last_attempt(self, slot: AssetPartition) -> tuple[str, int] | None:
        """Return the last run that planned to make the partition but has not, and that event's number; or None."""
        asset, partition = slot
        if asset not in self._attempts:
            self._attempts[asset] = self._open_attempts(asset)
        return self._attempts[asset].get(partition)

    def attempts(self, slot: AssetPartition, after: int) -> int:
        """Return the number of runs that have planned to make the partition since the event with this number."""
        asset, partition = slot
        planned = dg.EventRecordsFilter(
            event_type=_PLANNED,
            asset_key=dg.AssetKey(asset),
            asset_partitions=[partition] if partition is not None else None,
            after_cursor=after,
        )
        return len({record.run_id for record in self._storage.get_event_records(planned)})

    def evaluation(self, key: dg.AssetCheckKey, partition: str | None) -> Any | None:
        """Return the last completed evaluation of a check on a partition, or None."""
        if partition not in self._evaluations:
            self._evaluations[partition] = self._checked(partition)
        record = self._evaluations[partition].get(key)
        event = record.event.dagster_event if record is not None and record.event is not None else None
        if event is None or event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
            return None
        return event.asset_check_evaluation_data

    def _open_attempts(self, asset: str) -> Mapping[str | None, tuple[str, int]]:
        key = dg.AssetKey(asset)
        if self._graph.is_partitioned(asset):
            return {key: attempt for key, attempt in open_attempts(self._instance, asset).items()}  # noqa: C416 - keys widen
        planned = self._storage.get_event_records(
            dg.EventRecordsFilter(event_type=_PLANNED, asset_key=key), limit=1, ascending=False
        )
        made = self.latest((asset, None))
        if not planned or (made is not None and made.run_id == planned[0].run_id):
            return {}
        return {None: (planned[0].run_id, planned[0].storage_id)}

    def _checked(self, partition: str | None) -> Mapping[dg.AssetCheckKey, Any]:
        from dagster._core.event_api import PartitionKeyFilter

        assets = {
            dg.AssetKey(a) for a in self._graph.assets if self._graph.is_partitioned(a) == (partition is not None)
        }
        keys = list(self._graph.asset_graph.get_check_keys_for_assets(assets))
        only = PartitionKeyFilter(key=partition) if partition is not None else None
        return self._storage.get_latest_asset_check_execution_by_key(keys, partition_filter=only)


def _tags(record: Any | None) -> Mapping[str, str]:
    made = record.asset_materialization if record is not None else None
    return (made.tags or {}) if made is not None else {}
