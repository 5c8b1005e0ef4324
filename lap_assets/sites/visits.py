"""Which pages were visited and what they showed. Only a page that is OK or EMPTY changes what is known."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.state import SiteState


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a page: when it last brought knowledge (Unix seconds) and what it showed then."""

    visited_at: float | None
    data: Any
    outcome: Outcome


def record(state: SiteState, kind: str, page: int, outcome: Outcome, data: object, *, settles: bool) -> None:
    """Writes down a visit, in the caller's transaction.

    `settles`: the page needs no other try until it is due again. `data` replaces what was known only if the outcome is
    knowledge.
    """
    now = time.time()
    state.db.execute(
        "INSERT INTO pages (kind, id, visited_at, data, tried_at, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (kind, id) DO UPDATE SET tried_at = ?5, outcome = ?6,"
        " visited_at = coalesce(?3, visited_at), data = coalesce(?4, data)",
        (
            kind,
            page,
            now if settles else None,
            json.dumps(data, ensure_ascii=False) if outcome.is_knowledge else None,
            now,
            outcome.value,
        ),
    )


def visits(state: SiteState, kind: str) -> dict[int, Visit]:
    """Every visit of a kind of page, by page id."""
    rows = state.rows("SELECT id, visited_at, data, outcome FROM pages WHERE kind = ? ORDER BY id", kind)
    return {page: Visit(at, json.loads(data) if data else None, Outcome(said)) for page, at, data, said in rows}


def due(state: SiteState, kind: str, pages: Iterable[int], *, before: float) -> list[int]:
    """Those of `pages` that were never read, or last before the time `before`; in the given order."""
    at = dict(state.rows("SELECT id, visited_at FROM pages WHERE kind = ? AND visited_at IS NOT NULL", kind))
    return [page for page in pages if page not in at or at[page] < before]
