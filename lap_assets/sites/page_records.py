"""Fetched pages and their contents. Only a page that is OK or EMPTY changes what is known about posters."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.state import SiteState


@dataclass(frozen=True, slots=True)
class PageRecord:
    """Record of a page: the time of its last final fetch (Unix seconds), and its contents then."""

    visited_at: float | None
    data: Any
    outcome: Outcome


def record_fetch(state: SiteState, kind: str, page: int, outcome: Outcome, data: object, *, is_final: bool) -> None:
    """Record a fetch, in the caller's transaction.

    `is_final`: the page needs no further try until it is due again. `data` replaces the known contents only if the
    outcome is conclusive.
    """
    now = time.time()
    state.db.execute(
        "INSERT INTO pages (kind, id, visited_at, data, tried_at, outcome) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (kind, id) DO UPDATE SET tried_at = ?5, outcome = ?6,"
        " visited_at = coalesce(?3, visited_at), data = coalesce(?4, data)",
        (
            kind,
            page,
            now if is_final else None,
            json.dumps(data, ensure_ascii=False) if outcome.is_conclusive else None,
            now,
            outcome.value,
        ),
    )


def record_read(state: SiteState, kind: str, page: int, outcome: Outcome, data: object, *, at: float) -> None:
    """Record a past final fetch (`at`: Unix seconds), in the caller's transaction."""
    state.db.execute(
        "INSERT OR REPLACE INTO pages (kind, id, visited_at, data, tried_at, outcome) VALUES (?1, ?2, ?3, ?4, ?3, ?5)",
        (kind, page, at, json.dumps(data, ensure_ascii=False), outcome.value),
    )


def page_records(state: SiteState, kind: str) -> dict[int, PageRecord]:
    """Return the records of all pages of a kind, by page id."""
    rows = state.rows("SELECT id, visited_at, data, outcome FROM pages WHERE kind = ? ORDER BY id", kind)
    return {page: PageRecord(at, json.loads(data) if data else None, Outcome(name)) for page, at, data, name in rows}


def provisional(state: SiteState, kind: str, page: int) -> Any | None:
    """Return the contents from the last fetch if it was conclusive but not final; else None."""
    found = state.rows("SELECT visited_at, tried_at, outcome, data FROM pages WHERE kind = ? AND id = ?", kind, page)
    for visited_at, tried_at, outcome, data in found:
        if visited_at != tried_at and Outcome(outcome).is_conclusive and data is not None:
            return json.loads(data)
    return None


def note_moved(state: SiteState, kind: str, page: int, moved_to: int) -> None:
    """Record, in the caller's transaction, the id whose page the site shows instead of this one."""
    moved = {**(state.get(f"moved {kind}") or {}), str(page): moved_to}
    state.put(f"moved {kind}", moved)


def moved_pages(state: SiteState, kind: str) -> dict[int, int]:
    """Return the ids of pages that the site replaced by another page, each with the id of that page."""
    kept = state.get(f"moved {kind}") or {}
    return {int(page): moved_to for page, moved_to in sorted(kept.items())}


def last_outcome(state: SiteState, kind: str, page: int) -> Outcome | None:
    """Return the outcome of the last fetch of a page; None if there was none."""
    for (outcome,) in state.rows("SELECT outcome FROM pages WHERE kind = ? AND id = ?", kind, page):
        return Outcome(outcome)
    return None


def was_final(state: SiteState, kind: str, page: int) -> bool:
    """Return whether any earlier fetch of the page was final."""
    return bool(state.rows("SELECT 1 FROM pages WHERE kind = ? AND id = ? AND visited_at IS NOT NULL", kind, page))


def due_pages(state: SiteState, kind: str, pages: Iterable[int], *, before: float) -> list[int]:
    """Return the `pages` that were never read, or last before the time `before`, in the given order.

    A fetch in the future does not count: the clock was set back.
    """
    at = dict(state.rows("SELECT id, visited_at FROM pages WHERE kind = ? AND visited_at IS NOT NULL", kind))
    now = time.time()
    return [page for page in pages if page not in at or not before <= at[page] <= now]
