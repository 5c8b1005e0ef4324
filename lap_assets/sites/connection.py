"""Connecting to a site: its state file, and a client that follows the crawl policy in the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from lap_assets.core.errors import SettingsError
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.asking import check_asking, user_agent
from lap_assets.sites.client import SiteClient
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy
from lap_assets.sites.state import SiteState

__all__ = ["mark_replica", "open_client", "open_state", "user_agent"]


def open_state(run_context: RunContext, site: Site) -> SiteState:
    """Open the site's state file; a context manager."""
    return SiteState(run_context.home.state, site)


def mark_replica(home: Home) -> None:
    """Record that posters in this home were drawn by a replica; later releases say so."""
    if not home.replica_mark.exists():
        write_text(home.replica_mark, "posters in this home were drawn by a replica of the sites\n")


@asynccontextmanager
async def open_client(run_context: RunContext, site: Site, state: SiteState) -> AsyncIterator[SiteClient]:
    """Yield the site's client, under the lock that keeps other runs from using the same site meanwhile.

    Raises:
        SettingsError: requests would go to the real sites without contact or permission, or for a demo.
        SiteBlocked: the breaker is open.
    """
    settings = run_context.settings
    if run_context.home.demo_mark.exists() and not settings.is_replica:
        raise SettingsError(f"LAP_HOME={run_context.home.root} is a demo's home, and a demo never uses the real sites")
    check_asking(run_context, [site])
    if settings.is_replica:
        mark_replica(run_context.home)
    with held(run_context.home.state / f"{site}.lock", stopping=run_context.stop.is_set):
        async with SiteClient(
            site,
            state,
            CrawlPolicy.from_pause(
                *settings.pause_seconds,
                request_seconds=settings.request_seconds,
                longest_wait=settings.longest_wait,
                longest_break=settings.longest_break * 3600,
            ),
            agent=user_agent(run_context),
            budget=Budget(settings.budget_requests, settings.budget_minutes),
            replica=settings.sites_url,
            keys=site.keys(run_context),
            stopping=run_context.stop.is_set,
        ) as client:
            yield client
