"""Work due at a site: whether its catalog is due, how many pages of posters, and the age at which a page is due."""

import polars as pl

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.posters.scrape import count_due
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.spec import SiteSpec


def catalog_due(spec: SiteSpec, run_context: RunContext) -> str | None:
    """Return why the site's catalog is due; None if it is not."""
    with open_state(run_context, spec.site) as state:
        return spec.catalog.due_reason if spec.catalog.is_due(state, run_context) else None


def due_pages(spec: SiteSpec, subfolder: str, upstream: pl.DataFrame, run_context: RunContext) -> int:
    """Return how many pages a scrape of the site's posters would read; `upstream`: the table of `posters.upstream`."""
    pages = spec.posters.pages(upstream, subfolder, run_context)
    return count_due(run_context, spec.site, spec.posters.page_kind, pages, revisit_days(run_context, subfolder))


def revisit_days(run_context: RunContext, subfolder: str) -> float:
    """Return the age in days at which a page of this subfolder is due; shorter for the newest, which changes most."""
    settings = run_context.settings
    return settings.revisit_days_newest if subfolder == SUBFOLDERS[-1] else settings.revisit_days
