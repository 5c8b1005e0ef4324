"""Scraping of invalid pages and pictures: known data stays, and nothing broken is stored."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.posters.scrape import scrape
from lap_assets.replica import faults, mal_pages
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_kinds import fault
from lap_assets.run_context import RunContext
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalPage
from lap_assets.sites.wa import WA
from tests.posters.scraping import PAGES, Scraped, files, held, outcome, problems_of, run, scraped
from tests.sites.stand import Stand, anime, standing

PICTURE = "MAL00001_0002_000102.jpg"


def answer(response: Response, pattern: str, first: int | None = None) -> faults.Fault:
    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return faults.Fault(act, pattern, first)


def delisted(work: RunContext) -> list[str]:
    table = held(work)
    return table.filter(table["gone_since"].is_not_null())["name"].to_list()


@pytest.mark.parametrize("trouble", ["blocked", "main page", "another's", "cut", "error"])
def test_a_page_without_content_changes_nothing(stand: Stand, undisturbed: Scraped, trouble: str) -> None:
    work = stand.run_context()
    scraped(work)
    pages = r"/anime/1/[^/]*/pics"
    stand.replica.faults.append(
        {
            "blocked": faults.block_page(pattern=pages),
            "main page": answer(HTMLResponse(mal_pages.main(anime(1), ())), pages),
            "another's": answer(HTMLResponse(mal_pages.pictures(anime(3), ())), pages),
            "cut": answer(HTMLResponse(mal_pages.pictures(anime(1), ())[:-20]), pages),
            "error": faults.status(500, pattern=pages),
        }[trouble]
    )
    report = run(work, revisit_days=0)

    assert outcome(work) == undisturbed
    assert delisted(work) == []
    assert (report.stopped is not None) == (trouble == "blocked")


def test_pictures_no_longer_listed_are_delisted_and_kept_until_they_are_listed_again(
    stand: Stand, undisturbed: Scraped
) -> None:
    work = stand.run_context()
    scraped(work)
    pages = r"/anime/1/[^/]*/pics"
    stand.replica.faults.append(answer(HTMLResponse(mal_pages.pictures(anime(1, 102), ())), pages))
    run(work, revisit_days=0)
    assert delisted(work) == ["MAL00001_0002_000101.jpg", "MAL00001_0002_000103.jpg"]

    stand.replica.faults[:] = [answer(HTMLResponse(mal_pages.pictures(anime(1), ())), pages)]
    run(work, revisit_days=0)
    assert len(delisted(work)) == 3
    assert files(work) == undisturbed.files

    stand.replica.faults.clear()
    stand.log.unlink()
    run(work, revisit_days=0)
    assert outcome(work) == undisturbed
    assert not [path for path in stand.paths() if path.endswith(".jpg")]


@pytest.mark.parametrize("kind", ["cut", "html"])
def test_a_damaged_picture_is_fetched_again(stand: Stand, undisturbed: Scraped, kind: str) -> None:
    html = answer(HTMLResponse("<html>busy</html>"), "102l", first=2)
    stand.replica.faults.append(faults.truncate(0.5, pattern="102l", first=2) if kind == "cut" else html)
    work = stand.run_context()
    assert scraped(work) == undisturbed
    assert len([path for path in stand.paths() if "102l" in path]) == 3
    assert problems_of(work) == []


def test_a_picture_that_stays_damaged_is_reported_and_not_stored(stand: Stand, undisturbed: Scraped) -> None:
    half = undisturbed.files[PICTURE][: len(undisturbed.files[PICTURE]) // 2]
    stand.replica.faults.append(answer(Response(half, media_type="image/jpeg"), "102l"))
    work = stand.run_context()
    report = run(work)

    assert report.stopped is None
    ((name, problem),) = problems_of(work)
    assert name == PICTURE
    assert "does not decode whole" in problem
    assert PICTURE not in files(work)
    assert PICTURE not in held(work)["name"].to_list()
    assert len([path for path in stand.paths() if "102l" in path]) == 6  # three times on each of two visits

    stand.replica.faults.clear()
    run(work)
    assert problems_of(work) == []
    run(work, WA)
    assert outcome(work) == undisturbed


def test_an_unavailable_picture_keeps_its_page_due(stand: Stand, undisturbed: Scraped) -> None:
    stand.replica.faults.append(faults.status(500, pattern="102l"))
    work = stand.run_context()
    assert run(work).pending == 1
    assert [name for name, _ in problems_of(work)] == [PICTURE]
    assert len(held(work)) == len(undisturbed.tables[MAL]) - 1

    stand.replica.faults.clear()
    assert run(work).pending == 0
    run(work, WA)
    assert outcome(work) == undisturbed


def test_a_missing_picture_is_reported_and_requested_on_three_visits(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(404, pattern="102l"))
    work = stand.run_context()
    for pending, asked in ((1, 2), (0, 3), (0, 3)):
        assert run(work).pending == pending
        ((name, problem),) = problems_of(work)
        assert (name, problem.endswith("102l.jpg: not found")) == (PICTURE, True)
        assert len([path for path in stand.paths() if "102l" in path]) == asked


def test_a_page_that_lists_nothing_at_its_first_reading_is_read_again(stand: Stand, undisturbed: Scraped) -> None:
    stand.replica.faults.append(fault("no-pictures", first=1, pattern=r"/anime/1/[^/]*/pics"))
    work = stand.run_context()
    assert scraped(work) == undisturbed
    assert len([path for path in stand.paths() if path.startswith("/anime/1/")]) == 2


def test_pages_that_lost_all_their_pictures_in_a_row_stop_the_scrape(tmp_path: Path) -> None:
    with standing(Catalog(5, tuple(anime(number, number) for number in range(1, 16)), ()), tmp_path) as stand:
        pages = [MalPage(number, "x") for number in range(1, 16)]
        work = stand.run_context()
        asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="x", revisit_days=1))
        stand.replica.faults.append(fault("no-pictures"))
        report = asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="x", revisit_days=0))
        assert "10 consecutive pages had an unexpected layout" in (report.stopped or "")
        assert delisted(work) == []


@pytest.mark.parametrize(
    ("limit", "message"),
    [({"max_pixels": 100}, "more than the 100 that LAP_MAX_PIXELS allows"), ({"max_picture_bytes": 99}, "99")],
)
def test_pictures_over_the_limits_are_refused(stand: Stand, limit: dict[str, Any], message: str) -> None:
    work = stand.run_context(**limit)
    asyncio.run(scrape(work, MAL, PAGE_KIND, PAGES[MAL][:1], title="x", revisit_days=1))
    assert len(problems_of(work)) == 3
    assert all(message in problem for _, problem in problems_of(work))
    assert files(work) == {}


def test_a_site_that_changed_its_pages_stops_the_scrape(tmp_path: Path) -> None:
    with standing(Catalog(5, tuple(anime(number) for number in range(1, 16)), ()), tmp_path) as stand:
        stand.replica.faults.append(answer(HTMLResponse("<html><title>New</title></html>"), "/pics"))
        pages = [MalPage(number, "x") for number in range(1, 16)]
        report = asyncio.run(scrape(stand.run_context(), MAL, PAGE_KIND, pages, title="x", revisit_days=1))
        assert "10 consecutive pages had an unexpected layout" in (report.stopped or "")
        assert report.pending == 15
        assert len(stand.paths()) == 10
