"""World Art's list of updates: animations that moved up are read again, and no others."""

import asyncio
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.replica.months import later
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.run_context import RunContext
from lap_assets.sites import wa_id_crawl
from lap_assets.sites.connection import open_state
from lap_assets.sites.wa import WA
from lap_assets.sites.wa_updates import last_look, moved_up
from tests.sites.stand import standing

BASE = procedural_catalog(120, 5)


@given(before=st.permutations(range(12)), touched=st.lists(st.integers(0, 15), unique=True), shown=st.integers(1, 16))
def test_moved_animations_are_distinguished_from_others(before: list[int], touched: list[int], shown: int) -> None:
    now = [*touched, *(one for one in before if one not in touched)][:shown]
    found = moved_up(now, before)
    assert set(found) <= set(touched)
    assert set(found) >= {one for one in touched[:shown] if one not in before}
    assert found == now[: len(found)]
    assert now[len(found) :] == sorted(now[len(found) :], key=before.index)


def walk(work: RunContext) -> str | None:
    return asyncio.run(wa_id_crawl.crawl(work))


def rows(work: RunContext) -> dict[int, int | None]:
    with open_state(work, WA) as state:
        return {row.wa_id: row.mal_id for row in wa_id_crawl.catalog(state)}


def test_a_month_later_only_what_was_updated_is_read_again(tmp_path: Path) -> None:
    quick: dict[str, Any] = {"sweep_days": 0, "probe_ids": 10}
    with standing(BASE, tmp_path) as stand:
        assert walk(stand.run_context(**quick)) is None
        stand.log.unlink()
        assert walk(stand.run_context(**quick)) is None
        again = stand.paths("wa")
    assert len([path for path in again if "list.php" in path]) == 1
    assert len([path for path in again if "animation.php" in path]) == quick["probe_ids"]
    month = later(BASE, 1)
    changed = {one.wa_id for one in month.animations if BASE.animation_by_id.get(one.wa_id) != one}
    with standing(month, tmp_path) as stand:
        stand.log.unlink()
        assert walk(stand.run_context(**quick)) is None
        asked = {int(path.rsplit("=", 1)[1]) for path in stand.paths("wa") if "animation.php" in path}
        known = set(BASE.animation_by_id)
        assert asked & known == changed & known
        assert rows(stand.run_context(**quick)) == {one.wa_id: one.mal_id for one in month.animations}


def test_an_unknown_list_layout_stops_nothing(tmp_path: Path) -> None:
    small = Catalog(BASE.seed, BASE.anime[:5], BASE.animations[:5])
    with standing(small, tmp_path) as stand:
        stand.replica.faults.append(faults.truncate(0.3, pattern="list.php"))
        stand.replica.faults.append(faults.status(404, pattern="list.php"))
        work = stand.run_context(probe_ids=5)
        assert walk(work) is None
        assert set(rows(work)) == set(small.animation_by_id)
        with open_state(work, WA) as state:
            assert "unexpected layout" in last_look(state)
