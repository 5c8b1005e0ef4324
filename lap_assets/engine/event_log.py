"""Reader of the partitions' events in Dagster's event log, with a few queries.

Dagster's own readers query each partition and each input separately, about 700 queries for this graph. This one reads
all partitions of all assets together, once. `status` interprets the events.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from typing import Any, Final

import dagster as dg

from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.records import Records, records_of
from lap_assets.event_queries import (
    ByPartition,
    Query,
    failed_checks,
    newest_attempts,
    newest_materializations,
    runs_after,
    tags_at,
)
from lap_assets.materializations import columns_of

_VERSION: Final = "dagster/data_version"
_CODE: Final = "dagster/code_version"
_INPUT_VERSION: Final = "dagster/input_data_version/"
_INPUT_POINTER: Final = "dagster/input_event_pointer/"


class EventLog:
    """A snapshot of the event log; create a new one to see later events."""

    def __init__(self, graph: Graph, source: dg.DagsterInstance | Records) -> None:
        self._graph = graph
        self._query = records_of(source).query
        self._latest: dict[str, ByPartition] = {}
        self._attempts: dict[str, ByPartition] = {}
        self._failed: dict[str, Mapping[tuple[str, str | None], Any]] = {}
        self._versions_at: dict[tuple[str, int], ByPartition] = {}

    def after(self, slots: Collection[AssetPartition]) -> "EventLog":
        """Return a snapshot after a run of these partitions.

        Only the assets of these partitions are read again, and their children, which the run may have recorded as
        unchanged.
        """
        assets = {asset for asset, _ in slots}
        outdated = assets.union(*map(self._graph.children, assets))
        log = copy(self)
        log._latest = {asset: found for asset, found in self._latest.items() if asset not in outdated}
        log._attempts = {asset: found for asset, found in self._attempts.items() if asset not in outdated}
        log._failed = {asset: found for asset, found in self._failed.items() if asset not in outdated}
        return log  # past versions do not change

    def latest(self, slot: AssetPartition) -> Any | None:
        """Return the record of the last materialization, or None."""
        return self._read(self._latest, newest_materializations, slot)

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
            self._versions_at[asset, event] = tags_at(self._query, asset, _VERSION, event)
        version: str | None = self._versions_at[asset, event].get(partition)
        return version

    def last_attempt(self, slot: AssetPartition) -> tuple[str, int] | None:
        """Return the last run that planned to make the partition, and that event's number; None if there was none."""
        attempt: tuple[str, int] | None = self._read(self._attempts, newest_attempts, slot)
        return attempt

    def attempts(self, slot: AssetPartition, after: int) -> int:
        """Return the number of runs that have planned to make the partition since the event with this number."""
        return runs_after(self._query, *slot, after)

    def failed_evaluation(self, key: dg.AssetCheckKey, partition: str | None) -> Any | None:
        """Return the last evaluation of a check on a partition if it failed, else None."""
        return self._read(self._failed, failed_checks, (key.asset_key.to_user_string(), (key.name, partition)))

    def _read(
        self, known: dict[str, Any], read: Callable[[Query, Collection[str]], Mapping[str, Any]], place: tuple[str, Any]
    ) -> Any | None:
        """Return what is known of an asset's partition; all assets that are not known yet are read together."""
        asset, key = place
        if asset not in known:
            missing = [one for one in self._graph.assets if one not in known]
            found = read(self._query, missing)
            known.update({one: found.get(one, {}) for one in missing})
        return known[asset].get(key)


def _tags(record: Any | None) -> Mapping[str, str]:
    made = record.asset_materialization if record is not None else None
    return (made.tags or {}) if made is not None else {}
