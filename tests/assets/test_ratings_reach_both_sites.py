"""Ratings from MAL's pages also apply to World Art's posters, in the first run of a new home."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from lap_assets.definitions import build_definitions
from lap_assets.replica.catalog import Anime, Catalog
from lap_assets.run_context import RunContext
from tests.sites.stand import animation, anime, standing

CHAIN = ("mal_posters", "matched_ids", "wa_posters")
LISTED = (anime(1, 101), anime(2), anime(4, 401, rx=True))
ANIMATIONS = (animation(1, 1, 1), animation(2, 2, 5), animation(3, 4, 7))


def made(work: RunContext, instance: dg.DagsterInstance, *, catalogs: bool = True) -> None:
    """Materialize the catalogs, then subfolder 0 of the assets after them."""
    job = build_definitions(work).resolve_implicit_global_asset_job_def()
    for name in ("mal_catalog", "wa_catalog") if catalogs else ():
        assert job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey(name)]).success
    chosen = [dg.AssetKey(name) for name in CHAIN]
    assert job.execute_in_process(instance=instance, asset_selection=chosen, partition_key="0").success


def held(work: RunContext) -> list[str]:
    """Return the posters in both manifests of subfolder 0."""
    tables = [pl.read_parquet(work.home.tables / f"{site}_posters" / "0.parquet") for site in ("mal", "wa")]
    return sorted(name for table in tables for name in table["name"])


@pytest.mark.slow
def test_world_arts_posters_follow_the_ratings_of_mals_pages(tmp_path: Path) -> None:
    instance = dg.DagsterInstance.ephemeral()
    with standing(Catalog(5, LISTED, ANIMATIONS), tmp_path) as stand:
        stand.replica.catalog.__dict__["rx_listing"] = ()  # the filter is hidden, so ratings come only from pages
        work = stand.run_context(probe_ids=2)
        made(work, instance)
        assert held(work) == ["MAL00001_0002_000101.jpg", "MAL00001_WA00001_001.jpg", "MAL00002_WA00002_005.jpg"]
        assert not [path for path in stand.paths() if "401l" in path or path.endswith("poster.php?id=3")]
    rerated: tuple[Anime, ...] = (replace(LISTED[0], rx=True), LISTED[1], replace(LISTED[2], rx=False))
    with standing(Catalog(5, rerated, ANIMATIONS), tmp_path) as stand:
        work = stand.run_context(probe_ids=2, revisit_days=0)
        made(work, instance, catalogs=False)
        assert held(work) == ["MAL00002_WA00002_005.jpg", "MAL00004_0005_000401.jpg", "MAL00004_WA00003_007.jpg"]
        stored = {path.name for path in work.home.posters.rglob("*.jpg")}
        assert stored == set(held(work))
