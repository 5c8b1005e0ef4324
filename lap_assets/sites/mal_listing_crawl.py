"""The listing crawl of MAL: which anime there are, and which are excluded (rated Rx).

A crawl reads the listing, then the listing of Rx-rated anime. An id is published once an Rx crawl that began after the
id was first seen has ended: nothing unrated passes, even if the clock is set meanwhile. Crawls resume where they
stopped. Ids are never dropped because they are absent: rows shift while the listing is read. A page with fewer rows
than it should have is read a second time.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from lap_assets.core.errors import PageFailed, ScrapeStopped
from lap_assets.run_context import RunContext
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.mal import MAL, ROWS_PER_PAGE, ListedAnime, Listing, listing_url, parse_listing
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.state import RATING_AWAITED, RATING_KNOWN, RATING_OPEN, SiteState

_PROGRESS, _CRAWLED_AT, _WHOLE_AT = "sweep", "swept_at", "whole_swept_at"  # keys in the state file
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
class _ListingCrawl:
    """How far a crawl has come; kept in the state file after every page."""

    whole: bool
    stage: Literal["all", "excluded"] = "all"
    show: int = 0
    doubted: int | None = None  # the page at this `show` was short of rows, and is read a second time
    reread: bool = False  # the page before `show` was read again, and no new one since


async def crawl(run_context: RunContext) -> str | None:
    """Brings the catalog up to date, as far as it is due; returns why it stopped early, or None.

    The first sweep and one every `whole_sweep_days` read the whole listing, the others `sweep_pages` pages.
    """
    with open_state(run_context, MAL) as state:
        kept = state.get(_PROGRESS)
        current = _resumed(kept) if kept else _next_crawl(state, run_context)
        if current is None:
            return None
        # Rows may have moved up since the last page was read. Once is enough: a budget of one request gets on too.
        current.reread = current.show > 0 and not current.reread
        current.show -= ROWS_PER_PAGE if current.reread else 0
        try:
            async with open_client(run_context, MAL, state) as client:
                with run_context.progress.task("MAL listing, pages", None) as advance:
                    while not await _step(client, state, current, run_context.settings.sweep_pages):
                        current.reread = False
                        advance(1)
        except (ScrapeStopped, PageFailed) as stopped:
            return str(stopped)
    return None


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Whether a crawl is unfinished or the last one too long ago."""
    return state.get(_PROGRESS) is not None or _next_crawl(state, run_context) is not None


def catalog(state: SiteState) -> list[CatalogRow]:
    """All anime whose rating is known, by id."""
    rows = state.rows(
        "SELECT mal_id, slug, excluded, first_seen, last_seen FROM anime WHERE excluded OR rating = ? ORDER BY mal_id",
        RATING_KNOWN,
    )
    return [CatalogRow(mal_id, slug, bool(excluded), first, last) for mal_id, slug, excluded, first, last in rows]


def is_recent(when: float | None, days: float) -> bool:
    """Whether a moment (Unix seconds) lies less than so many days back; one that is to come yet does not count."""
    return when is not None and 0 <= time.time() - when < days * _DAY


def last_crawl_at(state: SiteState) -> float | None:
    """When the last crawl ended (Unix seconds)."""
    when: float | None = state.get(_CRAWLED_AT)
    return when


def end_crawl(state: SiteState) -> None:
    """Records, in the caller's transaction, that a crawl has ended now."""
    state.put(_CRAWLED_AT, time.time())


def see(
    state: SiteState,
    anime: Sequence[ListedAnime],
    *,
    excluded: bool,
    names: bool = True,
    rating: int = RATING_OPEN,
) -> None:
    """Records that these anime are listed, in the caller's transaction; once excluded, always excluded.

    `names`: whether their slugs are MAL's own, and replace those that are known; an empty one never does. `rating`:
    what is known of their rating from where they are listed; what was known before stays.
    """
    now = time.time()
    state.db.executemany(
        "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, rating) VALUES (?1, ?2, ?3, ?4, ?4, ?6)"
        " ON CONFLICT (mal_id) DO UPDATE SET slug = iif(?5 AND ?2 <> '', ?2, slug), last_seen = ?4,"
        " excluded = excluded OR ?3, rating = max(rating, ?6)",
        [(row.mal_id, row.slug, excluded, now, names, rating) for row in anime],
    )


def _next_crawl(state: SiteState, run_context: RunContext) -> _ListingCrawl | None:
    settings = run_context.settings
    if is_recent(last_crawl_at(state), settings.sweep_days):
        return None
    return _ListingCrawl(whole=not is_recent(state.get(_WHOLE_AT), settings.whole_sweep_days))


async def _step(client: SiteClient, state: SiteState, current: _ListingCrawl, pages: int) -> bool:
    """Reads one page and records what it lists; True when the crawl is over."""
    rx = current.stage == "excluded"
    url = listing_url(current.show, excluded=rx)
    page = await client.read(url, parse_listing)
    if not page.outcome.is_conclusive:
        raise ScrapeStopped(f"mal: {url} has an unexpected layout ({page.outcome}); nothing was changed")
    with state.transaction():
        see(state, page.anime, excluded=rx)
        if 0 < len(page.anime) < ROWS_PER_PAGE and current.doubted != current.show:
            current.doubted = current.show  # the last page is short, and one that lost rows: what it has counts twice
            state.put(_PROGRESS, asdict(current))
            return False
        current.show += ROWS_PER_PAGE
        over = page.outcome is Outcome.EMPTY or _is_enough(state, current, page, pages)
        if over and rx:
            state.db.execute("UPDATE anime SET rating = ? WHERE rating = ?", (RATING_KNOWN, RATING_AWAITED))
            end_crawl(state)
            if current.whole:
                state.put(_WHOLE_AT, time.time())
            state.drop(_PROGRESS)
            return True
        if over:
            state.db.execute("UPDATE anime SET rating = ? WHERE rating = ?", (RATING_AWAITED, RATING_OPEN))
            current.stage, current.show, current.doubted = "excluded", 0, None
        state.put(_PROGRESS, asdict(current))
    return False


def _resumed(kept: dict[str, Any]) -> _ListingCrawl:
    """A crawl that was stopped; fields that older versions wrote are ignored."""
    return _ListingCrawl(**{field.name: kept[field.name] for field in fields(_ListingCrawl) if field.name in kept})


def _is_enough(state: SiteState, current: _ListingCrawl, page: Listing, pages: int) -> bool:
    """Whether a routine crawl has seen enough: its pages, or every id whose rating is still open."""
    if current.whole:
        return False
    if current.stage == "all":
        return current.show >= pages * ROWS_PER_PAGE
    ((lowest_open,),) = state.rows("SELECT min(mal_id) FROM anime WHERE NOT excluded AND rating < ?", RATING_KNOWN)
    return lowest_open is None or min(row.mal_id for row in page.anime) < lowest_open
