"""The crawl of the API's ranking: which anime there are, and which are excluded, into the same rows as the pages'.

Each page of the ranking has the ratings of its anime, so a crawl reads it whole (some sixty requests) and is done. It
resumes where it stopped. Anime without a rating are not recorded: they pass once they have one.
"""

from typing import Final

from lap_assets.core.errors import PageFailed, ScrapeStopped
from lap_assets.run_context import RunContext
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_api import ROWS_PER_PAGE, parse_ranking, ranking_url
from lap_assets.sites.mal_listing_crawl import end_crawl, is_recent, last_crawl_at, see
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.state import RATING_KNOWN, SiteState

_PROGRESS: Final = "api_sweep"


async def crawl(run_context: RunContext) -> str | None:
    """Brings the catalog up to date, as far as it is due; returns why it stopped early, or None."""
    with open_state(run_context, MAL) as state:
        if not is_due(state, run_context):
            return None
        try:
            async with open_client(run_context, MAL, state) as client:
                with run_context.progress.task("MAL ranking, pages", None) as advance:
                    while not await _step(client, state):
                        advance(1)
        except (ScrapeStopped, PageFailed) as stopped:
            return str(stopped)
    return None


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Whether a crawl is unfinished or the last one too long ago."""
    return state.get(_PROGRESS) is not None or not is_recent(last_crawl_at(state), run_context.settings.sweep_days)


async def _step(client: SiteClient, state: SiteState) -> bool:
    """Reads one page and records what it lists; True when the crawl is over."""
    offset = (state.get(_PROGRESS) or {}).get("offset", 0)
    url = ranking_url(offset)
    page = await client.read(url, parse_ranking)
    if not page.outcome.is_conclusive:
        raise ScrapeStopped(f"mal: {url} has an unexpected form ({page.outcome}); nothing was changed")
    is_over = page.outcome is Outcome.EMPTY or page.is_last
    with state.transaction():
        see(state, page.anime, excluded=False, names=False, rating=RATING_KNOWN)
        see(state, page.excluded, excluded=True, names=False, rating=RATING_KNOWN)
        if is_over:
            end_crawl(state)
            state.drop(_PROGRESS)
        else:
            state.put(_PROGRESS, {"offset": offset + ROWS_PER_PAGE})
    return is_over
