"""How many pages of posters are due, and how old a page may grow before it is read again."""

import polars as pl

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.posters.pages import MAL_KIND, WA_KIND, mal_pages, wa_pages
from lap_assets.posters.scrape import count_due
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.addresses import Site


def due_pages(asset: str, subfolder: str, upstream: pl.DataFrame, run_context: RunContext) -> int:
    """How many pages a run of `mal_posters` (from `mal_catalog`) or `wa_posters` (from `matched_ids`) would read."""
    days = revisit_days(run_context.settings, subfolder)
    if asset == "mal_posters":
        return count_due(run_context, Site.MAL, MAL_KIND, mal_pages(upstream, subfolder, run_context.settings), days)
    return count_due(run_context, Site.WA, WA_KIND, wa_pages(upstream), days)


def revisit_days(settings: Settings, subfolder: str) -> float:
    """How old a page of this subfolder may grow before it is read again: the newest one's change most."""
    return settings.revisit_days_newest if subfolder == SUBFOLDERS[-1] else settings.revisit_days
