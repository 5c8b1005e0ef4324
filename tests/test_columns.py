"""Exactly the columns of the graph's tables are described."""

from pathlib import Path

import polars as pl
import pytest

from lap_assets.columns import COLUMNS


def test_every_column_of_a_finished_home_is_described_and_none_besides(finished_demo: tuple[Path, str]) -> None:
    tables = finished_demo[0] / "tables"
    found = {name for path in tables.rglob("*.parquet") for name in pl.read_parquet_schema(path)}
    assert found == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_description_is_one_short_line(name: str) -> None:
    assert 5 < len(COLUMNS[name]) < 100
    assert "\n" not in COLUMNS[name]
