"""MAL's official API as a second source: the same catalog and the same posters as from its pages."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import SettingsError
from lap_assets.core.names import PosterName
from lap_assets.posters.scrape import scrape
from lap_assets.replica.catalog import Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import mal, mal_api, mal_listing_crawl, mal_site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalApiPage, MalPage
from lap_assets.sites.outcomes import Outcome
from tests.sites.stand import Stand, anime, standing

API = {"mal_source": "api", "mal_client_id": "some-id"}
LISTED = tuple(anime(7 * number, 100 + number, rx=number % 4 == 0) for number in range(1, 541))


def catalog(work: RunContext) -> list[tuple[int, str, bool]]:
    with open_state(work, MAL) as state:
        return [(row.mal_id, row.slug, row.excluded) for row in mal_listing_crawl.catalog(state)]


def sweep(work: RunContext) -> str | None:
    return asyncio.run(mal_site.crawl(work))


def posters(work: RunContext, kind: type[MalPage], *mal_ids: int) -> set[str]:
    pages = [kind(mal_id, "_") for mal_id in mal_ids]
    report = asyncio.run(scrape(work, MAL, PAGE_KIND, pages, title="posters", revisit_days=9))
    assert report.stopped is None
    return {path.name for path in work.home.posters.rglob("*.jpg")}


def test_the_catalog_is_the_pages_catalog_in_two_requests(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context(**API)
        assert sweep(work) is None
        assert [(mal_id, rx) for mal_id, _, rx in catalog(work)] == [(one.mal_id, one.rx) for one in LISTED]
        assert [path.split("?")[0] for path in stand.paths()] == ["/v2/anime/ranking"] * 2
        assert sweep(work) is None
        assert len(stand.paths()) == 2


def test_a_sweep_in_pieces_publishes_what_it_has_seen_with_its_rating(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context(budget_requests=1, **API)
        assert "budget" in str(sweep(work))
        told = {one.mal_id: one.rx for one in LISTED}
        seen = catalog(work)
        assert 0 < len(seen) < len(LISTED)
        assert all(told[mal_id] == excluded for mal_id, _, excluded in seen)
        assert sweep(work) is None
        assert len(catalog(work)) == len(LISTED)


def test_what_the_pages_saw_and_the_api_does_not_know_stays_unpublished(stand: Stand) -> None:
    work = stand.run_context(**API)
    with open_state(work, MAL) as state, state.transaction():
        mal_listing_crawl.see(state, [mal.ListedAnime(999, "Unrated")], excluded=False)
    assert sweep(work) is None
    assert 999 not in [mal_id for mal_id, _, _ in catalog(work)]


def test_posters_are_those_of_the_pages(tmp_path: Path) -> None:
    listed = (anime(1, 101, 102, 103), anime(2), anime(5, 501))
    with standing(Catalog(5, listed, ()), tmp_path) as stand:
        by_api = posters(stand.run_context("api", **API), MalApiPage, 1, 2, 5, 77)
        assert by_api == posters(stand.run_context("pages"), MalPage, 1, 2, 5, 77)
        assert by_api == {str(PosterName.mal(one.mal_id, *pic)) for one in listed for pic in one.pictures}


def test_the_api_is_not_asked_without_a_client_id_and_a_refused_one_is_named(stand: Stand) -> None:
    with pytest.raises(SettingsError, match="LAP_MAL_CLIENT_ID is not set"):
        sweep(stand.run_context(mal_source="api"))
    told = sweep(stand.run_context(mal_source="api", mal_client_id="refused"))
    assert "does not accept X-MAL-CLIENT-ID" in str(told)
    assert "some-id" not in str(told)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("<html>Just a moment...</html>", Outcome.UNKNOWN),
        ([], Outcome.UNKNOWN),
        ({"error": "not_found", "message": ""}, Outcome.NOT_FOUND),
        ({"id": 6, "title": "X", "pictures": []}, Outcome.UNKNOWN),
        ({"id": 5, "title": "X"}, Outcome.UNKNOWN),
        ({"id": 5, "pictures": [{"large": "https://elsewhere.example/x.jpg"}]}, Outcome.UNKNOWN),
        ({"id": 5, "pictures": []}, Outcome.EMPTY),
    ],
)
def test_only_an_answer_that_proves_to_be_the_right_one_counts(answer: Any, outcome: Outcome) -> None:
    body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
    assert mal_api.parse_pictures(body, mal_api.pictures_url(5)).outcome is outcome


def test_an_anime_without_a_rating_does_not_pass() -> None:
    rows = [{"node": {"id": 1, "title": "A b"}}, {"node": {"id": 2, "title": "C", "nsfw": "white"}}]
    page = mal_api.parse_ranking(json.dumps({"data": rows, "paging": {}}).encode(), "")
    assert [one.mal_id for one in page.anime] == [2]
    assert page.is_last
