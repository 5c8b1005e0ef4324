"""The newest materialization of each partition of an asset in Dagster's event log, and the columns that it had."""

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
    """The newest record of each partition of a partitioned asset, or of each of these `partitions`; two queries."""
    storage, key = instance.event_log_storage, dg.AssetKey(asset)
    numbers = storage.get_latest_storage_id_by_partition(key, MADE, None if partitions is None else set(partitions))
    if not numbers:
        return {}
    wanted = dg.EventRecordsFilter(event_type=MADE, asset_key=key, storage_ids=sorted(numbers.values()))
    return {record.partition_key: record for record in storage.get_event_records(wanted)}


def newest(instance: dg.DagsterInstance, asset: str) -> Mapping[str | None, Any]:
    """The newest record of an asset without partitions, under None."""
    records = instance.fetch_materializations(dg.AssetKey(asset), limit=1).records
    return {None: records[0]} if records else {}


def open_attempts(instance: dg.DagsterInstance, asset: str) -> Mapping[str, tuple[str, int]]:
    """By partition: the run that last set out to make it and has not made it, and the number of that event."""
    storage = instance.event_log_storage
    found = storage.get_latest_asset_partition_materialization_attempts_without_materializations(dg.AssetKey(asset))
    return {str(partition): attempt for partition, attempt in found.items()}


def columns_of(record: Any) -> tuple[str, ...]:
    """The columns that the table had when it was made; empty where the event does not say."""
    made = record.asset_materialization
    schema = made.metadata.get(COLUMNS) if made is not None else None
    return tuple(column.name for column in schema.schema.columns) if schema is not None else ()


def made_at(record: Any) -> float:
    """When the partition was made, in seconds since 1970; it may have been recorded as unchanged since."""
    made = record.asset_materialization
    since = (made.tags or {}).get(UNCHANGED_SINCE) if made is not None else None
    return float(since) if since is not None else float(record.timestamp)
