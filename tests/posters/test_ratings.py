"""Published anime are those rated on their own pages, and not Rx, regardless of the listing's filter."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.names import PosterName
from lap_assets.integrity.issues import find_issues
from lap_assets.posters.manifest import manifest
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.replica.catalog import Anime, Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_hint, mal_site, ratings
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, SPEC
from tests.sites.bent import editing
from tests.sites.stand import Stand, anime, standing
from tests.slow import mostly_slow

LISTED = tuple(anime(number, 100 + number, rx=number % 4 == 0) for number in range(1, 13))
API = {"mal_source": "api", "mal_client_id": "some-id"}
ALLOWED = [number for number in range(1, 13) if number % 4]


def ran(work: RunContext) -> ScrapeReport:
    """Update the catalog and the posters of subfolder 0 as their assets do."""
    assert asyncio.run(mal_site.crawl(work)) is None
    with open_state(work, MAL) as state:
        pages = SPEC.posters.pages(SPEC.catalog.table(state), "0", work)
    report = asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="x", revisit_days=work.settings.revisit_days))
    assert report.stopped is None
    return report


def published(work: RunContext) -> list[int]:
    """Return the anime in the manifest."""
    with open_state(work, MAL) as state:
        table = manifest(state, [(number, number) for number in range(1, 40)], work.home)
    return sorted(table["mal_id"].to_list())


def excluded(work: RunContext) -> dict[int, bool | None]:
    """Return the column `excluded` of `mal_catalog` by id."""
    with open_state(work, MAL) as state:
        return dict(SPEC.catalog.table(state).select("mal_id", "excluded").iter_rows())


def stored(work: RunContext) -> set[int]:
    """Return the anime with files in the store."""
    return {PosterName.parse(path.name).mal_id for path in work.home.posters.rglob("*.jpg")}


def rerated(*rx: int) -> Catalog:
    """Return the anime, with these rated Rx."""
    return Catalog(5, tuple(replace(one, rx=one.mal_id in rx) for one in LISTED), ())


def test_a_fresh_home_requests_only_a_page_and_its_pictures_and_nothing_of_rx(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context()
        ran(work)
        assert published(work) == ALLOWED
        assert excluded(work) == {one.mal_id: one.rx for one in LISTED}
        pages = [path for path in stand.paths("mal") if path.endswith("/pics")]
        assert pages == [f"/anime/{number}/Kite___Co/pics" for number in ALLOWED]
        assert len(stand.paths("mal-cdn")) == len(ALLOWED)


def test_before_its_page_is_read_nothing_is_known_about_an_anime(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context()
        assert asyncio.run(mal_site.crawl(work)) is None
        assert excluded(work) == {one.mal_id: True if one.rx else None for one in LISTED}
        assert published(work) == []


def test_a_filter_that_lists_nothing_publishes_no_wrong_anime(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        stand.replica.catalog.__dict__["rx_listing"] = ()
        work = stand.run_context()
        ran(work)
        assert published(work) == ALLOWED
        assert stored(work) == set(ALLOWED)
        assert excluded(work) == {one.mal_id: one.rx for one in LISTED}
        ran(stand.run_context(sweep_days=0))
        with open_state(work, MAL) as state:
            assert "the filter is hidden" in mal_hint.in_words(state)


@pytest.mark.slow
def test_a_filter_out_of_order_publishes_no_wrong_anime(tmp_path: Path) -> None:
    old = tuple(anime(number, 100 + number, rx=number > 40 and number % 2 == 0) for number in range(1, 200))
    new = tuple(anime(number, 500 + number, rx=number % 2 == 0) for number in range(200, 260))
    with standing(Catalog(5, old, ()), tmp_path) as stand:
        assert asyncio.run(mal_site.crawl(stand.run_context())) is None
    with standing(Catalog(5, (*old, *new), ()), tmp_path) as stand:
        rx = list(stand.replica.catalog.rx_listing)
        stand.replica.catalog.__dict__["rx_listing"] = (rx[-1], *rx[:-1])
        work = stand.run_context(sweep_days=0, sweep_pages=2)
        ran(work)
        with open_state(work, MAL) as state:
            rated = ratings.ids_rated(state, ratings.Rating.RATED)
        assert rated == {one.mal_id for one in (*old, *new) if not one.rx}


@pytest.mark.parametrize("source", mostly_slow(["pages", "api"], {"pages"}))
def test_an_anime_that_becomes_rx_leaves_and_a_formerly_excluded_one_comes_back(tmp_path: Path, source: str) -> None:
    due: dict[str, Any] = {"sweep_days": 0, "revisit_days": 0, **(API if source == "api" else {})}
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context(**due)
        ran(work)
        assert published(work) == ALLOWED
        world_art = work.home.posters / "0" / "MAL00009_WA00003_001.jpg"
        world_art.write_bytes(b"its poster on World Art")
        release = work.home.release / "v0001" / "0" / "MAL00009_0010_000109.jpg"
        release.parent.mkdir(parents=True)
        release.write_bytes(b"released")
    with standing(rerated(4, 9), tmp_path) as stand:
        report = ran(stand.run_context(**due))
        assert report.set_aside == ["MAL00009_0010_000109.jpg", "MAL00009_WA00003_001.jpg"]
        assert report.releases == {"v0001": 1}
        assert published(work) == [number for number in range(1, 13) if number not in (4, 9)]
        assert 9 not in stored(work)
        assert len(list((work.home.root / "set_aside" / "posters" / "0").iterdir())) == 2
        assert excluded(work) == {number: number in (4, 9) for number in range(1, 13)}
        assert [one for one in find_issues(work.home) if one.kind == "poster"] == []
    with standing(rerated(), tmp_path) as stand:
        ran(stand.run_context(**due))
        assert published(work) == list(range(1, 13)) == sorted(stored(work))


def test_an_anime_that_the_filter_lists_is_read_again_at_once_if_its_page_disagreed(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        ran(stand.run_context())
        work = stand.run_context(sweep_days=0)
        stand.replica.catalog.__dict__["rx_listing"] = (LISTED[8], *stand.replica.catalog.rx_listing)
        stand.log.unlink()
        ran(work)
        assert [path for path in stand.paths() if path.endswith("/pics")] == ["/anime/9/Kite___Co/pics"]
        assert published(work) == ALLOWED
        with open_state(work, MAL) as state:
            assert mal_hint.in_words(state) == "lists 1 anime that are not Rx according to their own pages: 9"
        ran(work)
        assert len([path for path in stand.paths() if path.endswith("/pics")]) == 1


@pytest.mark.parametrize("words", ["None", "", "8.81"])
def test_an_anime_without_a_rating_waits(tmp_path: Path, words: str) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        stand.replica.faults.append(editing(r"/anime/9/.*/pics", r"(Rating:</span>\s*)[^<]*", rf"\g<1>{words}"))
        work = stand.run_context()
        ran(work)
        assert published(work) == [number for number in ALLOWED if number != 9]
        assert not [path for path in stand.paths("mal-cdn") if "109l" in path]
        stand.replica.faults.clear()
        ran(stand.run_context(revisit_days=0))
        assert published(work) == ALLOWED


def test_a_cleared_rating_changes_nothing(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        ran(stand.run_context())
        for words in ("None", ""):
            stand.replica.faults[:] = [editing(r"/pics$", r"(Rating:</span>\s*)[^<]*", rf"\g<1>{words}")]
            work = stand.run_context(revisit_days=0)
            ran(work)
            assert published(work) == ALLOWED


def gray(stand: Stand, mal_id: int, value: str) -> None:
    node = rf'("id":{mal_id},[^}}]*?(?:\}}[^}}]*?)?)"rating":"[a-z_0-9]*","nsfw":"[a-z]*"'
    stand.replica.faults.append(editing(r"^/mal-api/", node, rf"\g<1>{value}"))


def test_a_gray_anime_of_the_api_without_a_rating_waits(tmp_path: Path) -> None:
    listed: tuple[Anime, ...] = (*LISTED, anime(30, 130))
    with standing(Catalog(5, listed, ()), tmp_path) as stand:
        gray(stand, 30, '"nsfw":"gray"')
        work = stand.run_context(**API)
        ran(work)
        assert published(work) == ALLOWED
        stand.replica.faults.clear()
        ran(stand.run_context(sweep_days=0, revisit_days=0, **API))
        assert published(work) == [*ALLOWED, 30]
