"""Listing crawl of MAL: all anime, and those listed as rated Rx.

A crawl reads the listing, then the Rx listing, which is a hint (`mal_hint`) that saves reading the pictures pages of
the anime it lists. Crawls resume where they stopped. A missing id is never dropped, since rows shift while the listing
is read. A page with too few rows is read a second time, and a listing of less than half the previous size is an error.
A page that cannot be fetched is passed over (`passed_over`).
"""

import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal

from lap_assets.core.errors import PageFailed, ScrapeStopped
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_hint
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.mal import MAL, ROWS_PER_PAGE, ListedAnime, Listing, listing_url, parse_listing
from lap_assets.sites.mal_rows import CatalogRow, catalog, see
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.passed_over import PassingCrawl, is_given_up, read_or_pass
from lap_assets.sites.state import RATING_AWAITED, RATING_KNOWN, RATING_OPEN, SiteState

__all__ = ["CatalogRow", "catalog", "crawl", "end_crawl", "is_due", "is_recent", "last_crawl_at", "see"]

_PROGRESS, _CRAWLED_AT, _WHOLE_AT, _COUNT = "sweep", "swept_at", "whole_swept_at", "whole_swept_count"  # in the state
_DAY = 24 * 3600.0
_COLLAPSE: Final = 0.5  # a listing with less than this share of the last one's anime is rejected


@dataclass(slots=True, kw_only=True)
class _ListingCrawl(PassingCrawl):
    """Progress of a crawl, written to the state file after every page.

    `seen`, `rx`: ids found so far in the two listings. `to_end`: the current listing was read to its end.
    """

    whole: bool
    stage: Literal["all", "excluded"] = "all"
    show: int = 0
    doubted: int | None = None  # the page at this `show` had too few rows and is read a second time
    reread: bool = False  # the page before `show` was read again, and no new page since
    seen: list[int] = field(default_factory=list)
    rx: list[int] = field(default_factory=list)
    to_end: bool = False


async def crawl(run_context: RunContext) -> str | None:
    """Update the catalog if it is due; return why the crawl stopped early, or None.

    The first crawl, and one every `whole_sweep_days`, reads the whole listing; the others read `sweep_pages` pages.
    """
    with open_state(run_context, MAL) as state:
        kept = state.get(_PROGRESS)
        current = _resumed(kept) if kept else _next_crawl(state, run_context)
        if current is None:
            return None
        # Rows may have moved up since the last page was read. Reread one page only once, so that a budget of one
        # request also makes progress.
        current.reread = current.show > 0 and not current.reread and not current.is_through
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
    """Return whether a crawl is unfinished or the last one is too long ago."""
    return state.get(_PROGRESS) is not None or _next_crawl(state, run_context) is not None


def is_recent(when: float | None, days: float) -> bool:
    """Return whether `when` (Unix seconds) is less than `days` ago; a time in the future is not recent."""
    return when is not None and 0 <= time.time() - when < days * _DAY


def last_crawl_at(state: SiteState) -> float | None:
    """Return when the last crawl ended (Unix seconds)."""
    when: float | None = state.get(_CRAWLED_AT)
    return when


def end_crawl(state: SiteState) -> None:
    """Record, in the caller's transaction, that a crawl has ended now."""
    state.put(_CRAWLED_AT, time.time())


def _next_crawl(state: SiteState, run_context: RunContext) -> _ListingCrawl | None:
    settings = run_context.settings
    if is_recent(last_crawl_at(state), settings.sweep_days):
        return None
    return _ListingCrawl(whole=not is_recent(state.get(_WHOLE_AT), settings.whole_sweep_days))


async def _step(client: SiteClient, state: SiteState, current: _ListingCrawl, pages: int) -> bool:
    """Read one page and record its anime; return True when the crawl is over."""
    rx = current.stage == "excluded"
    show = current.next_start(current.show)
    page = await _read(client, state, current, show)
    ids = current.rx if rx else current.seen
    with state.transaction():
        if not rx:
            see(state, page.anime, excluded=False)
        ids += sorted({row.mal_id for row in page.anime}.difference(ids), reverse=True)
        if 0 < len(page.anime) < ROWS_PER_PAGE and current.doubted != show:
            current.doubted = show  # only the last page, or one that lost rows, is short: read it again to decide
            state.put(_PROGRESS, asdict(current))
            return False
        if not current.is_through:
            current.show += ROWS_PER_PAGE
        current.to_end = current.to_end or page.outcome is Outcome.EMPTY
        (current.mark_read if page.outcome.is_conclusive else current.mark_failed)(show)
        over = current.is_over(current.to_end or _is_enough(state, current, page, pages))
        if over and rx:
            _end(state, current, whole=current.to_end and not current.lost)
            return True
        if over and (fallen := _collapse(state, current, pages)) is None:
            state.db.execute("UPDATE anime SET rating = ? WHERE rating = ?", (RATING_AWAITED, RATING_OPEN))
            current.stage, current.show, current.doubted = "excluded", 0, None
            current.is_through, current.to_end = False, False
        elif over:
            state.drop(_PROGRESS)
        if not over or fallen is None:
            state.put(_PROGRESS, asdict(current))
    if over and fallen is not None:
        raise ScrapeStopped(fallen)
    return False


async def _read(client: SiteClient, state: SiteState, current: _ListingCrawl, show: int) -> Listing:
    """Return a page of the listing; UNKNOWN without anime if it cannot be fetched or repeatedly has a wrong layout.

    Raises:
        PageFailed: the page was skipped before, and the next run tries it again.
        ScrapeStopped: the page has an unexpected layout, or the scrape has to end.
    """
    url = listing_url(show, excluded=current.stage == "excluded")
    page = await read_or_pass(client, state, current, url, parse_listing)
    if page is None:
        return Listing(Outcome.UNKNOWN)
    if not page.outcome.is_conclusive and (show == 0 or not is_given_up(state, url)):
        raise ScrapeStopped(f"mal: {url} has an unexpected layout ({page.outcome}); nothing was changed")
    return page


def _collapse(state: SiteState, current: _ListingCrawl, pages: int) -> str | None:
    """Return why the listing is rejected, or None: it has far fewer anime than the last one, or than are known."""
    known = state.get(_COUNT)
    if known is None:
        ((known,),) = state.rows("SELECT count(*) FROM anime WHERE rating = ?", RATING_KNOWN)
    expected = known if current.whole else min(known, pages * ROWS_PER_PAGE)
    if len(current.seen) >= _COLLAPSE * expected:
        return None
    return (
        f"mal: the listing has {len(current.seen)} anime, the last one had {expected}; it is ignored, and the next run "
        "reads it again"
    )


def _end(state: SiteState, current: _ListingCrawl, *, whole: bool) -> None:
    """End a crawl in the caller's transaction; the Rx listing is used as a hint if it is plausible."""
    problem = mal_hint.implausible(state, current.rx, whole=whole)
    mal_hint.note(state, problem)
    if problem is None:
        known = dict(state.rows("SELECT mal_id, slug FROM anime"))
        see(state, [ListedAnime(mal_id, known.get(mal_id, "")) for mal_id in current.rx], excluded=True)
    state.db.execute("UPDATE anime SET rating = ? WHERE rating = ?", (RATING_KNOWN, RATING_AWAITED))
    end_crawl(state)
    if current.whole and not current.lost:  # else the next crawl reads the whole listing again
        state.put(_WHOLE_AT, time.time())
        state.put(_COUNT, len(current.seen))
    state.drop(_PROGRESS)


def _resumed(kept: dict[str, Any]) -> _ListingCrawl:
    """Return the stopped crawl in `kept`; fields of older versions are ignored."""
    return _ListingCrawl(**{field.name: kept[field.name] for field in fields(_ListingCrawl) if field.name in kept})


def _is_enough(state: SiteState, current: _ListingCrawl, page: Listing, pages: int) -> bool:
    """Return whether a routine crawl has seen enough: its pages, or every id whose rating is still open."""
    if current.whole:
        return False
    if current.stage == "all":
        return current.show >= pages * ROWS_PER_PAGE
    waiting = state.rows("SELECT mal_id FROM anime WHERE rating < ?", RATING_KNOWN)
    lowest_open = min((mal_id for (mal_id,) in waiting if mal_id not in current.rx), default=None)
    return lowest_open is None or min((row.mal_id for row in page.anime), default=lowest_open) < lowest_open
