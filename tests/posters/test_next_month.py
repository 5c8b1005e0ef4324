"""MAL's catalog and pictures a month later: requests in proportion to due work, nothing lost, nothing redone."""

import asyncio
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lap_assets.posters.manifest import manifest
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.replica.months import later
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_listing_crawl, mal_site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from tests.sites.stand import Stand, standing

BASE = procedural_catalog(30, 4)
DUE: dict[str, Any] = {"sweep_days": 0.0, "sweep_pages": 1}


def rescraped(work: RunContext, *, revisit_days: float) -> tuple[ScrapeReport, pl.DataFrame, pl.DataFrame]:
    """Crawl the catalog and scrape everything due; return the report, the catalog's table and the manifest."""
    assert asyncio.run(mal_listing_crawl.crawl(work)) is None
    with open_state(work, MAL) as state:
        catalog = mal_site.table_of(mal_listing_crawl.catalog(state))
    pages = [
        mal_site.MalPage(row["mal_id"], row["slug"]) for row in catalog.iter_rows(named=True) if not row["excluded"]
    ]
    report = asyncio.run(scrape(work, MAL, mal_site.PAGE_KIND, pages, title="posters", revisit_days=revisit_days))
    assert report.stopped is None
    with open_state(work, MAL) as state:
        return report, catalog, manifest(state, [(page.page, page.mal_id) for page in pages], work.home)


def pictures(stand: Stand) -> list[str]:
    return stand.paths("mal-cdn")


@pytest.mark.slow
def test_a_month_without_changes_changes_nothing_and_another_requests_only_the_changes(tmp_path: Path) -> None:
    with standing(BASE, tmp_path) as stand:
        _, catalog, before = rescraped(stand.run_context(**DUE), revisit_days=100)
        stand.log.unlink()
        quiet, _, _ = rescraped(stand.run_context(**DUE), revisit_days=100)
        assert (quiet.pages, pictures(stand)) == (0, [])
        all_due, same_catalog, same = rescraped(stand.run_context(**DUE), revisit_days=0)
        assert (all_due.pages, all_due.fetched, pictures(stand)) == (
            catalog.filter(pl.col("excluded").is_null()).height,
            0,
            [],
        )
        assert same.equals(before)
        expected = catalog.with_columns(pl.col("excluded").fill_null(value=False))  # as known from pages read since
        assert same_catalog.drop("last_seen").equals(expected.drop("last_seen"))
    month = later(BASE, 1)
    with standing(month, tmp_path) as stand:
        stand.log.unlink()
        news, _, _ = rescraped(stand.run_context(**DUE), revisit_days=100)
        new_anime = {id_ for id_, one in month.anime_by_id.items() if id_ not in BASE.anime_by_id and not one.rx}
        assert news.pages == len(new_anime)
        report, _, after = rescraped(stand.run_context(**DUE), revisit_days=0)
        assert report.pending == 0  # new, removed and moved pages were recognized
        assert len(pictures(stand)) == after.height - before.height
    delisted = set(after.filter(pl.col("gone_since").is_not_null())["name"])
    listed = {str(name) for name, key in month.wanted() if key.source == "mal"}
    assert set(before["name"]) <= set(after["name"])
    assert delisted == {name for name in before["name"] if name not in listed}  # including those of deleted anime
    assert set(after["name"]) - delisted >= listed - delisted
