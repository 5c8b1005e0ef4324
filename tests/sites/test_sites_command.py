"""`lap sites`: its output after a night of trouble, and what `reset` forgets."""

import asyncio
import json
import time
from pathlib import Path

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.commands.sites import lines_of, reset_site, sites_health
from lap_assets.core.errors import InputError
from lap_assets.posters.scrape import scrape
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.sites import mal
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.health import SiteHealth, notes_since
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalPage
from lap_assets.sites.markup import forbids_ai
from lap_assets.sites.scrapes import note_scrape, unfinished_scrapes
from lap_assets.sites.specs import site_specs
from tests.sites.stand import Stand

PAGES = [MalPage(number, "x") for number in (1, 2, 3)]


def answers(response: Response, pattern: str) -> faults.Fault:
    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return faults.Fault(act, pattern)


def scraped(work: RunContext) -> None:
    asyncio.run(scrape(work, MAL, PAGE_KIND, PAGES, title="x", revisit_days=1))


def of_mal(work: RunContext) -> SiteHealth:
    return next(health for health in sites_health(work) if health.site == "mal")


def test_a_site_without_requests_says_so(tmp_path: Path, stand: Stand) -> None:
    found = sites_health(stand.run_context())
    assert [health.site for health in found] == [spec.key for spec in site_specs()]
    assert "  last success: never" in lines_of(found[0])
    assert "  cannot be read: nothing" in lines_of(found[0])


def test_unreadable_addresses_are_shown_with_reason_and_time(stand: Stand) -> None:
    began = time.time()
    stand.replica.faults.append(faults.status(403, pattern="102l"))
    stand.replica.faults.append(faults.status(410, pattern="^/mal/anime/3/"))
    work = stand.run_context()
    scraped(work)
    found = of_mal(work)
    failing = {one.address: one for one in found.failing}
    assert {address: one.reason for address, one in failing.items()} == {
        "https://cdn.myanimelist.net/images/anime/3/102l.jpg": "status 403",
        "https://myanimelist.net/anime/3/x/pics": "status 410",
    }
    assert all(began <= one.since <= one.tried_at for one in failing.values())
    assert found.requests["ok"] == 6  # two robots.txt, two pages, one of them twice, a picture
    assert found.requests["status 410"] == 2
    assert found.last_success is not None
    assert found.breaker is None
    assert {rules.host for rules in found.robots} == {"https://myanimelist.net", "https://cdn.myanimelist.net"}
    assert any("anime/3/x/pics: status 410; since 20" in line for line in lines_of(found))
    rows = json.loads(json.dumps([health.as_row() for health in sites_health(work)]))
    assert rows[0]["failing"][0]["reason"].startswith("status 4")
    (note,) = notes_since(site_specs()[0], work, began)
    assert "2 addresses could not be read" in note


def test_a_breaker_is_shown_with_its_reason_and_reset_forgets_it(stand: Stand) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.block_page(pattern="/anime/2/x/pics"))
    scraped(work)
    opened = of_mal(work).breaker
    assert opened is not None
    assert "a block page came for https://myanimelist.net/anime/2/x/pics" in opened.reason
    assert opened.until == pytest.approx(opened.opened_at + 3600)
    assert any(line.startswith("  breaker: OPEN since 20") for line in lines_of(of_mal(work)))

    stand.replica.faults.clear()
    forgotten = reset_site(work, "mal")
    assert forgotten[0].startswith("the breaker (")
    assert of_mal(work).breaker is None
    scraped(work)
    assert of_mal(work).failing == []
    with pytest.raises(InputError, match="'anidb': not a site; expected one of mal, wa"):
        reset_site(work, "anidb")


def test_reset_forgets_waits(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(503, pattern="^/mal/anime/3/"))
    work = stand.run_context()
    for _ in range(3):
        scraped(work)
    asked = len(stand.asked())
    stand.replica.faults.clear()
    scraped(work)
    assert len(stand.asked()) == asked
    assert "1 addresses that could not be read" in reset_site(work, "mal")
    scraped(work)
    assert of_mal(work).failing == []
    assert len(stand.asked()) > asked


def test_wishes_of_a_site_are_reported_once_per_run(stand: Stand) -> None:
    began = time.time()
    page = (
        '<html><head><title>Anime - MyAnimeList.net</title><meta name="robots" content="noai, noimageai"></head>'
        '<body><table><tr><td><a class="hoverinfo_trigger fw-b" href="https://myanimelist.net/anime/1/x">x</a></td>'
        "</tr></table></body></html>"
    )
    stand.replica.faults.append(answers(HTMLResponse(page), "show="))
    stand.replica.faults.append(answers(PlainTextResponse("User-agent: *\nCrawl-delay: 1e9\n"), "mal/robots"))
    work = stand.run_context(longest_wait=0.01)

    async def read() -> None:
        with open_state(work, MAL) as state:
            async with open_client(work, MAL, state) as client:
                for show in (0, 50):
                    await client.read(mal.listing_url(show), mal.parse_listing)

    asyncio.run(read())
    notes = notes_since(site_specs()[0], work, began)
    assert notes == [
        "mal: its pages ask not to be used for AI (noai, noimageai)",
        "mal: https://myanimelist.net asks for 1e+09 s between requests; 0.01 s are kept",
    ]
    assert notes_since(site_specs()[0], work, time.time() + 1) == []
    assert any("1e+09 s between requests" in line for line in lines_of(of_mal(work)))


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b'<META CONTENT="NOAI" NAME=robots>', "noai"),
        (b"<meta name='robots' content='index, noimageai'>", "noimageai"),
        (b'<meta name="robots" content="noindex">', None),
        (b'<meta name="description" content="noai">', None),
        (b"", None),
    ],
)
def test_noai_is_read_in_a_pages_robots_meta(head: bytes, words: str | None) -> None:
    assert forbids_ai(b"<html><head>" + head + b"</head></html>") == words


def test_scrapes_that_ended_early_are_known_until_they_are_resumed(stand: Stand) -> None:
    work = stand.run_context()
    with open_state(work, MAL) as state:
        note_scrape(state, "mal_posters", "3", "budget spent", 10)
        note_scrape(state, "mal_catalog", None, None, 5)
    (left,) = unfinished_scrapes(work)
    assert (str(left), left.unfinished, left.rows, left.rows_before) == ("mal_posters [3]", "budget spent", 10, None)
    with open_state(work, MAL) as state:
        note_scrape(state, "mal_posters", "3", None, 12)
    assert unfinished_scrapes(work) == []
    assert next(one for one in of_mal(work).scrapes if one.partition == "3").rows_before == 10
