"""The crawl of MAL's listing: all anime, each only after its rating is known."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from lap_assets.replica import faults
from lap_assets.replica.catalog import Anime, Catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_hint, mal_listing_crawl
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL, ListedAnime
from lap_assets.sites.state import RATING_KNOWN, SiteState
from tests.sites.bent import editing
from tests.sites.stand import Stand, anime, standing
from tests.slow import mostly_slow


def listed(total: int, *, every: int = 4) -> tuple[Anime, ...]:
    return tuple(anime(7 * number, 100 + number, rx=number % every == 0) for number in range(1, total + 1))


def expected(catalog: Catalog) -> list[tuple[int, str, bool]]:
    return [(one.mal_id, one.slug, one.rx) for one in sorted(catalog.anime, key=lambda one: one.mal_id)]


def found(work: RunContext) -> list[tuple[int, str, bool]]:
    with open_state(work, MAL) as state:
        return [(row.mal_id, row.slug, row.excluded) for row in mal_listing_crawl.catalog(state)]


def sweep(work: RunContext) -> str | None:
    return asyncio.run(mal_listing_crawl.crawl(work))


def is_due(work: RunContext) -> bool:
    with open_state(work, MAL) as state:
        return mal_listing_crawl.is_due(state, work)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """130 anime on three pages; every second one excluded, so that the Rx listing has two pages."""
    with standing(Catalog(5, listed(130, every=2), ()), tmp_path_factory.mktemp("many")) as running:
        yield running


@pytest.mark.parametrize(("total", "every"), [(0, 4), (1, 1), (49, 7), (50, 3), (101, 2), (100, 200)])
def test_a_sweep_finds_exactly_what_is_listed(total: int, every: int, tmp_path: Path) -> None:
    with standing(Catalog(5, listed(total, every=every), ()), tmp_path) as stand:
        work = stand.run_context()
        assert sweep(work) is None
        assert found(work) == expected(stand.replica.catalog)
        assert not is_due(work)


def test_a_second_sweep_that_is_not_due_sends_no_requests(stand: Stand) -> None:
    work = stand.run_context()
    sweep(work)
    asked = len(stand.asked())
    assert sweep(work) is None
    assert len(stand.asked()) == asked


@pytest.mark.parametrize("budget", mostly_slow(range(1, 9), {4, 8}))
def test_a_sweep_in_pieces_finds_the_same_and_publishes_nothing_unrated(many: Stand, budget: int) -> None:
    catalog = many.replica.catalog
    excluded = {one.mal_id for one in catalog.anime if one.rx}
    work = many.run_context(f"pieces {budget}", budget_requests=budget)
    for _ in range(40):
        before = len(many.asked())
        stopped = sweep(work)
        rows = found(work)
        assert len(many.asked()) - before <= budget
        assert not [mal_id for mal_id, _, is_excluded in rows if mal_id in excluded and not is_excluded]
        if stopped is None:
            break
        assert "budget" in stopped
        assert all(is_excluded for _, _, is_excluded in rows)  # nothing is rated before the last page
    assert found(work) == expected(catalog)
    assert not is_due(work)


@pytest.mark.parametrize(("rating", "show"), [("", 0), ("", 100), ("", 150), ("r=6&", 0), ("r=6&", 50), ("r=6&", 100)])
def test_an_unreadable_page_stops_the_sweep_and_publishes_nothing(many: Stand, rating: str, show: int) -> None:
    work = many.run_context(f"strange {rating}{show}")
    many.replica.faults.append(faults.truncate(0.5, pattern=f"w=1&{rating}show={show}$"))
    try:
        assert f"{rating}show={show}" in (sweep(work) or "")
        assert not [mal_id for mal_id, _, excluded in found(work) if not excluded]
    finally:
        many.replica.faults.clear()
    assert sweep(work) is None
    assert found(work) == expected(many.replica.catalog)


def test_a_routine_sweep_reads_only_the_first_pages(many: Stand) -> None:
    work = many.run_context("routine")
    sweep(work)
    before = len(many.paths())
    assert sweep(many.run_context("routine", sweep_days=0, sweep_pages=1)) is None
    paths = many.paths()[before:]
    assert [path for path in paths if "r=6" not in path] == ["/anime.php?o=9&cv=2&w=1&show=0"]
    assert len([path for path in paths if "r=6" in path]) == 1
    assert found(work) == expected(many.replica.catalog)


def test_a_routine_sweep_finds_new_anime_and_their_ratings(tmp_path: Path) -> None:
    old = listed(120)
    new = (anime(5000, 1), anime(5001, 2, rx=True), anime(4999, 3))
    with standing(Catalog(5, old, ()), tmp_path) as first:
        sweep(first.run_context())
    with standing(Catalog(5, (*old, *new), ()), tmp_path) as second:
        before = len(second.paths())
        for budget in (1, 1, 1, 9):
            work = second.run_context(sweep_days=0, sweep_pages=1, budget_requests=budget)
            stopped = sweep(work)
            assert (5001, new[1].slug, False) not in found(work)
            if stopped is None:
                break
        assert found(work) == expected(second.replica.catalog)
        assert len(second.paths()) - before < 8


def test_anime_that_are_no_longer_listed_stay(tmp_path: Path) -> None:
    every = listed(10)
    with standing(Catalog(5, every, ()), tmp_path) as first:
        sweep(first.run_context())
    with standing(Catalog(5, every[:-3], ()), tmp_path) as second:
        work = second.run_context(sweep_days=0)
        assert sweep(work) is None
        assert found(work) == expected(Catalog(5, every, ()))


def test_an_unreadable_slug_keeps_the_known_one(tmp_path: Path) -> None:
    with SiteState(tmp_path, MAL) as state:
        for slug in ("Seme_Chichi", "", "Seme_Chichi_2", ""):
            with state.transaction():
                mal_listing_crawl.see(state, [ListedAnime(7, slug)], excluded=False, rating=RATING_KNOWN)
        assert [row.slug for row in mal_listing_crawl.catalog(state)] == ["Seme_Chichi_2"]


def edited(stand: Stand, pattern: str, old: str, new: str) -> None:
    stand.replica.faults.append(editing(pattern, old, new))


def test_a_listing_with_changed_markup_stops_the_sweep_and_proves_nothing(stand: Stand) -> None:
    edited(stand, r"^/mal/anime\.php", "hoverinfo_trigger fw-b", "hoverinfo_trigger fw-bold")
    work = stand.run_context("renamed")
    assert "has an unexpected layout (unknown); nothing was changed" in (sweep(work) or "")
    assert found(work) == []
    assert is_due(work)


def test_a_listing_that_collapsed_is_an_error_and_is_read_again(tmp_path: Path) -> None:
    every = listed(60)
    with standing(Catalog(5, every, ()), tmp_path) as first:
        assert sweep(first.run_context()) is None
    with standing(Catalog(5, every[:20], ()), tmp_path) as second:
        for work in (second.run_context(sweep_days=0), second.run_context(sweep_days=0, whole_sweep_days=0)):
            assert "has 20 anime, the last one had 60" in (sweep(work) or "")
            assert found(work) == expected(Catalog(5, every, ()))
            assert is_due(work)
    with standing(Catalog(5, (), ()), tmp_path) as empty:
        assert "has 0 anime, the last one had" in (sweep(empty.run_context(sweep_days=0)) or "")
    with standing(Catalog(5, every, ()), tmp_path) as third:
        assert sweep(third.run_context(sweep_days=0)) is None


def hint(work: RunContext) -> str:
    with open_state(work, MAL) as state:
        return mal_hint.in_words(state)


def test_a_filter_without_effect_excludes_no_anime(tmp_path: Path) -> None:
    with standing(Catalog(5, listed(120), ()), tmp_path) as stand:
        stand.replica.catalog.__dict__["rx_listing"] = stand.replica.catalog.listing
        work = stand.run_context()
        assert sweep(work) is None
        assert not [mal_id for mal_id, _, excluded in found(work) if excluded]
        assert "ignored: it lists 120 of 120 anime" in hint(work)
        del stand.replica.catalog.__dict__["rx_listing"]
        work = stand.run_context(sweep_days=0, whole_sweep_days=0)
        assert sweep(work) is None
        assert found(work) == expected(stand.replica.catalog)
        assert hint(work) == "agrees with the anime's own pages"


def test_a_filter_that_lists_unknown_anime_is_ignored(tmp_path: Path) -> None:
    with standing(Catalog(5, listed(20), ()), tmp_path) as stand:
        stand.replica.catalog.__dict__["rx_listing"] = tuple(anime(number, number) for number in range(9000, 8990, -1))
        work = stand.run_context()
        assert sweep(work) is None
        assert "ignored: it lists 10 anime that the whole listing lacks" in hint(work)
        assert [mal_id for mal_id, _, _ in found(work)] == [7 * number for number in range(1, 21)]
