"""The sweep over MAL's listing: which anime there are, and which are excluded (rated Rx).

A sweep reads the listing, then the listing of Rx-rated anime. An id is published once an Rx sweep that began after the
id was first seen has ended: nothing unrated passes. Sweeps resume where they stopped. Ids are never dropped because
they are absent: rows shift while the listing is read.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from lap_assets.settings import Settings
from lap_assets.sites.access import open_client, open_state
from lap_assets.sites.client import SiteClient
from lap_assets.sites.errors import PageFailed, ScrapeStopped
from lap_assets.sites.mal import ROWS_PER_PAGE, ListedAnime, Listing, listing_url, parse_listing
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.routes import Site
from lap_assets.sites.state import SiteState
from lap_assets.workplace import Workplace

_SWEEP, _SWEPT_AT, _WHOLE_AT, _CLEARED = "sweep", "swept_at", "whole_swept_at", "cleared_before"
_DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """An anime of MAL; times in Unix seconds."""

    mal_id: int
    slug: str
    excluded: bool
    first_seen: float
    last_seen: float


@dataclass(slots=True)
class _Sweep:
    """How far a sweep has come; kept in the state file after every page."""

    whole: bool
    stage: Literal["all", "excluded"] = "all"
    show: int = 0
    stage_began: float = 0.0
    reread: bool = False  # the page before `show` was read again, and no new one since


async def sweep(workplace: Workplace) -> str | None:
    """Brings the catalog up to date, as far as it is due; returns why it stopped early, or None.

    The first sweep and one every `whole_sweep_days` read the whole listing, the others `sweep_pages` pages.
    """
    with open_state(workplace, Site.MAL) as state:
        kept = state.get(_SWEEP)
        current = _Sweep(**kept) if kept else _next_sweep(state, workplace.settings)
        if current is None:
            return None
        # Rows may have moved up since the last page was read. Once is enough: a budget of one request gets on too.
        current.reread = current.show > 0 and not current.reread
        current.show -= ROWS_PER_PAGE if current.reread else 0
        try:
            async with open_client(workplace, Site.MAL, state) as client:
                with workplace.progress.task("MAL listing, pages", None) as advance:
                    while not await _step(client, state, current, workplace.settings.sweep_pages):
                        current.reread = False
                        advance(1)
        except (ScrapeStopped, PageFailed) as stopped:
            return str(stopped)
    return None


def is_due(state: SiteState, settings: Settings) -> bool:
    """Whether a sweep is unfinished or the last one too long ago."""
    return state.get(_SWEEP) is not None or _next_sweep(state, settings) is not None


def catalog(state: SiteState) -> list[CatalogRow]:
    """All anime whose rating is known, by id."""
    cleared = state.get(_CLEARED) or 0.0
    rows = state.rows(
        "SELECT mal_id, slug, excluded, first_seen, last_seen FROM anime"
        " WHERE excluded OR first_seen < ? ORDER BY mal_id",
        cleared,
    )
    return [CatalogRow(mal_id, slug, bool(excluded), first, last) for mal_id, slug, excluded, first, last in rows]


def swept_at(state: SiteState) -> float | None:
    """When the last sweep ended (Unix seconds)."""
    when: float | None = state.get(_SWEPT_AT)
    return when


def clear_all_seen_since(state: SiteState, began: float) -> None:
    """Ends a sweep that told the rating of all that it saw: what it did not see stays unpublished, if it was."""
    now = time.time()
    state.db.execute(
        "UPDATE anime SET first_seen = ? WHERE NOT excluded AND first_seen >= ? AND last_seen < ?",
        (now, state.get(_CLEARED) or 0.0, began),
    )
    state.put(_CLEARED, now)
    state.put(_SWEPT_AT, now)


def see(state: SiteState, anime: Sequence[ListedAnime], *, excluded: bool, names: bool = True) -> None:
    """Writes down that these anime are listed, in the caller's transaction; once excluded, always excluded.

    `names`: whether their slugs are MAL's own, and replace those that are known.
    """
    now = time.time()
    state.db.executemany(
        "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen) VALUES (?1, ?2, ?3, ?4, ?4)"
        " ON CONFLICT (mal_id) DO UPDATE SET slug = iif(?5, ?2, slug), last_seen = ?4,"
        " excluded = excluded OR ?3",
        [(row.mal_id, row.slug, excluded, now, names) for row in anime],
    )


def _next_sweep(state: SiteState, settings: Settings) -> _Sweep | None:
    swept_at = state.get(_SWEPT_AT)
    if swept_at is not None and time.time() - swept_at < settings.sweep_days * _DAY:
        return None
    whole_at = state.get(_WHOLE_AT)
    whole = swept_at is None or whole_at is None or time.time() - whole_at >= settings.whole_sweep_days * _DAY
    return _Sweep(whole=whole, stage_began=time.time())


async def _step(client: SiteClient, state: SiteState, current: _Sweep, pages: int) -> bool:
    """Reads one page and writes down what it says; True when the sweep is over."""
    rx = current.stage == "excluded"
    url = listing_url(current.show, excluded=rx)
    page = await client.read(url, parse_listing)
    if not page.outcome.is_knowledge:
        raise ScrapeStopped(f"mal: {url} is not the listing that LAP knows ({page.outcome}); nothing was changed")
    with state.transaction():
        see(state, page.anime, excluded=rx)
        current.show += ROWS_PER_PAGE
        over = page.outcome is Outcome.EMPTY or _is_enough(state, current, page, pages)
        if over and rx:
            state.put(_CLEARED, current.stage_began)
            state.put(_SWEPT_AT, time.time())
            if current.whole:
                state.put(_WHOLE_AT, time.time())
            state.drop(_SWEEP)
            return True
        if over:
            current.stage, current.show, current.stage_began = "excluded", 0, time.time()
        state.put(_SWEEP, asdict(current))
    return False


def _is_enough(state: SiteState, current: _Sweep, page: Listing, pages: int) -> bool:
    """Whether a routine sweep has seen enough: its pages, or every id whose rating is still open."""
    if current.whole:
        return False
    if current.stage == "all":
        return current.show >= pages * ROWS_PER_PAGE
    ((lowest_open,),) = state.rows(
        "SELECT min(mal_id) FROM anime WHERE NOT excluded AND first_seen >= ?", state.get(_CLEARED) or 0.0
    )
    return lowest_open is None or min(row.mal_id for row in page.anime) < lowest_open
