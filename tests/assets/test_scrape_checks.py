"""The checks of scrapes, on good and bad scrapes: each sentence says what is wrong."""

import asyncio
from pathlib import Path

import polars as pl

from lap_assets.assets.scrape_checks import scrape_checks
from lap_assets.posters.health import ScrapeHealth, catalog_health, posters_health
from lap_assets.posters.scrape import scrape
from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, SCHEMA, MalPage
from lap_assets.sites.scrapes import note_scrape
from lap_assets.sites.specs import site_specs, spec_of
from tests.sites.stand import Stand, anime, standing

NUMBERS = range(1, 41)
UPSTREAM = pl.DataFrame([(number, "x", False, None, None, None) for number in NUMBERS], schema=SCHEMA, orient="row")


def scraped(work: RunContext) -> None:
    pages = [MalPage(number, "x") for number in NUMBERS]
    asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="x", revisit_days=100))


def health(work: RunContext) -> ScrapeHealth:
    return posters_health(spec_of("mal"), "0", UPSTREAM, work)


def test_every_scrape_has_a_check() -> None:
    checked = {key.asset_key.to_user_string() for check in scrape_checks() for key in check.check_keys}
    assets = {name for spec in site_specs() for name in (spec.entry.catalog_asset, spec.entry.posters_asset)}
    assert checked == assets


def test_the_sentence_says_what_is_wrong(tmp_path: Path) -> None:
    catalog = Catalog(4, tuple(anime(number, number) for number in NUMBERS), ())
    with standing(catalog, tmp_path) as stand:
        good(stand)
        bad(stand)


def good(stand: Stand) -> None:
    work = stand.run_context("good")
    assert health(work).is_well
    scraped(work)
    with open_state(work, MAL) as state:
        note_scrape(state, "mal_posters", "0", None, 40)
    found = health(work)
    assert found.is_well
    assert found.sentence == (
        "0 of 40 pages could not be read; 40 rows; the page read longest ago is 1, 0 days ago (due after 120)"
    )


def bad(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(410, pattern=r"^/mal/anime/\d*[05]/"))
    work = stand.run_context("bad")
    scraped(work)
    with open_state(work, MAL) as state:
        for rows in (100, 32):
            note_scrape(state, "mal_posters", "0", "budget spent", rows)
            note_scrape(state, "mal_catalog", None, None, rows)
        with state.transaction() as db:
            db.execute("UPDATE pages SET visited_at = visited_at - 400 * 86400 WHERE id = 7")
    found = health(work)
    assert not found.is_well
    assert found.doubts == [
        "8 of 40 pages could not be read",
        "32 rows, 100 before",
        "unfinished: budget spent",
        "the page read longest ago is 7, 400 days ago (due after 120)",
    ]
    assert found.numbers["share of unknown pages"] == 0.2
    of_catalog = catalog_health(spec_of("mal"), work)
    assert of_catalog.doubts == ["32 rows, 100 before"]
