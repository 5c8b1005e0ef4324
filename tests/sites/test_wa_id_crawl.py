"""The crawl of World Art's ids, across gaps and interruptions."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import wa_id_crawl
from lap_assets.sites.connection import open_state
from lap_assets.sites.wa import WA
from tests.sites.bent import editing
from tests.sites.stand import Stand, animation, anime, standing


def expected(catalog: Catalog) -> list[dict[str, Any]]:
    rows = [asdict(one) for one in sorted(catalog.animations, key=lambda one: one.wa_id)]
    return [{key: value for key, value in row.items() if key != "posters"} for row in rows]


def found(work: RunContext) -> list[dict[str, Any]]:
    with open_state(work, WA) as state:
        return [asdict(row) for row in wa_id_crawl.catalog(state)]


def walk(work: RunContext) -> str | None:
    return asyncio.run(wa_id_crawl.crawl(work))


def read(stand: Stand) -> list[int]:
    """Return the requested animation pages, by id."""
    return [int(path.rsplit("=", 1)[1]) for path in stand.paths("wa") if "animation.php" in path]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_walk_finds_exactly_what_is_there(seed: int, tmp_path: Path) -> None:
    with standing(procedural_catalog(40, seed), tmp_path) as stand:
        work = stand.run_context(probe_ids=8)
        assert walk(work) is None
        assert found(work) == expected(stand.replica.catalog)
        assert read(stand) == list(range(1, max(stand.replica.catalog.animation_by_id) + 9))


@pytest.mark.parametrize(("probe", "ids"), [(34, [1]), (35, [1, 36])])
def test_a_gap_of_34_ids_is_crossed(probe: int, ids: list[int], tmp_path: Path) -> None:
    catalog = Catalog(5, (anime(1, 1),), (animation(1, 1, 1), animation(36, 1, 2)))
    with standing(catalog, tmp_path) as stand:
        work = stand.run_context(probe_ids=probe)
        walk(work)
        assert [row["wa_id"] for row in found(work)] == ids


@pytest.mark.parametrize("budget", range(1, 7))
def test_a_walk_in_pieces_finds_the_same_and_reads_no_page_twice(stand: Stand, budget: int) -> None:
    work = stand.run_context(probe_ids=2, budget_requests=budget)
    runs = 0
    while walk(work) is not None:
        runs += 1
        assert runs < 20
    assert found(work) == expected(stand.replica.catalog)
    assert read(stand) == [1, 2, 3, 4, 5]


def test_a_walk_that_is_not_due_sends_no_requests_and_a_later_one_only_beyond_the_end(stand: Stand) -> None:
    work = stand.run_context(probe_ids=2)
    walk(work)
    asked, pages = len(stand.asked()), len(read(stand))
    assert walk(work) is None
    assert len(stand.asked()) == asked

    assert walk(stand.run_context(probe_ids=2, sweep_days=0)) is None
    assert read(stand)[pages:] == [4, 5]


def test_unreadable_pages_are_read_by_the_next_run(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(500, pattern="id=3$"))
    work = stand.run_context(probe_ids=2)
    assert "1 pages could not be read" in (walk(work) or "")
    assert [row["wa_id"] for row in found(work)] == [1]

    stand.replica.faults.clear()
    assert walk(work) is None
    assert found(work) == expected(stand.replica.catalog)


def test_a_flood_stops_the_walk_and_is_never_taken_for_missing_ids(stand: Stand) -> None:
    stand.replica.faults.append(faults.not_connect(pattern="id=[3-9]"))
    work = stand.run_context(probe_ids=2)
    assert "try again after" in (walk(work) or "")
    assert len(read(stand)) == 5  # 1, 2, and three times 3
    assert [row["wa_id"] for row in found(work)] == [1]


def test_a_removed_link_is_kept_and_a_new_one_counts(tmp_path: Path) -> None:
    with standing(Catalog(5, (anime(1, 1),), (animation(1, 1, 1), animation(2, 7, 2))), tmp_path) as stand:
        work = stand.run_context(probe_ids=2, sweep_days=0)
        assert walk(work) is None
        whole = found(work)
        stand.replica.faults.append(editing("animation.php", "myanimelist.net", "elsewhere.example", encoding="cp1251"))
        with open_state(work, WA) as state, state.transaction():
            state.db.execute("UPDATE pages SET visited_at = NULL")
        assert walk(work) is None
        assert found(work) == whole
        stand.replica.faults[:] = [editing("animation.php", r"(anime/|anime.php.id=)7", r"\g<1>1", encoding="cp1251")]
        with open_state(work, WA) as state, state.transaction():
            state.db.execute("UPDATE pages SET visited_at = NULL")
        assert walk(work) is None
        assert [row["mal_id"] for row in found(work)] == [1, 1]
