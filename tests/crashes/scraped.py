"""One site scraped to the end in this process, as its assets do it, and what was asked meanwhile.

Belongs here: going on where a scrape stopped, until nothing is due. Where a breaker opens, the scrape is tried once
more (nothing may be asked then), and its time is put back.
"""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.posters.catalogs import mal_table, match, wa_table
from lap_assets.posters.pages import MAL_KIND, WA_KIND, mal_pages, wa_pages
from lap_assets.posters.scrape import PosterPage, scrape
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites import mal_listing_crawl, wa_id_crawl
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from tests.crashes.asking import Requests, banned, end_bans

KIND: Final = {Site.MAL: MAL_KIND, Site.WA: WA_KIND}
_RUNS: Final = 10_000


@dataclass(slots=True)
class Told:
    """What scraping to the end took; `after_ban`: requests made while a breaker was open. Adds up."""

    runs: int = 0
    requests: int = 0
    bans: int = 0
    after_ban: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Told") -> "Told":
        """Both together."""
        return Told(
            self.runs + other.runs,
            self.requests + other.requests,
            self.bans + other.bans,
            self.after_ban + other.after_ban,
            self.seconds + other.seconds,
            self.faults + other.faults,
        )


def run_context(home: Path, url: str = "http://127.0.0.1:1", seconds: float = 120.0) -> RunContext:
    """A home that asks the replica at `url` without pauses; an answer may take so many `seconds`."""
    return RunContext(Settings(home=home, sites_url=url, pause="0", request_seconds=seconds, sweep_days=30))


def catalog_to_end(work: RunContext, site: Site, log: Path) -> Told:
    """Reads the site's whole catalog."""
    days = work.settings.sweep_days

    def step() -> bool:
        stopped = asyncio.run(mal_listing_crawl.crawl(work) if site is Site.MAL else wa_id_crawl.crawl(work))
        with open_state(work, site) as state:
            due = (
                mal_listing_crawl.is_due(state, work.settings) if site is Site.MAL else wa_id_crawl.is_due(state, days)
            )
        return stopped is None and not due

    return _to_end(work, site, log, step)


def posters_to_end(work: RunContext, site: Site, pages: Sequence[PosterPage], log: Path) -> Told:
    """Fetches all posters of these pages, as far as they are due."""

    days = work.settings.revisit_days

    def step() -> bool:
        ended = asyncio.run(scrape(work, site, KIND[site], pages, title="pages", revisit_days=days))
        return ended.stopped is None and not ended.pending

    return _to_end(work, site, log, step)


def mal_rows(work: RunContext) -> pl.DataFrame:
    """`mal_catalog` of this home."""
    with open_state(work, Site.MAL) as state:
        return mal_table(mal_listing_crawl.catalog(state))


def wa_rows(work: RunContext) -> pl.DataFrame:
    """`wa_catalog` of this home."""
    with open_state(work, Site.WA) as state:
        return wa_table(wa_id_crawl.catalog(state))


def poster_pages(catalogs: RunContext, site: Site, subfolder: str) -> list[PosterPage]:
    """The pages of a subfolder that list posters, by this home's catalogs."""
    if site is Site.MAL:
        return list(mal_pages(mal_rows(catalogs), subfolder, catalogs.settings))
    return list(wa_pages(match(mal_rows(catalogs), wa_rows(catalogs), subfolder)))


def begin_from(catalogs: RunContext, site: Site, home: Path) -> None:
    """A new home that knows of this site what the other one's catalogs do."""
    (home / "state").mkdir(parents=True)
    shutil.copyfile(catalogs.home.state / f"{site}.sqlite", home / "state" / f"{site}.sqlite")


def _to_end(work: RunContext, site: Site, log: Path, step: Callable[[], bool]) -> Told:
    told, asked, began = Told(), Requests(log), time.monotonic()
    before = asked.read().of_site.total()
    hits = Counter(asked.faults)
    for told.runs in range(1, _RUNS):
        done = step()
        if done:
            break
        if banned(work, [site]):
            told.bans += 1
            so_far = asked.read().of_site.total()
            step()
            told.after_ban += asked.read().of_site.total() - so_far
            end_bans(work, [site])
    else:
        raise RuntimeError(f"{site}: not done after {_RUNS} runs")
    told.requests, told.faults = asked.read().of_site.total() - before, asked.faults - hits
    told.seconds = time.monotonic() - began
    return told
