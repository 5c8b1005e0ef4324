"""The listing crawl of MAL: which anime there are, and which of them are listed as rated Rx.

A crawl reads the listing, then the listing of Rx-rated anime, which is a hint (`mal_hint`): it saves reading the pages
of pictures of those whom it lists. Crawls resume where they stopped. Ids are never dropped because they are absent:
rows shift while the listing is read. A page with fewer rows than it should have is read a second time, and a listing
that shrank to less than half of the last one is an error. A page that cannot be had is passed over (`passed_over`).
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
_COLLAPSE: Final = 0.5  # a listing with less than this share of the last one is not believed


@dataclass(slots=True, kw_only=True)
class _ListingCrawl(PassingCrawl):
    """How far a crawl has come; kept in the state file after every page.

    `seen`, `rx`: the ids that its listings had so far. `to_end`: this listing was read to its end.
    """

    whole: bool
    stage: Literal["all", "excluded"] = "all"
    show: int = 0
    doubted: int | None = None  # the page at this `show` was short of rows, and is read a second time
    reread: bool = False  # the page before `show` was read again, and no new one since
    seen: list[int] = field(default_factory=list)
    rx: list[int] = field(default_factory=list)
    to_end: bool = False


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
    """Whether a crawl is unfinished or the last one too long ago."""
    return state.get(_PROGRESS) is not None or _next_crawl(state, run_context) is not None


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


def _next_crawl(state: SiteState, run_context: RunContext) -> _ListingCrawl | None:
    settings = run_context.settings
    if is_recent(last_crawl_at(state), settings.sweep_days):
        return None
    return _ListingCrawl(whole=not is_recent(state.get(_WHOLE_AT), settings.whole_sweep_days))


async def _step(client: SiteClient, state: SiteState, current: _ListingCrawl, pages: int) -> bool:
    """Reads one page and records what it lists; True when the crawl is over."""
    rx = current.stage == "excluded"
    show = current.place(current.show)
    page = await _read(client, state, current, show)
    ids = current.rx if rx else current.seen
    with state.transaction():
        if not rx:
            see(state, page.anime, excluded=False)
        ids += sorted({row.mal_id for row in page.anime}.difference(ids), reverse=True)
        if 0 < len(page.anime) < ROWS_PER_PAGE and current.doubted != show:
            current.doubted = show  # the last page is short, and one that lost rows: what it has counts twice
            state.put(_PROGRESS, asdict(current))
            return False
        if not current.is_through:
            current.show += ROWS_PER_PAGE
        current.to_end = current.to_end or page.outcome is Outcome.EMPTY
        (current.had if page.outcome.is_conclusive else current.not_had)(show)
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
    """A page of the listing; one that cannot be had, or is never what it should be, is UNKNOWN without anime.

    Raises:
        PageFailed: it was skipped before, and the next run tries it again.
        ScrapeStopped: it has an unexpected layout, or the scrape has to end.
    """
    url = listing_url(show, excluded=current.stage == "excluded")
    page = await read_or_pass(client, state, current, url, parse_listing)
    if page is None:
        return Listing(Outcome.UNKNOWN)
    if not page.outcome.is_conclusive and (show == 0 or not is_given_up(state, url)):
        raise ScrapeStopped(f"mal: {url} has an unexpected layout ({page.outcome}); nothing was changed")
    return page


def _collapse(state: SiteState, current: _ListingCrawl, pages: int) -> str | None:
    """Why the listing is not believed: it has far fewer anime than the last one had, or than are known."""
    known = state.get(_COUNT)
    if known is None:
        ((known,),) = state.rows("SELECT count(*) FROM anime WHERE rating = ?", RATING_KNOWN)
    expected = known if current.whole else min(known, pages * ROWS_PER_PAGE)
    if len(current.seen) >= _COLLAPSE * expected:
        return None
    return (
        f"mal: the listing has {len(current.seen)} anime where the last one had {expected}; nothing is concluded from "
        "it, and the next run reads it again"
    )


def _end(state: SiteState, current: _ListingCrawl, *, whole: bool) -> None:
    """Ends a crawl in the caller's transaction: the listing of Rx counts as a hint, if it is plausible."""
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
    """A crawl that was stopped; fields that older versions wrote are ignored."""
    return _ListingCrawl(**{field.name: kept[field.name] for field in fields(_ListingCrawl) if field.name in kept})


def _is_enough(state: SiteState, current: _ListingCrawl, page: Listing, pages: int) -> bool:
    """Whether a routine crawl has seen enough: its pages, or every id whose rating is still open."""
    if current.whole:
        return False
    if current.stage == "all":
        return current.show >= pages * ROWS_PER_PAGE
    waiting = state.rows("SELECT mal_id FROM anime WHERE rating < ?", RATING_KNOWN)
    lowest_open = min((mal_id for (mal_id,) in waiting if mal_id not in current.rx), default=None)
    return lowest_open is None or min((row.mal_id for row in page.anime), default=lowest_open) < lowest_open
