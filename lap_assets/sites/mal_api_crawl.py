"""The crawl of the API's ranking: which anime there are, and how they are rated, into the same rows as the pages'.

Each page of the ranking has the ratings of its anime, so a crawl reads it whole (some sixty requests) and is done. It
resumes where it stopped, follows the API's own word on where the next page begins, and asks for fewer rows where the
API fails at many. Rows that it never sends are passed over (`passed_over`). Unrated anime are recorded and wait.
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
_COLLAPSE: Final = 0.5  # a ranking with less than this share of the last one is not believed
_FEWER: Final = 3  # times fewer rows each time that a page fails
_SKIPPED_ROWS: Final = 50  # as few rows as a page is asked for, and passed over with it


@dataclass(slots=True, kw_only=True)
class _RankingCrawl(PassingCrawl):
    """How far a crawl has come: the next row, how many rows a page is asked for, how many there were.

    `most`: rows of the largest page so far, where the API caps them below what it is asked for. `usual`: how many rows
    were asked for when a page came last; `is_after_skip`: the page before was passed over.
    """

    offset: int = 0
    limit: int = ROWS_PER_PAGE
    rows: int = 0
    most: int = 0
    usual: int = ROWS_PER_PAGE
    is_after_skip: bool = False


async def crawl(run_context: RunContext) -> str | None:
    """Brings the catalog up to date, as far as it is due; returns why it stopped early, or None."""
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
    """Whether a crawl is unfinished or the last one too long ago."""
    return state.get(_PROGRESS) is not None or not is_recent(last_crawl_at(state), run_context.settings.sweep_days)


async def _step(client: SiteClient, state: SiteState, current: _RankingCrawl) -> bool:
    """Reads one page and records what it lists; True when the crawl is over."""
    place = current.place(current.offset)
    page = await _read(client, state, current, place)
    current.rows += page.rows
    if page.outcome.is_conclusive:
        following = None if current.is_through else _following(page, current)
        current.had(place)
        current.limit = current.usual = current.usual if current.is_after_skip else current.limit
        current.is_after_skip = False
    else:
        following = None if current.is_through else current.offset + current.limit
        current.not_had(place)
        current.is_after_skip = True  # until a page comes, no more rows are asked for: the site may be down
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
        before = state.get(_COUNT) or 0
        state.drop(_PROGRESS)
        if current.rows >= _COLLAPSE * before:
            state.put(_COUNT, max(current.rows, before) if current.lost else current.rows)
            end_crawl(state)
            return True
    raise ScrapeStopped(
        f"mal: the API's ranking has {current.rows} anime where the last one had {before}; the next run reads it again"
    )


async def _read(client: SiteClient, state: SiteState, current: _RankingCrawl, place: int) -> Ranking:
    """The page at row `place`, with a third of the rows each time that it fails; UNKNOWN where it fails with few, too.

    Raises:
        PageFailed: it was skipped before, and the next run tries it again.
        ScrapeStopped: it has an unexpected form, or the scrape has to end.
    """
    while True:
        url = ranking_url(place, _SKIPPED_ROWS if current.is_through else current.limit)
        page = await read_or_pass(client, state, current, url, parse_ranking)
        if page is None:
            if current.is_through or current.limit <= _SKIPPED_ROWS:
                return Ranking(Outcome.UNKNOWN)
            current.limit = max(current.limit // _FEWER, _SKIPPED_ROWS)
            state.put(_PROGRESS, asdict(current))
            continue
        if not page.outcome.is_conclusive:
            raise ScrapeStopped(
                f"mal: {url} has an unexpected form ({page.outcome}), or tells no ratings; nothing was changed"
            )
        return page


def _following(page: Ranking, current: _RankingCrawl) -> int | None:
    """The row at which the next page begins; None where this one is the last.

    A page that has all the rows it was asked for, or as many as those before, is not the last, even if it names no next
    one.

    Raises:
        ScrapeStopped: the API leads back.
    """
    if page.outcome is Outcome.EMPTY:
        return None
    if page.next_offset is None:
        usual = min(current.limit, current.most or current.limit)
        return current.offset + page.rows if page.rows >= usual else None
    if page.next_offset <= current.offset:
        raise ScrapeStopped(
            f"mal: the API's ranking leads from row {current.offset} to {page.next_offset}; the next run asks again"
        )
    # The page may hold fewer rows than it was asked for: rows in between are not to be lost.
    return min(page.next_offset, current.offset + page.rows)
