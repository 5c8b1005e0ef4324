"""Clock jumps: due work is never postponed forever, and no breaker stays open longer than intended."""

import time

import pytest

from lap_assets.core.errors import SiteBlocked
from lap_assets.sites import breaker, robots
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import due_pages, record_fetch
from tests.sites.stand import Stand

YEAR = 365 * 24 * 3600.0


def test_a_breaker_opened_in_the_future_closes_after_its_own_time(stand: Stand) -> None:
    with open_state(stand.run_context(), MAL) as state:
        now = time.time()
        state.put("breaker", {"at": now + YEAR, "until": now + YEAR + 3600, "reason": "x", "strikes": 1})
        with pytest.raises(SiteBlocked) as blocked:
            breaker.check(state, MAL)
        assert blocked.value.retry_at == pytest.approx(now + 3600, abs=60)
        with pytest.raises(SiteBlocked) as again:
            breaker.check(state, MAL)
        assert again.value.retry_at == blocked.value.retry_at


def test_a_page_read_in_the_future_is_due(stand: Stand) -> None:
    with open_state(stand.run_context(), MAL) as state:
        with state.transaction():
            for page in (1, 2):
                record_fetch(state, "pictures", page, Outcome.OK, [], is_final=True)
            state.db.execute("UPDATE pages SET visited_at = visited_at + ? WHERE id = 2", (YEAR,))
        assert due_pages(state, "pictures", [1, 2, 3], before=time.time() - 1000) == [2, 3]


def test_rules_read_in_the_future_are_read_again(stand: Stand) -> None:
    with open_state(stand.run_context(), MAL) as state:
        robots.remember(state, "https://x", 200, b"User-agent: *\nDisallow: /a\n")
        assert robots.remembered(state, "https://x") is not None
        kept = state.get("robots https://x") or {}
        state.put("robots https://x", {**kept, "at": kept["at"] + YEAR})
        assert robots.remembered(state, "https://x") is None
