"""Damaged Dagster databases: every command names the file, `lap verify` finds it, `--repair` registers tables."""

import json
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import open_instance
from lap_assets.resources import table_path
from lap_assets.sites.mal_site import table_of
from tests.slow import mostly_slow
from tests.support import Lap

HASHES = ("image_hashes", "3")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with records, a catalog and a table of hashes."""
    home = Home(tmp_path / "home")
    with open_instance(home):
        pass
    for slot, table in ((("mal_catalog", None), table_of([])), (HASHES, pl.DataFrame({"name": ["a"]}))):
        path = table_path(home.tables, *slot)
        path.parent.mkdir(parents=True, exist_ok=True)
        table.write_parquet(path)
    return home


@pytest.mark.parametrize(
    "file",
    mostly_slow(["history/runs.db", "history/runs/index.db", "schedules/schedules.db"], {"history/runs/index.db"}),
)
def test_damaged_databases_are_named_found_and_rebuilt(home: Home, lap: Lap, file: str) -> None:
    path = home.dagster / file
    path.write_text("<html>not found</html>")
    result = lap("status", LAP_HOME=home.root)
    assert result.returncode == 2
    assert result.stderr == (
        f"lap: {path} is not a database; `lap verify --repair` sets it aside and rebuilds what it can\n"
    )
    found = lap("verify", LAP_HOME=home.root)
    assert (found.returncode, found.stdout) == (1, f"{path}: changed (is not a database)\n")
    mended = lap("verify", "--repair", LAP_HOME=home.root)
    assert mended.returncode == 0, mended.stderr
    assert (home.root / "set_aside" / "dagster" / file).read_text() == "<html>not found</html>"
    assert "2 tables registered again" in mended.stderr
    rows = json.loads(lap("status", "--json", LAP_HOME=home.root).stdout)
    by_slot = {(row["asset"], row["partition"]): row for row in rows if row["status"] != "missing"}
    assert set(by_slot) == {("mal_catalog", None), HASHES}
    assert by_slot["mal_catalog", None]["causes"] == ["the listing is due"]
    assert by_slot[HASHES]["causes"][0] == "image_hashes [3] has a new code version"
