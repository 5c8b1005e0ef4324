"""Unpartitioned inputs of which each partition uses only its own rows: keep partitions fresh if these are unchanged.

`mal_catalog` has no partitions, and `mal_posters [3]` uses only its rows of subfolder 3. So each partition carries a
tag with the version of its rows. The step that makes a new version of the input then records each partition whose rows
are unchanged: an event with the same data version, made from the new version of the input. For Dagster and LAP that
partition is fresh, and nothing runs. This module has the tags and the events; the assets define which rows count.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import dagster as dg

from lap_assets.event_queries import newest_attempts, newest_materializations, query_of
from lap_assets.materializations import UNCHANGED_SINCE, made_at

_DATA_VERSION: Final = "dagster/data_version"
_INPUT_VERSION: Final = "dagster/input_data_version/"
_INPUT_POINTER: Final = "dagster/input_event_pointer/"
_LONGEST: Final = 2000  # characters; longer metadata texts, such as pictures, are not repeated in the event

RowVersions = Mapping[str, Mapping[str, str]]
"""By asset and partition: the version of the input's rows that the partition uses."""


def rows_tag(source: str, version: str) -> dict[str, str]:
    """Return the tag of a materialization that used this version of its rows of the asset `source`."""
    return {f"lap/rows.{source}": version}


def record_unchanged(context: dg.AssetExecutionContext, source: str, rows: RowVersions) -> int:
    """Record every partition whose rows of `source` are unchanged; return their number.

    Call it after yielding the output of `source`. Partitions being made, or whose last run failed, are skipped.
    """
    query = query_of(context.instance)
    newest, attempts = newest_materializations(query, [source, *rows]), newest_attempts(query, rows)
    made = newest[source].get(None) if source in newest else None
    if made is None:
        return 0
    count = 0
    for asset, versions in rows.items():
        for partition, record in newest.get(asset, {}).items():
            version = versions.get(str(partition))
            _, attempt = attempts.get(asset, {}).get(partition, ("", 0))
            is_open = attempt > record.storage_id
            if version is None or is_open or not _is_made_from(record, source, version):
                continue
            context.log_event(_unchanged(asset, record, source, made))
            count += 1
    return count


def _is_made_from(record: Any, source: str, version: str) -> bool:
    return rows_tag(source, version).items() <= (record.asset_materialization.tags or {}).items()


def _unchanged(asset: str, record: Any, source: str, made: Any) -> dg.AssetMaterialization:
    """Return a copy of a partition's last event that names the newest version of the input."""
    last = record.asset_materialization
    inputs = {
        f"{_INPUT_VERSION}{source}": made.asset_materialization.tags[_DATA_VERSION],
        f"{_INPUT_POINTER}{source}": str(made.storage_id),
    }
    return dg.AssetMaterialization(
        asset,
        partition=record.partition_key,
        description=f"Unchanged: its rows of {source} have not changed.",
        metadata=dict(_short(last.metadata)),
        tags={**last.tags, **inputs, UNCHANGED_SINCE: repr(made_at(record))},
    )


def _short(metadata: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in metadata.items():
        if not (isinstance(value.value, str) and len(value.value) > _LONGEST):
            yield name, value
