"""What a partition's materialization records: the table's columns, and when it was made."""

from typing import Any, Final

COLUMNS: Final = "dagster/column_schema"
UNCHANGED_SINCE: Final = "lap/unchanged-since"
"""The tag of an event that records a partition as unchanged: when it was made, in seconds since 1970."""


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
