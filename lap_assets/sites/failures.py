"""Addresses that could not be read: why, since when, how often, and when each may be tried again.

The first failures only move an address to the end of the queue; later ones add growing waits. A success clears them.
"""

import time
from dataclasses import dataclass
from typing import Any, Final

from lap_assets.core.errors import AddressWaits
from lap_assets.sites.state import SiteState

# Hours to wait after each consecutive failure; the last value repeats.
WAIT_HOURS: Final = (0.0, 0.0, 1.0, 4.0, 24.0, 72.0, 168.0, 720.0)
WAITING_TRIES: Final = 3
"""Consecutive failures after which nothing waits for an address any more."""
_FORGOTTEN_AFTER: Final = 365 * 24 * 3600.0
_COLUMNS: Final = "address, reason, since, tried_at, tries, until, kind, page"
Page = tuple[str, int]
"""A page's kind and id, as in `page_records`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that failed `tries` times in a row; times in Unix seconds. `page`: the page at the address."""

    address: str
    reason: str
    since: float
    tried_at: float
    tries: int
    until: float
    page: Page | None = None

    @property
    def waits(self) -> bool:
        """Whether it is too early for another try. A try in the future is ignored: the clock was set back."""
        return self.tried_at <= time.time() < self.until


def failures(state: SiteState) -> dict[str, Failure]:
    """Return every address whose last try failed, the longest failing first."""
    found = state.rows(f"SELECT {_COLUMNS} FROM failures ORDER BY since, address")  # noqa: S608 - a constant
    return {row[0]: _failure(row) for row in found}


def failing_pages(state: SiteState, kind: str) -> dict[int, Failure]:
    """Return the failures of pages of this kind, by page id."""
    found = state.rows(f"SELECT {_COLUMNS} FROM failures WHERE kind = ? ORDER BY until", kind)  # noqa: S608 - a constant
    return {row[-1]: _failure(row) for row in found}


def _failure(row: tuple[Any, ...]) -> Failure:
    address, reason, since, tried_at, tries, until, kind, page = row
    return Failure(address, reason, since, tried_at, tries, until, (kind, page) if kind is not None else None)


def failure_of(state: SiteState, address: str) -> Failure | None:
    """Return the failure of the address's last try; None if it did not fail."""
    found = state.rows(f"SELECT {_COLUMNS} FROM failures WHERE address = ?", address)  # noqa: S608 - a constant
    return _failure(found[0]) if found else None


def check(state: SiteState, address: str) -> Failure | None:
    """Return the failure of an address that may be tried again, or None if it has none.

    Raises:
        AddressWaits: it is too early for another try.
    """
    known = failure_of(state, address)
    if known is not None and known.waits:
        raise AddressWaits(address, known.reason, known.tries, known.since, known.until)
    return known


def note(state: SiteState, address: str, reason: str, page: Page | None = None, *, waits: bool = True) -> None:
    """Record another failed try of the address (of `page`, if given); `waits`: whether waits grow."""
    now = time.time()
    known = failure_of(state, address)
    tries = known.tries + 1 if known else 1
    until = now if not waits else now + WAIT_HOURS[min(tries, len(WAIT_HOURS)) - 1] * 3600
    plain = " ".join(reason.removeprefix(f"{address}: ").split())[:500]
    with state.transaction() as db:
        db.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (address, plain, known.since if known else now, now, tries, until, *(page or (None, None))),
        )
        db.execute("DELETE FROM failures WHERE tried_at < ?", (now - _FORGOTTEN_AFTER,))


def forget(state: SiteState, address: str, page: Page | None = None) -> None:
    """Clear the failures of an address that was read, and of its `page` under any earlier address."""
    where, values = "address = ? OR (kind = ? AND page = ?)", (address, *(page or (None, None)))
    if state.rows(f"SELECT 1 FROM failures WHERE {where}", *values):  # noqa: S608 - a constant
        with state.transaction() as db:
            db.execute(f"DELETE FROM failures WHERE {where}", values)  # noqa: S608 - a constant


def forget_all(state: SiteState) -> int:
    """Forget every failure; return how many there were."""
    with state.transaction() as db:
        return db.execute("DELETE FROM failures").rowcount
