"""Crawl of the API's ranking: all anime and their ratings, into the same rows as the page crawl.

The ranking includes ratings, so one crawl reads it whole (about sixty requests). It resumes where it stopped, starts
the next page where the API says, and requests fewer rows if the API fails with many. Rows that the API never sends are
passed over (`passed_over`). Unrated anime are recorded and wait.
"""

from dataclasses import asdict, dataclass
from typing import Final

from lap_assets.core.errors import PageFailed, ScrapeStopped
from lap_assets.run_context import RunContext
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_api import ROWS_PER_PAGE, Ranking, parse_ranking, ranking_url
from lap_assets.sites.mal_listing_crawl import end_crawl, is_recent, last_crawl_at
from lap_assets.sites.mal_rows import note_unrated, rate
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.passed_over import PassingCrawl, read_or_pass
from lap_assets.sites.ratings import Rating
from lap_assets.sites.state import SiteState

_PROGRESS: Final = "api_sweep"
_COUNT: Final = "api_swept_count"
_COLLAPSE: Final = 0.5  # a ranking with less than this share of the last one's rows is rejected
_FEWER: Final = 3  # divisor of the row count each time a page fails
_SKIPPED_ROWS: Final = 50  # the fewest rows requested per page; as many are passed over if the page fails


@dataclass(slots=True, kw_only=True)
class _RankingCrawl(PassingCrawl):
    """Progress of a crawl: the next row, the rows requested per page, and the rows received.

    `most`: rows of the largest page so far, if the API caps them below the requested number. `usual`: rows requested
    when a page last succeeded. `is_after_skip`: the previous page was passed over.
    """

    offset: int = 0
    limit: int = ROWS_PER_PAGE
    rows: int = 0
    most: int = 0
    usual: int = ROWS_PER_PAGE
    is_after_skip: bool = False


async def crawl(run_context: RunContext) -> str | None:
    """Update the catalog if it is due; return why the crawl stopped early, or None."""
    with open_state(run_context, MAL) as state:
        if not is_due(state, run_context):
            return None
        current = _RankingCrawl(**(state.get(_PROGRESS) or {}))
        try:
            async with open_client(run_context, MAL, state) as client:
                with run_context.progress.task("MAL ranking, pages", None) as advance:
                    while not await _step(client, state, current):
                        advance(1)
        except (ScrapeStopped, PageFailed) as stopped:
            return str(stopped)
    return None


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Return whether a crawl is unfinished or the last one is too long ago."""
    return state.get(_PROGRESS) is not None or not is_recent(last_crawl_at(state), run_context.settings.sweep_days)


async def _step(client: SiteClient, state: SiteState, current: _RankingCrawl) -> bool:
    """Read one page and record its anime; return True when the crawl is over."""
    start = current.next_start(current.offset)
    page = await _read(client, state, current, start)
    current.rows += page.rows
    if page.outcome.is_conclusive:
        following = None if current.is_through else _following(page, current)
        current.mark_read(start)
        current.limit = current.usual = current.usual if current.is_after_skip else current.limit
        current.is_after_skip = False
    else:
        following = None if current.is_through else current.offset + current.limit
        current.mark_failed(start)
        current.is_after_skip = True  # request no more rows until a page succeeds: the site may be down
    current.most = max(current.most, page.rows)
    over = current.is_over(following is None)
    with state.transaction():
        rate(state, page.anime, Rating.RATED)
        rate(state, page.excluded, Rating.RX)
        note_unrated(state, page.unrated)
        if not over:
            current.offset = current.offset if following is None else following
            state.put(_PROGRESS, asdict(current))
            return False
        previous = state.get(_COUNT) or 0
        state.drop(_PROGRESS)
        if current.rows >= _COLLAPSE * previous:
            state.put(_COUNT, max(current.rows, previous) if current.lost else current.rows)
            end_crawl(state)
            return True
    raise ScrapeStopped(
        f"mal: the API's ranking has {current.rows} anime, the last one had {previous}; the next run reads it again"
    )


async def _read(client: SiteClient, state: SiteState, current: _RankingCrawl, start: int) -> Ranking:
    """Return the page at row `start`, cutting the rows to a third after each failure; UNKNOWN if the fewest fail too.

    Raises:
        PageFailed: the page was skipped before, and the next run tries it again.
        ScrapeStopped: the page has an unexpected form, or the scrape has to end.
    """
    while True:
        url = ranking_url(start, _SKIPPED_ROWS if current.is_through else current.limit)
        page = await read_or_pass(client, state, current, url, parse_ranking)
        if page is None:
            if current.is_through or current.limit <= _SKIPPED_ROWS:
                return Ranking(Outcome.UNKNOWN)
            current.limit = max(current.limit // _FEWER, _SKIPPED_ROWS)
            state.put(_PROGRESS, asdict(current))
            continue
        if not page.outcome.is_conclusive:
            raise ScrapeStopped(
                f"mal: {url} has an unexpected form ({page.outcome}), or has no ratings; nothing was changed"
            )
        return page


def _following(page: Ranking, current: _RankingCrawl) -> int | None:
    """Return the row at which the next page begins; None if this page is the last.

    A page with as many rows as requested, or as many as earlier pages, is not the last, even if it names no next page.

    Raises:
        ScrapeStopped: the API names an earlier row.
    """
    if page.outcome is Outcome.EMPTY:
        return None
    if page.next_offset is None:
        usual = min(current.limit, current.most or current.limit)
        return current.offset + page.rows if page.rows >= usual else None
    if page.next_offset <= current.offset:
        raise ScrapeStopped(
            f"mal: the API's ranking leads from row {current.offset} to {page.next_offset}; the next run tries again"
        )
    # The page may have fewer rows than requested; do not lose the rows in between.
    return min(page.next_offset, current.offset + page.rows)
