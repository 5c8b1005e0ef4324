"""Addresses that fail every night: everything else arrives, and they are reported with their waits."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lap_assets.core.names import PosterName
from lap_assets.posters.manifest import manifest
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_kinds import fault
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import failures
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalPage
from tests.sites.stand import Stand, anime, standing

ANIME = tuple(anime(number, number * 10, number * 10 + 1) for number in range(1, 13))
PAGES = [MalPage(one.mal_id, one.slug) for one in ANIME]
NIGHT = 24 * 3600.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(Catalog(4, ANIME, ()), tmp_path_factory.mktemp("nights")) as running:
        yield running


@pytest.fixture
def stand(served: Stand, tmp_path: Path) -> Iterator[Stand]:
    served.log.unlink(missing_ok=True)
    yield Stand(served.replica, served.log, tmp_path)
    served.replica.faults.clear()


def scraped(work: RunContext) -> ScrapeReport:
    return asyncio.run(scrape(work, MAL, PAGE_KIND, PAGES, title="posters", revisit_days=100))


def held(work: RunContext) -> set[str]:
    with open_state(work, MAL) as state:
        return set(manifest(state, [(page.page, page.mal_id) for page in PAGES], work.home)["name"])


def a_night_passes(work: RunContext) -> None:
    """Move all times in the state back by a day."""
    with open_state(work, MAL) as state:
        kept = state.get("breaker")
        if kept:
            state.put("breaker", {**kept, "at": kept["at"] - NIGHT, "until": kept["until"] - NIGHT})
        with state.transaction() as db:
            db.execute("UPDATE failures SET tried_at = tried_at - ?1, until = until - ?1, since = since - ?1", (NIGHT,))
            db.execute("UPDATE pages SET tried_at = tried_at - ?1, visited_at = visited_at - ?1", (NIGHT,))


def of(*numbers: int) -> set[str]:
    return {str(name) for name in _names() if name.mal_id in numbers}


def _names() -> Iterator[PosterName]:
    for one in ANIME:
        yield from (PosterName.mal(one.mal_id, n1, n2) for n1, n2 in one.pictures)


EVERY = of(*range(1, 13))
QUICK = "one page 400"
CASES = [
    ("one picture", r"/60l\.jpg$", (403, 410, 451, 500, 503), {name for name in of(6) if name.endswith("000060.jpg")}),
    ("one page", r"^/mal/anime/6/", (400, 410, 503, 504), of(6)),
    ("three neighbors", r"^/mal/anime/[678]/", (403, 410, 500), of(6, 7, 8)),
]


@pytest.mark.parametrize(
    ("pattern", "code", "lost"),
    [
        pytest.param(
            pattern, code, lost, id=(case := f"{name} {code}"), marks=[] if case == QUICK else pytest.mark.slow
        )
        for name, pattern, codes, lost in CASES
        for code in codes
    ],
)
def test_after_eight_nights_all_other_posters_are_held(stand: Stand, pattern: str, code: int, lost: set[str]) -> None:
    stand.replica.faults.append(faults.status(code, pattern=pattern))
    work = stand.run_context()
    for _ in range(8):
        report = scraped(work)
        a_night_passes(work)

    assert held(work) == EVERY - lost
    assert (report.stopped, report.pending) == (None, 0)  # failing addresses wait, and a release does not wait for them
    with open_state(work, MAL) as state:
        failing = failures(state)
    assert {one.reason for one in failing.values()} == {f"status {code}"}
    assert all(one.tries >= 3 and one.since < time.time() - 7 * NIGHT for one in failing.values())
    assert len(stand.paths("mal")) < 60  # the waits grow

    stand.replica.faults.clear()
    for _ in range(31):
        a_night_passes(work)
    scraped(work)
    assert held(work) == EVERY
    with open_state(work, MAL) as state:
        assert failures(state) == {}


@pytest.mark.parametrize(
    ("pattern", "unreadable"),
    [
        ("", 12),
        pytest.param("(?:[1-7])/", 7, marks=pytest.mark.slow),
        pytest.param("[1-6]/", 0, marks=pytest.mark.slow),
    ],
)
def test_a_site_with_changed_pages_is_never_read_to_its_end(stand: Stand, pattern: str, unreadable: int) -> None:
    work = stand.run_context()
    stand.replica.faults.append(fault("cut-unseen", pattern=f"^/mal/anime/{pattern}.*pics"))
    for _ in range(6):
        report = scraped(work)
        a_night_passes(work)
    if unreadable:
        assert f"{unreadable} of 12 pages cannot be read" in (report.stopped or "")
    else:  # half of the pages may be unexpected
        assert report.stopped is None
    assert report.pending == 0

    stand.replica.faults.clear()
    for _ in range(31):
        a_night_passes(work)
    assert scraped(work).stopped is None
    assert held(work) == EVERY


def test_a_waiting_address_is_not_requested(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(503, pattern=r"^/mal/anime/6/"))
    work = stand.run_context()
    for _ in range(3):
        scraped(work)
    asked = len(stand.asked())
    report = scraped(work)
    assert len(stand.asked()) == asked
    assert (report.pending, report.requests) == (0, 0)


def test_a_site_that_is_down_is_left_alone_and_loses_nothing(stand: Stand) -> None:
    down = faults.status(500, pattern=r"^/mal/")
    work = stand.run_context()
    scraped(work)
    stand.replica.faults.append(down)
    with open_state(work, MAL) as state, state.transaction() as db:
        db.execute("UPDATE pages SET visited_at = 0")
    report = scraped(work)
    assert "failed one after the other; try again after" in (report.stopped or "")
    assert len({one.path for one in stand.asked() if one.fault}) == 3
    asked = len(stand.asked())
    scraped(work)
    assert len(stand.asked()) == asked

    stand.replica.faults.clear()
    a_night_passes(work)
    assert scraped(work).pending == 0


def test_pages_with_a_changed_layout_are_reported_by_address(stand: Stand) -> None:
    stand.replica.faults.append(fault("cut-unseen", pattern=r"^/mal/anime/6/"))
    work = stand.run_context()
    scraped(work)
    with open_state(work, MAL) as state:
        (failure,) = failures(state).values()
    assert failure.address.startswith("https://myanimelist.net/anime/6/")
    assert (failure.reason, failure.page) == ("the page has an unexpected layout", (PAGE_KIND, 6))
