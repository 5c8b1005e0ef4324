"""A finished demo, a month later on both sites, with every page due: `lap run` reads everything."""

from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.replica.months import later
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import Replica
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.breaker import opened
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import failures
from lap_assets.sites.specs import site_specs
from tests.support import Lap

SCRAPED = ("mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters")
BASE = procedural_catalog(30, 3)  # as the demo's


def table(home: Path, asset: str) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(home / "tables" / asset / f"{key}.parquet") for key in SUBFOLDERS])


@pytest.mark.slow
def test_new_removed_and_moved_pages_are_recognized(lap: Lap, demo_home: Path) -> None:
    home = demo_home
    before = {asset: set(table(home, asset)["name"]) for asset in ("mal_posters", "wa_posters")}
    month = later(BASE, 1)
    with Replica(month) as replica:
        due = {
            "LAP_HOME": home, "LAP_SITES_URL": replica.url, "LAP_PAUSE": "0", "LAP_SWEEP_DAYS": "0",
            "LAP_WHOLE_SWEEP_DAYS": "0", "LAP_REVISIT_DAYS": "0", "LAP_REVISIT_DAYS_NEWEST": "0",
        }  # fmt: skip
        for _ in range(2):
            ran = lap("run", "--jobs", "1", *(word for asset in SCRAPED for word in ("--only", asset)), **due)
            assert ran.returncode == 0, ran.stderr
            assert "could not be read" not in ran.stderr
    work = RunContext(Settings(home=home, sites_url=replica.url))
    for spec in site_specs():
        with open_state(work, spec.site) as state:
            assert failures(state) == {}
            assert opened(state) is None
            assert state.rows("SELECT id FROM pages WHERE outcome IN ('unknown', 'blocked')") == []
    listed = {str(name) for name, _ in month.wanted()}
    for asset, held in before.items():
        after = table(home, asset)
        assert set(after["name"]) >= held  # nothing is dropped
        gone = set(after.filter(pl.col("gone_since").is_not_null())["name"])
        assert gone == set(after["name"]) - listed
    on_mal = {anime.mal_id for anime in month.anime}  # an Rx anime was removed, and World Art's page still links to it
    came = {str(name) for name, _ in month.wanted() if name.mal_id in on_mal}
    assert {name for asset in before for name in table(home, asset)["name"]} >= came
