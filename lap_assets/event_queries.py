"""SQL on Dagster's event log: the newest events of all partitions of many assets in one statement.

Dagster's own methods ask for each asset, partition and check separately, in hundreds of statements. These use columns
that every SQL storage of Dagster has. Events before an asset was wiped do not count. `tests/test_event_queries.py`
compares the results with those of Dagster's methods.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

import dagster as dg
from dagster._serdes import deserialize_value

Key = TypeVar("Key")
ByPartition = Mapping[str | None, Any]
"""Values by partition; the key is None if the asset has no partitions."""
Query = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""Returns the rows of a statement with named values (`:name`), read from the database that holds all events."""

_MADE: Final = dg.DagsterEventType.ASSET_MATERIALIZATION
_PLANNED: Final = dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
_LAST: Final = 2**62  # larger than the number of any event

_COUNTED: Final = """event_logs one LEFT JOIN asset_keys a ON a.asset_key = one.asset_key
    WHERE one.dagster_event_type = :type AND one.asset_key IN ({assets})
    AND (a.wipe_timestamp IS NULL OR one.timestamp > a.wipe_timestamp)"""
_NEWEST: Final = """SELECT e.asset_key, e.partition, e.id, {column}
    FROM (SELECT MAX(one.id) AS id FROM {counted} AND one.id <= :last GROUP BY one.asset_key, one.partition) newest
    JOIN event_logs e ON e.id = newest.id {more}"""
_RUNS_AFTER: Final = """SELECT COUNT(DISTINCT one.run_id) FROM {counted} AND one.id > :after
    AND (one.partition = :partition OR (one.partition IS NULL AND :partition IS NULL))"""
_FAILED: Final = """SELECT c.asset_key, c.check_name, c.partition, c.evaluation_event
    FROM (SELECT MAX(id) AS id FROM asset_check_executions WHERE asset_key IN ({assets})
          GROUP BY asset_key, check_name, partition) newest
    JOIN asset_check_executions c ON c.id = newest.id
    WHERE c.execution_status = 'FAILED' AND c.evaluation_event IS NOT NULL"""
_TAG: Final = "JOIN asset_event_tags t ON t.event_id = e.id WHERE t.key = :tag"


def query_of(instance: dg.DagsterInstance) -> Query:
    """Return a function that reads the instance's event log."""
    from sqlalchemy import text

    storage: Any = instance.event_log_storage

    def query(statement: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        with storage.index_connection() as connection:
            return list(connection.execute(text(statement), dict(values)).fetchall())

    return query


def newest_materializations(
    query: Query, assets: Collection[str], partitions: Collection[str | None] | None = None
) -> Mapping[str, ByPartition]:
    """Return the record of the newest materialization, by asset and partition, of all partitions or some."""
    return _by_asset(
        (asset, partition, dg.EventLogRecord(number, deserialize_value(event, dg.EventLogEntry)))
        for asset, partition, number, event in _newest(query, assets, _MADE, "e.event")
        if partitions is None or partition in partitions
    )


def newest_attempts(query: Query, assets: Collection[str]) -> Mapping[str, ByPartition]:
    """Return the run that last planned to make a partition and that event's number, by asset and partition."""
    rows = _newest(query, assets, _PLANNED, "e.run_id")
    return _by_asset((asset, partition, (run_id, number)) for asset, partition, number, run_id in rows)


def tags_at(query: Query, asset: str, tag: str, last: int) -> ByPartition:
    """Return the value of a tag in each partition's newest materialization up to the event with the number `last`."""
    rows = _newest(query, [asset], _MADE, "t.value", _TAG, tag=tag, last=last)
    return {partition: value for _, partition, _, value in rows}


def runs_after(query: Query, asset: str, partition: str | None, number: int) -> int:
    """Return how many runs have planned to make the partition since the event with this number."""
    values = {"type": _PLANNED.value, "after": number, "partition": partition}
    ((count,),) = _rows(query, _RUNS_AFTER, [asset], values)
    return int(count)


def failed_checks(query: Query, assets: Collection[str]) -> Mapping[str, Mapping[tuple[str, str | None], Any]]:
    """Return the evaluations of checks that failed when last executed, by asset, then check name and partition."""
    return _by_asset(
        (asset, (name, partition), _evaluation(event))
        for asset, name, partition, event in _rows(query, _FAILED, assets, {})
    )


def _newest(
    query: Query, assets: Collection[str], kind: dg.DagsterEventType, column: str, more: str = "", **values: Any
) -> Sequence[Sequence[Any]]:
    return _rows(query, _NEWEST, assets, {"type": kind.value, "last": _LAST, **values}, column=column, more=more)


def _rows(
    query: Query, statement: str, assets: Collection[str], values: Mapping[str, Any], **parts: str
) -> Sequence[Sequence[Any]]:
    """Return the rows of a statement about these assets; `parts` complete its text."""
    keys = {f"asset{n}": dg.AssetKey(asset).to_string() for n, asset in enumerate(assets)}
    places = ", ".join(f":{name}" for name in keys)
    text = statement.format(counted=_COUNTED.format(assets=places), assets=places, **parts)
    return query(text, {**values, **keys}) if keys else []


def _by_asset(found: Iterable[tuple[str, Key, Any]]) -> Mapping[str, Mapping[Key, Any]]:
    by_asset: dict[str, dict[Key, Any]] = {}
    for stored, key, value in found:
        by_asset.setdefault(dg.AssetKey(json.loads(stored)).to_user_string(), {})[key] = value
    return by_asset


def _evaluation(event: str) -> Any:
    happened = deserialize_value(event, dg.EventLogEntry).dagster_event
    return happened.asset_check_evaluation_data if happened is not None else None
