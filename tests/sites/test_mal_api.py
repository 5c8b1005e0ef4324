"""MAL's official API as a second source: the same catalog and the same posters as from its pages."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import SettingsError
from lap_assets.core.names import PosterName
from lap_assets.posters.scrape import scrape
from lap_assets.replica import faults
from lap_assets.replica.answers import Answer
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_content import replaced
from lap_assets.replica.faults import Fault
from lap_assets.run_context import RunContext
from lap_assets.sites import mal, mal_api, mal_listing_crawl, mal_site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalApiPage, MalPage
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating
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
        expected = {one.mal_id: one.rx for one in LISTED}
        seen = catalog(work)
        assert 0 < len(seen) < len(LISTED)
        assert all(expected[mal_id] == excluded for mal_id, _, excluded in seen)
        assert sweep(work) is None
        assert len(catalog(work)) == len(LISTED)


def test_anime_from_pages_that_the_api_does_not_know_stay_unpublished(stand: Stand) -> None:
    work = stand.run_context(**API)
    with open_state(work, MAL) as state, state.transaction():
        mal_listing_crawl.see(state, [mal.ListedAnime(999, "Unrated")], excluded=False)
    assert sweep(work) is None
    assert 999 not in [mal_id for mal_id, _, _ in catalog(work)]


@pytest.mark.slow
def test_posters_are_those_of_the_pages(tmp_path: Path) -> None:
    listed = (anime(1, 101, 102, 103), anime(2), anime(5, 501))
    with standing(Catalog(5, listed, ()), tmp_path) as stand:
        by_api = posters(stand.run_context("api", **API), MalApiPage, 1, 2, 5, 77)
        assert by_api == posters(stand.run_context("pages"), MalPage, 1, 2, 5, 77)
        assert by_api == {str(PosterName.mal(one.mal_id, *pic)) for one in listed for pic in one.pictures}


def test_the_api_is_not_used_without_a_client_id_and_a_refused_one_is_named(stand: Stand) -> None:
    with pytest.raises(SettingsError, match="LAP_MAL_CLIENT_ID is not set"):
        sweep(stand.run_context(mal_source="api"))
    message = sweep(stand.run_context(mal_source="api", mal_client_id="refused"))
    assert "does not accept X-MAL-CLIENT-ID" in str(message)
    assert "some-id" not in str(message)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("<html>Just a moment...</html>", Outcome.UNKNOWN),
        ([], Outcome.UNKNOWN),
        ("[" * 100_000, Outcome.UNKNOWN),
        ({"error": "not_found", "message": ""}, Outcome.NOT_FOUND),
        ({"id": 6, "title": "X", "pictures": []}, Outcome.UNKNOWN),
        ({"id": 5, "title": "X"}, Outcome.UNKNOWN),
        ({"id": 5, "pictures": [{"large": "https://elsewhere.example/x.jpg"}]}, Outcome.UNKNOWN),
        ({"id": 5, "pictures": []}, Outcome.EMPTY),
    ],
)
def test_only_a_verified_response_counts(answer: Any, outcome: Outcome) -> None:
    body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
    assert mal_api.parse_pictures(body, mal_api.pictures_url(5)).outcome is outcome


def test_an_anime_without_a_rating_is_not_published() -> None:
    rows = [{"node": {"id": 1, "title": "A b"}}, {"node": {"id": 2, "title": "C", "nsfw": "white"}}]
    page = mal_api.parse_ranking(json.dumps({"data": rows, "paging": {}}).encode(), "")
    assert [one.mal_id for one in page.anime] == [2]
    assert page.is_last


def rewriting(pattern: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """Return a replica's fault that changes every matching response of the API."""

    def body(answer: Answer) -> tuple[bytes, str | None]:
        return json.dumps(change(json.loads(answer.body))).encode(), None

    return Fault(replaced(body), pattern, name="rewritten")


RANKING = r"^/mal-api/v2/anime/ranking"


@pytest.mark.parametrize("trouble", ["fewer rows", "no next", "504 for many", "one odd entry", "504 once"])
def test_the_whole_ranking_is_read_whatever_its_page_sizes(tmp_path: Path, trouble: str) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        stand.replica.faults.append(
            {
                "fewer rows": rewriting(RANKING, lambda answer: {**answer, "data": answer["data"][:200]}),
                "no next": rewriting(RANKING, lambda answer: {**answer, "paging": {}}),
                "504 for many": faults.status(504, pattern=f"{RANKING}.*limit=(500|250)&"),
                "504 once": faults.status(504, pattern=RANKING, first=1),
                "one odd entry": rewriting(
                    RANKING, lambda answer: {**answer, "data": [*answer["data"], {"node": {"id": 0}}]}
                ),
            }[trouble]
        )
        work = stand.run_context(**API)
        assert sweep(work) is None
        assert [(mal_id, rx) for mal_id, _, rx in catalog(work)] == [(one.mal_id, one.rx) for one in LISTED]
        assert len(stand.paths()) < 20


def test_a_ranking_without_ratings_is_an_error(stand: Stand) -> None:
    def without(answer: dict[str, Any]) -> dict[str, Any]:
        nodes = [{"node": {"id": row["node"]["id"], "title": row["node"]["title"]}} for row in answer["data"]]
        return {**answer, "data": nodes}

    stand.replica.faults.append(rewriting(RANKING, without))
    work = stand.run_context(**API)
    assert "has no ratings; nothing was changed" in str(sweep(work))
    assert catalog(work) == []


def test_a_ranking_that_collapsed_or_leads_back_is_an_error(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        work = stand.run_context(sweep_days=0, **API)
        assert sweep(work) is None
        stand.replica.faults.append(rewriting(RANKING, lambda answer: {"data": answer["data"][:20], "paging": {}}))
        assert "has 20 anime, the last one had 540" in str(sweep(work))
        back = {"next": "https://api.myanimelist.net/v2/anime/ranking?offset=0"}
        stand.replica.faults[:] = [rewriting(RANKING, lambda answer: {**answer, "paging": back})]
        assert "leads from row 0 to 0" in str(sweep(work))
        assert len(catalog(work)) == len(LISTED)


def test_an_anime_that_the_api_no_longer_rates_rx_comes_back(tmp_path: Path) -> None:
    with standing(Catalog(5, LISTED, ()), tmp_path) as stand:
        assert sweep(stand.run_context(**API)) is None
    with standing(Catalog(5, tuple(replace(one, rx=False) for one in LISTED), ()), tmp_path) as stand:
        work = stand.run_context(sweep_days=0, **API)
        assert sweep(work) is None
        assert not any(rx for _, _, rx in catalog(work))


PICTURE = "https://cdn.myanimelist.net/images/anime/6/73246.jpg"
PLACEHOLDER = {"medium": "https://cdn.myanimelist.net/images/qm_50.gif"}


@pytest.mark.parametrize(
    ("entry", "outcome", "pictures", "addresses"),
    [
        ({"pictures": [{"large": PICTURE}, PLACEHOLDER]}, Outcome.OK, ((6, 73246),), (PICTURE,)),
        ({"pictures": [{"medium": PICTURE, "large": None}]}, Outcome.OK, ((6, 73246),), (PICTURE,)),
        ({"pictures": [], "main_picture": PLACEHOLDER}, Outcome.EMPTY, (), ()),
        (
            {"pictures": [{"large": "https://x.example/1.jpg"}, {"large": PICTURE}]},
            Outcome.OK,
            ((6, 73246),),
            (PICTURE,),
        ),
        ({"main_picture": {"medium": PICTURE}}, Outcome.UNKNOWN, (), ()),
    ],
)
def test_an_invalid_picture_is_skipped_alone(
    entry: dict[str, Any], outcome: Outcome, pictures: tuple[tuple[int, int], ...], addresses: tuple[str, ...]
) -> None:
    found = mal_api.parse_pictures(json.dumps({"id": 5, **entry}).encode(), mal_api.pictures_url(5))
    assert (found.outcome, found.pictures, found.addresses) == (outcome, pictures, addresses)


@pytest.mark.parametrize(
    ("entry", "rating"),
    [
        ({"rating": "g", "nsfw": "gray"}, Rating.RATED),
        ({"rating": "rx", "nsfw": "gray"}, Rating.RX),
        ({"rating": "Rx"}, Rating.RX),
        ({"nsfw": "black"}, Rating.RX),
        ({"nsfw": "gray"}, Rating.UNRATED),
        ({}, Rating.UNKNOWN),
    ],
)
def test_the_rating_of_one_anime(entry: dict[str, Any], rating: Rating) -> None:
    found = mal_api.parse_pictures(json.dumps({"id": 5, "pictures": [], **entry}).encode(), mal_api.pictures_url(5))
    assert found.rating is rating
