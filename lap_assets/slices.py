"""Inputs of which each partition uses its own rows alone: what a new version of such an input leaves unchanged.

`mal_catalog` has no partitions, and `mal_posters [3]` uses its anime of subfolder 3. So each partition carries a tag
with the version of the rows that it was made from, and whoever makes the input records every partition whose rows are
as before as unchanged: an event with the same data version, made from the new version of the input. For Dagster and for
LAP that partition is then fresh, and nothing runs. Belongs here: the tags and these events. Which rows count is said
where the assets are.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import dagster as dg

from lap_assets.materializations import UNCHANGED_SINCE, made_at, newest, newest_of_each, open_attempts

_DATA_VERSION: Final = "dagster/data_version"
_INPUT_VERSION: Final = "dagster/input_data_version/"
_INPUT_POINTER: Final = "dagster/input_event_pointer/"
_LONGEST: Final = 2000  # characters of a text in metadata that is repeated: pictures stay with the event that made them

RowVersions = Mapping[str, Mapping[str, str]]
"""By asset and partition: the version of the rows of one input that the partition uses."""


def rows_tag(source: str, version: str) -> dict[str, str]:
    """The tag of a materialization that used rows of that version of the asset `source`."""
    return {f"lap/rows.{source}": version}


def record_unchanged(context: dg.AssetExecutionContext, source: str, rows: RowVersions) -> int:
    """Records every partition whose rows of `source` are those that it was made from; returns how many.

    To be called after the output of `source` was yielded. Partitions that are being made, or whose last run failed,
    are left as they are.
    """
    made = newest(context.instance, source).get(None)
    if made is None:
        return 0
    count = 0
    for asset, versions in rows.items():
        tried = open_attempts(context.instance, asset)
        for partition, record in newest_of_each(context.instance, asset).items():
            version = versions.get(str(partition))
            if version is None or partition in tried or not _is_made_from(record, source, version):
                continue
            context.log_event(_unchanged(asset, record, source, made))
            count += 1
    return count


def _is_made_from(record: Any, source: str, version: str) -> bool:
    return rows_tag(source, version).items() <= (record.asset_materialization.tags or {}).items()


def _unchanged(asset: str, record: Any, source: str, made: Any) -> dg.AssetMaterialization:
    """The last event of a partition again, with the newest version of the input."""
    last = record.asset_materialization
    inputs = {
        f"{_INPUT_VERSION}{source}": made.asset_materialization.tags[_DATA_VERSION],
        f"{_INPUT_POINTER}{source}": str(made.storage_id),
    }
    return dg.AssetMaterialization(
        asset,
        partition=record.partition_key,
        description=f"Unchanged: its rows of {source} are the same.",
        metadata=dict(_short(last.metadata)),
        tags={**last.tags, **inputs, UNCHANGED_SINCE: repr(made_at(record))},
    )


def _short(metadata: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in metadata.items():
        if not (isinstance(value.value, str) and len(value.value) > _LONGEST):
            yield name, value
