"""A catalog page that always fails: later pages are read, every crawl ends, and the page is reported."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lap_assets.posters.health import catalog_health
from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_listing_crawl, mal_site
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import failures
from lap_assets.sites.mal import MAL
from lap_assets.sites.scrapes import note_scrape
from lap_assets.sites.specs import spec_of
from tests.sites.stand import Stand, anime, standing
from tests.slow import mostly_slow

LISTED = tuple(anime(number, 100 + number, rx=number % 2 == 0) for number in range(1, 331))
IN_ORDER = [one.mal_id for one in reversed(LISTED)]
API = {"mal_source": "api", "mal_client_id": "some-id"}
NIGHT = 24 * 3600.0


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with standing(Catalog(5, LISTED, ()), tmp_path) as running:
        yield running


def crawl(work: RunContext) -> str | None:
    return asyncio.run(mal_site.crawl(work))


def known(work: RunContext) -> set[int]:
    with open_state(work, MAL) as state:
        return {mal_id for (mal_id,) in state.rows("SELECT mal_id FROM anime")}


def a_night_passes(work: RunContext) -> None:
    with open_state(work, MAL) as state:
        if kept := state.get("breaker"):
            state.put("breaker", {**kept, "at": kept["at"] - NIGHT, "until": kept["until"] - NIGHT})
        for key in ("swept_at", "whole_swept_at"):
            if (at := state.get(key)) is not None:
                state.put(key, at - NIGHT)
        with state.transaction() as db:
            db.execute("UPDATE failures SET tried_at = tried_at - ?1, until = until - ?1, since = since - ?1", (NIGHT,))


def nights(work: RunContext, count: int) -> list[str | None]:
    reports = []
    for _ in range(count):
        reports.append(crawl(work))
        a_night_passes(work)
    return reports


@pytest.mark.parametrize("code", mostly_slow([410, 503], {503}))
@pytest.mark.parametrize(
    ("pattern", "lost"), [("w=1&show=100$", IN_ORDER[100:150]), ("w=1&show=0$", IN_ORDER[:50]), ("r=6&show=50$", [])]
)
def test_a_listing_page_that_always_fails_loses_only_its_rows(
    stand: Stand, code: int, pattern: str, lost: list[int]
) -> None:
    stand.replica.faults.append(faults.status(code, pattern=pattern))
    work = stand.run_context(sweep_days=9.0)
    assert "show=" in (crawl(work) or "")
    assert len(known(work)) >= len(LISTED) - 50  # all later pages are read in the first night
    a_night_passes(work)
    assert nights(work, 5)[1:] == [None] * 4
    assert known(work) >= set(IN_ORDER) - set(lost)
    with open_state(work, MAL) as state:
        assert mal_listing_crawl.last_crawl_at(state) is not None
        assert not mal_listing_crawl.is_due(state, work)
        assert state.get("whole_swept_at") is None  # so the next crawl reads the whole listing again
        assert any("pages of the catalog could not be read" in one for one in spec_of("mal").catalog.doubts(state))

    stand.replica.faults.clear()
    nights(work, 12)
    assert crawl(stand.run_context(sweep_days=0.0)) is None
    assert known(work) == set(IN_ORDER)
    with open_state(work, MAL) as state:
        assert state.get("whole_swept_at") is not None


def test_rows_of_the_ranking_that_always_fail_are_lost_alone(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(504, pattern=r"ranking\?.*offset=(0|100)&|limit=500"))
    work = stand.run_context(**API, sweep_days=9.0)
    assert "ranking" in (crawl(work) or "")
    assert len(known(work)) >= len(LISTED) - 100
    a_night_passes(work)
    assert nights(work, 6)[-1] is None
    with open_state(work, MAL) as state:
        assert not mal_site.is_due(state, work)
    assert len(known(work)) >= len(LISTED) - 100

    stand.replica.faults.clear()
    nights(work, 12)
    assert crawl(stand.run_context(**API, sweep_days=0.0)) is None
    assert known(work) == set(IN_ORDER)


def test_a_page_read_at_the_second_try_of_a_crawl_loses_nothing(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(410, pattern="w=1&show=150$", first=1))
    work = stand.run_context()
    assert crawl(work) is None
    assert known(work) == set(IN_ORDER)
    with open_state(work, MAL) as state:
        assert failures(state) == {}
        assert state.get("whole_swept_at") is not None


def test_doubts_about_the_ratings_are_shown_by_the_catalogs_check(stand: Stand) -> None:
    work = stand.run_context()
    assert crawl(work) is None
    spec = spec_of("mal")
    with open_state(work, MAL) as state:
        note_scrape(state, "mal_catalog", None, None, len(LISTED))
    assert catalog_health(spec, work).is_well

    def doubts() -> list[str]:
        return list(catalog_health(spec, work).doubts)

    with open_state(work, MAL) as state, state.transaction() as db:
        db.execute("UPDATE anime SET told = 'rated', told_at = ?, excluded = 0", (time.time(),))
    assert doubts() == ["none of 330 anime is rated Rx: are the ratings hidden?"]
    with open_state(work, MAL) as state, state.transaction() as db:
        db.execute("UPDATE anime SET told = 'rx'")
    assert doubts() == ["330 of 330 anime are rated Rx: are the ratings right?"]
    with open_state(work, MAL) as state, state.transaction() as db:
        db.execute("UPDATE anime SET told = iif(mal_id % 3, 'rated', 'rx'), excluded = mal_id < 9")
    (doubt,) = doubts()
    assert doubt.startswith("the listing of Rx: lists 6 anime that are not Rx according to their own pages: 1, 2, 4")
    json.dumps(doubt)
