"""Real variations of pages: renamed galleries, pictures without a large variant, deleted and merged anime."""

import asyncio
from pathlib import Path

import polars as pl
import pytest
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.posters.page_notes import page_notes
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.replica import fault_content, faults, mal_pages
from lap_assets.replica.catalog import Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalPage
from lap_assets.sites.wa import WA
from tests.posters.scraping import PAGES, Scraped, held, outcome, run, scraped
from tests.sites.bent import bending, editing
from tests.sites.stand import Stand, anime, standing

GALLERY = ("js-picture-gallery", "js-gallery-item")


def visit(work: RunContext, count: int, revisit_days: float = 120) -> ScrapeReport:
    pages = [MalPage(number, "x") for number in range(1, count + 1)]
    return asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="x", revisit_days=revisit_days))


def delisted(work: RunContext) -> list[str]:
    table = held(work)
    return table.filter(pl.col("gone_since").is_not_null())["name"].to_list()


def notes(work: RunContext) -> dict[str, int | str]:
    with open_state(work, MAL) as state:
        return page_notes(state, PAGE_KIND, [page.page for page in PAGES[MAL]])


def test_a_gallery_with_another_class_makes_no_page_final(tmp_path: Path) -> None:
    with standing(Catalog(5, tuple(anime(number, number) for number in range(1, 9)), ()), tmp_path) as stand:
        stand.replica.faults.append(editing("/pics$", *GALLERY))
        work = stand.run_context()
        assert visit(work, 8).pending == 8
        stand.replica.faults.clear()
        report = visit(work, 8)
        assert (report.pages, report.fetched, report.pending) == (8, 8, 0)


def test_a_gallery_with_another_class_delists_nothing_night_after_night(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    scraped(work)
    stand.replica.faults.append(editing("/anime/[125]/.*/pics$", *GALLERY))
    for _ in range(3):
        run(work, revisit_days=0)
        assert outcome(work) == undisturbed
    assert notes(work) == {"pages not understood": 3, "ids of pages not understood": "1, 2, 5"}


@pytest.mark.slow
def test_randomly_changed_pages_publish_no_fewer_anime_and_no_rx(stand: Stand, undisturbed: Scraped) -> None:
    work = stand.run_context()
    scraped(work)
    for seed in range(12):
        stand.replica.faults[:] = [
            bending("/pics$", seed),
            bending("/animation_poster.php", seed, encoding="cp1251"),
        ]
        for site in (MAL, WA):
            run(work, site, revisit_days=0)
            assert set(held(work, site)["name"]) == set(undisturbed.tables[site]["name"])
    stand.replica.faults.clear()
    for _ in range(2):
        for site in (MAL, WA):
            run(work, site, revisit_days=0)
    assert outcome(work) == undisturbed


def test_a_picture_is_fetched_from_the_address_on_the_page(stand: Stand) -> None:
    async def small(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].replace("102.jpg", "102l.jpg")
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    stand.replica.faults += [
        editing("/anime/1/.*/pics", "/102l.jpg", "/102.jpg"),
        faults.status(404, pattern="/102l.jpg"),
        faults.Fault(small, "/102.jpg"),
    ]
    work = stand.run_context()
    assert run(work).pending == 0
    urls = dict(held(work).select("name", "url").iter_rows())
    assert urls["MAL00001_0002_000102.jpg"] == "https://cdn.myanimelist.net/images/anime/2/102.jpg"
    assert not [path for path in stand.paths("mal-cdn") if "102l" in path]


def test_a_deleted_anime_is_delisted_and_kept(stand: Stand, undisturbed: Scraped) -> None:
    async def missing(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse(mal_pages.not_found(), 404)(scope, receive, send)

    work = stand.run_context()
    scraped(work)
    stand.replica.faults.append(faults.Fault(missing, "/anime/1/", first=1))
    run(work, revisit_days=0)  # it is back at the second reading
    assert outcome(work) == undisturbed

    stand.replica.faults[:] = [faults.Fault(missing, "/anime/1/")]
    assert run(work, revisit_days=0).pending == 0
    assert delisted(work) == [f"MAL00001_0002_00010{number}.jpg" for number in (1, 2, 3)]
    assert outcome(work).files == undisturbed.files
    assert notes(work)["ids that the site deleted"] == "1"
    stand.replica.faults.clear()
    run(work, revisit_days=0)
    assert outcome(work) == undisturbed


def test_an_anime_that_was_merged_is_recorded_as_such_and_keeps_its_posters(stand: Stand, undisturbed: Scraped) -> None:
    def other(scope: Scope) -> str:
        return f"http://{dict(scope['headers'])[b'host'].decode()}/mal/anime/5/x/pics"

    work = stand.run_context()
    scraped(work)
    stand.replica.faults.append(faults.Fault(fault_content.redirect(other), "^/mal/anime/1/"))
    run(work, revisit_days=0)
    assert outcome(work) == undisturbed
    assert notes(work) == {"pages not understood": 0, "ids that the site merged into others": "1 into 5"}
    assert run(work).pages == 0
    stand.replica.faults.clear()
    run(work, revisit_days=0)
    assert notes(work) == {"pages not understood": 0}


def test_a_page_of_another_anime_without_a_redirect_is_not_a_merge(stand: Stand, undisturbed: Scraped) -> None:
    async def wrong(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(mal_pages.pictures(anime(5, 501), ()), media_type="text/html")(scope, receive, send)

    work = stand.run_context()
    scraped(work)
    stand.replica.faults.append(faults.Fault(wrong, "^/mal/anime/1/"))
    run(work, revisit_days=0)
    assert outcome(work) == undisturbed
    assert notes(work)["ids of pages not understood"] == "1"
