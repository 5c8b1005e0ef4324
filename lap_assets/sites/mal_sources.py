"""Where MAL's catalog comes from: its pages or its official API, as the settings choose. Both fill the same rows."""

from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites import mal_api_crawl, mal_listing_crawl
from lap_assets.sites.state import SiteState


async def crawl(run_context: RunContext) -> str | None:
    """Brings the catalog up to date, as far as it is due; returns why it stopped early, or None."""
    if run_context.settings.mal_source == "api":
        return await mal_api_crawl.crawl(run_context)
    return await mal_listing_crawl.crawl(run_context)


def is_due(state: SiteState, settings: Settings) -> bool:
    """Whether a sweep is unfinished or the last one too long ago."""
    if settings.mal_source == "api":
        return mal_api_crawl.is_due(state, settings)
    return mal_listing_crawl.is_due(state, settings)
