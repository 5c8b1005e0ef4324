"""Connecting to a site: its state file, and its client under the crawl policy of the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from lap_assets import __version__
from lap_assets.core.errors import SettingsError
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.client import SiteClient
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy
from lap_assets.sites.state import SiteState

_AGENT: Final = f"LAP/{__version__} (anime poster dataset; contact: {{contact}})"


def open_state(run_context: RunContext, site: Site) -> SiteState:
    """The site's state file, opened; a context manager."""
    return SiteState(run_context.home.state, site)


@asynccontextmanager
async def open_client(run_context: RunContext, site: Site, state: SiteState) -> AsyncIterator[SiteClient]:
    """The site's client, with the lock that keeps every other run from asking the same site meanwhile.

    Raises:
        SettingsError: the real sites would be asked by somebody who cannot be reached, or for a demo.
        SiteBlocked: the breaker is open.
    """
    settings = run_context.settings
    if run_context.home.demo_mark.exists() and not settings.is_replica:
        raise SettingsError(
            f"LAP_HOME={run_context.home.root} is a demo's home, and the real sites are never asked for one"
        )
    agent = user_agent(run_context)
    with held(run_context.home.state / f"{site}.lock", stopping=run_context.stop.is_set):
        async with SiteClient(
            site,
            state,
            CrawlPolicy.from_pause(*settings.pause_seconds, request_seconds=settings.request_seconds),
            agent=agent,
            budget=Budget(settings.budget_requests, settings.budget_minutes),
            replica=settings.sites_url,
            keys=site.keys(run_context),
            stopping=run_context.stop.is_set,
        ) as client:
            yield client


def user_agent(run_context: RunContext) -> str:
    """The User-Agent: the project, and whom to reach.

    Raises:
        SettingsError: LAP_CONTACT is missing, and the real sites would be asked.
    """
    settings = run_context.settings
    if not settings.contact and not settings.is_replica:
        raise SettingsError(
            "LAP_CONTACT is not set: give an e-mail or web address where the sites' owners can reach you"
        )
    return _AGENT.format(contact=settings.contact or "replica")
