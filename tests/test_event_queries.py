"""The statements on the event log return what Dagster's own methods return, one asset and partition at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.event_api import PartitionKeyFilter

from lap_assets.core.home import Home
from lap_assets.engine.instance import open_instance
from lap_assets.engine.records import HomeRecords, open_records
from lap_assets.event_queries import (
    Query,
    failed_checks,
    newest_attempts,
    newest_materializations,
    query_of,
    runs_after,
    tags_at,
)

KEYS = ("1", "2", "3")
PARTS = dg.StaticPartitionsDefinition(KEYS)
MADE, PLANNED = dg.DagsterEventType.ASSET_MATERIALIZATION, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED
VERSION = "dagster/data_version"


class Numbers(dg.Config):
    number: int = 0
    """3 fails in the asset, 2 in its check."""


@dg.asset(partitions_def=PARTS, code_version="7")
def parts(config: Numbers) -> dg.MaterializeResult[None]:
    if config.number == 3:
        raise dg.Failure("as asked")
    return dg.MaterializeResult(data_version=dg.DataVersion(str(config.number)), metadata={"number": config.number})


@dg.asset(deps=[parts])
def whole(config: Numbers) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(data_version=dg.DataVersion(str(config.number)))


@dg.asset_check(asset=parts, partitions_def=PARTS, blocking=True)
def small(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    log = context.instance.get_latest_data_version_record(dg.AssetKey("parts"), partition_key=context.partition_key)
    made = log.asset_materialization if log is not None else None
    return dg.AssetCheckResult(passed=made is not None and made.metadata["number"].value < 2, description="2 or more")


def make(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, key: str | None, number: int) -> None:
    config = {"ops": {asset.key.to_user_string(): {"config": {"number": number}}}}
    dg.materialize(
        [parts, whole, small], selection=dg.AssetSelection.assets(asset), partition_key=key, instance=instance,
        run_config={**config, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}, raise_on_error=False,
    )  # fmt: skip


def fill(instance: dg.DagsterInstance) -> None:
    """Partition 1 was made twice, 2 failed its check, 3 failed after it had been made."""
    for key, number in (("1", 0), ("2", 2), ("1", 1), ("3", 0), ("3", 3)):
        make(instance, parts, key, number)
    make(instance, whole, None, 1)


@pytest.fixture(params=["a home", "Dagster's own storage", "in memory"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dg.DagsterInstance, Query]]:
    opened: Any = {
        "a home": lambda: open_instance(Home(tmp_path)),
        "Dagster's own storage": lambda: dg.DagsterInstance.local_temp(str(tmp_path)),
        "in memory": dg.DagsterInstance.ephemeral,
    }[request.param]
    with opened() as instance:
        fill(instance)
        if request.param != "a home":
            yield instance, query_of(instance)
            return
        with open_records(Home(tmp_path)) as records:
            assert isinstance(records, HomeRecords)
            yield instance, records.query


def events(instance: dg.DagsterInstance, kind: dg.DagsterEventType, asset: str, key: str | None) -> list[Any]:
    """Return the events that Dagster finds, newest first."""
    asked = dg.EventRecordsFilter(
        event_type=kind, asset_key=dg.AssetKey(asset), asset_partitions=[key] if key is not None else None
    )
    return list(instance.event_log_storage.get_event_records(asked))


def same(instance: dg.DagsterInstance, query: Query) -> None:
    """Compare every answer with Dagster's."""
    slots = [*(("parts", key) for key in KEYS), ("whole", None)]
    made, planned = newest_materializations(query, ["parts", "whole"]), newest_attempts(query, ["parts", "whole"])
    failed = failed_checks(query, ["parts", "whole"])
    for asset, key in slots:
        found, attempts = events(instance, MADE, asset, key), events(instance, PLANNED, asset, key)
        assert made.get(asset, {}).get(key) == (found[0] if found else None)
        assert planned.get(asset, {}).get(key) == ((attempts[0].run_id, attempts[0].storage_id) if attempts else None)
        for number in (0, *(event.storage_id for event in attempts)):
            later = {event.run_id for event in attempts if event.storage_id > number}
            assert runs_after(query, asset, key, number) == len(later)
    only = newest_materializations(query, ["parts"], ["1"]).get("parts", {})
    assert only == {key: record for key, record in made.get("parts", {}).items() if key == "1"}
    storage = instance.event_log_storage
    for event in (event for key in KEYS for event in events(instance, MADE, "parts", key)):
        number = event.storage_id
        theirs = storage.get_latest_tags_by_partition(dg.AssetKey("parts"), MADE, [VERSION], before_cursor=number + 1)
        assert tags_at(query, "parts", VERSION, number) == {key: tags[VERSION] for key, tags in theirs.items()}
    for key in KEYS:
        assert failed.get("parts", {}).get(("small", key)) == failed_evaluation(instance, key)


def failed_evaluation(instance: dg.DagsterInstance, key: str) -> Any | None:
    """Return the check's last evaluation on a partition, as Dagster finds it, if it failed."""
    last = instance.event_log_storage.get_latest_asset_check_execution_by_key(
        [small.check_key], partition_filter=PartitionKeyFilter(key=key)
    ).get(small.check_key)
    event = last.event.dagster_event if last is not None and last.event is not None else None
    if event is None or event.event_type != dg.DagsterEventType.ASSET_CHECK_EVALUATION:
        return None
    evaluation = event.asset_check_evaluation_data
    return None if evaluation.passed else evaluation


def test_the_answers_are_dagsters(filled: tuple[dg.DagsterInstance, Query]) -> None:
    instance, query = filled
    same(instance, query)
    assert set(newest_materializations(query, ["parts"])["parts"]) == set(KEYS)
    assert set(failed_checks(query, ["parts"])["parts"]) == {("small", "2")}
    make(instance, parts, "2", 1)
    same(instance, query)
    assert not failed_checks(query, ["parts"])


def test_events_before_an_asset_was_wiped_do_not_count(filled: tuple[dg.DagsterInstance, Query]) -> None:
    instance, query = filled
    instance.wipe_assets([dg.AssetKey("parts")])
    same(instance, query)
    assert set(newest_materializations(query, ["parts", "whole"])) == {"whole"}
    make(instance, parts, "1", 1)
    same(instance, query)
    assert set(newest_materializations(query, ["parts"])["parts"]) == {"1"}


def test_without_assets_nothing_is_asked() -> None:
    def query(*_: object) -> list[Any]:
        raise AssertionError

    assert newest_materializations(query, []) == {}
    assert failed_checks(query, []) == {}
