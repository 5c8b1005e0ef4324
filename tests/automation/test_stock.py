"""The state of a home in the UI: stale partitions and reasons, decisions not taken in, pairs that await review."""

from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from lap_assets.automation.stock import Stock, home_status, take_stock
from lap_assets.core.files import replacing
from lap_assets.core.home import Home
from lap_assets.definitions import build_definitions
from lap_assets.engine.instance import open_instance
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings


class StockOverTime:
    """The sensor over time, with its cursor kept between evaluations."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home)
        self.instance = open_instance(Home(home))
        self._repository = build_definitions(RunContext(self.settings)).get_repository_def()
        self._cursor: str | None = None

    def told(self) -> dict[str, Any] | str:
        """The observation's metadata, or why there is none."""
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self._cursor,
            resources={"run_context": RunContext(self.settings)},
            repository_def=self._repository,
        )
        tick = take_stock.evaluate_tick(context)
        self._cursor = tick.cursor
        assert not tick.run_requests
        if not tick.asset_events:
            return str(tick.skip_message)
        (event,) = tick.asset_events
        assert isinstance(event, dg.AssetObservation)
        assert event.asset_key == home_status.key
        self.instance.report_runless_asset_event(event)
        return {key: getattr(value, "value", value) for key, value in event.metadata.items()}


def made(asset: str, key: str, version: str, **tags: str) -> dg.AssetMaterialization:
    return dg.AssetMaterialization(asset, partition=key, tags={"dagster/data_version": version, **tags})


def test_the_observation_names_what_is_stale_and_why_and_changes_only_with_the_home(tmp_path: Path) -> None:
    stock = StockOverTime(tmp_path)
    first = stock.told()
    assert isinstance(first, dict)
    assert first["stale partitions"] == 0
    assert first["missing partitions"] > 100
    assert stock.told() == "nothing changed since the last check"  # its own observation is an event
    assert stock.told() == "nothing happened since the last check"

    for table in (("mal_catalog", None), ("review_verdicts", "3")):
        with replacing(table_path(Home(tmp_path).tables, *table)) as beside:
            pl.DataFrame({"name": []}).write_parquet(beside)
    stock.instance.report_runless_asset_event(dg.AssetMaterialization("mal_catalog"))
    stock.instance.report_runless_asset_event(made("review_verdicts", "3", "old", **{"dagster/code_version": "0"}))
    later = stock.told()
    assert isinstance(later, dict)
    assert later["stale partitions"] == 1
    assert (
        "| review_verdicts [3] | stale | review_verdicts [3] has a new code version |" in later["what is stale and why"]
    )
    assert later["decided, not taken in"] == 1
    assert "review_verdicts [3]" in later["what people decided"]


def test_a_verdict_not_taken_in_is_reported_at_once(tmp_path: Path) -> None:
    stock = StockOverTime(tmp_path)
    stock.told()
    stock.told()
    assert stock.told() == "nothing happened since the last check"
    path = Home(tmp_path).verdicts / "3.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("one\n")
    assert stock.told() != "nothing happened since the last check"


@pytest.mark.parametrize("rows", [0, 1, 500])
def test_long_tables_are_cut_and_counted_completely(rows: int) -> None:
    result = Stock(tuple((f"a [{n}]", "stale", "x|y") for n in range(rows)), (), (("0", 2), ("9", 5))).metadata()
    assert result["stale partitions"] == rows
    assert result["pairs awaiting review"] == 7
    shown = result["what is stale and why"]
    assert isinstance(shown, dg.MarkdownMetadataValue)
    assert (shown.md_str or "").count("x/y") == min(rows, 200)
