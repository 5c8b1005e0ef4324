"""The newest materialization of each partition of an asset in Dagster's event log, and its columns."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import dagster as dg

MADE: Final = dg.DagsterEventType.ASSET_MATERIALIZATION
COLUMNS: Final = "dagster/column_schema"
UNCHANGED_SINCE: Final = "lap/unchanged-since"
"""The tag of an event that records a partition as unchanged: when it was made, in seconds since 1970."""


def newest_of_each(
    instance: dg.DagsterInstance, asset: str, partitions: Collection[str] | None = None
) -> Mapping[str | None, Any]:
    """Return the newest record of each partition of an asset, or of each of `partitions`, with two queries."""
    storage, key = instance.event_log_storage, dg.AssetKey(asset)
    numbers = storage.get_latest_storage_id_by_partition(key, MADE, None if partitions is None else set(partitions))
    if not numbers:
        return {}
    newest_events = dg.EventRecordsFilter(event_type=MADE, asset_key=key, storage_ids=sorted(numbers.values()))
    return {record.partition_key: record for record in storage.get_event_records(newest_events)}


def newest(instance: dg.DagsterInstance, asset: str) -> Mapping[str | None, Any]:
    """Return the newest record of an unpartitioned asset, under the key None."""
    records = instance.fetch_materializations(dg.AssetKey(asset), limit=1).records
    return {None: records[0]} if records else {}


def open_attempts(instance: dg.DagsterInstance, asset: str) -> Mapping[str, tuple[str, int]]:
    """Return, by partition, the last run that planned to make it but has not yet, and that event's number."""
    storage = instance.event_log_storage
    found = storage.get_latest_asset_partition_materialization_attempts_without_materializations(dg.AssetKey(asset))
    return {str(partition): attempt for partition, attempt in found.items()}


def columns_of(record: Any) -> tuple[str, ...]:
    """Return the table's columns when it was made; empty if the event does not record them."""
    made = record.asset_materialization
    schema = made.metadata.get(COLUMNS) if made is not None else None
    return tuple(column.name for column in schema.schema.columns) if schema is not None else ()


def made_at(record: Any) -> float:
    """Return when the partition was made, in seconds since 1970; later "unchanged" events do not count."""
    made = record.asset_materialization
    since = (made.tags or {}).get(UNCHANGED_SINCE) if made is not None else None
    return float(since) if since is not None else float(record.timestamp)
