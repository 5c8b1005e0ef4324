"""Scrape one site to the end in this process, as its assets do, and count the requests.

Resuming a stopped scrape until nothing is due belongs here. If a breaker opens, the scrape is tried once
more (without any request), and the breaker's time is moved back. Failed addresses do not wait.
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

from lap_assets.posters.scrape import scrape
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.addresses import Site
from lap_assets.sites.catalogs import match
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.spec import PosterPage
from lap_assets.sites.specs import spec_of
from lap_assets.sites.wa import WA
from tests.crashes.asking import Requests, banned, end_bans, end_waits

_RUNS: Final = 10_000


@dataclass(slots=True)
class ScrapeCounts:
    """Counts of a scrape to the end; `after_ban`: requests sent while a breaker was open. Can be added."""

    runs: int = 0
    requests: int = 0
    bans: int = 0
    after_ban: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "ScrapeCounts") -> "ScrapeCounts":
        """Return the sum of both."""
        return ScrapeCounts(
            self.runs + other.runs,
            self.requests + other.requests,
            self.bans + other.bans,
            self.after_ban + other.after_ban,
            self.seconds + other.seconds,
            self.faults + other.faults,
        )


def run_context(home: Path, url: str = "http://127.0.0.1:1", seconds: float = 120.0) -> RunContext:
    """Return a run context for the replica at `url` without pauses; a request may take `seconds`."""
    return RunContext(Settings(home=home, sites_url=url, pause="0", request_seconds=seconds, sweep_days=30))


def catalog_to_end(work: RunContext, site: Site, log: Path) -> ScrapeCounts:
    """Read the site's whole catalog."""
    catalog = spec_of(site.key).catalog

    def step() -> bool:
        end_waits(work, site)
        stopped = asyncio.run(catalog.crawl(work))
        with open_state(work, site) as state:
            return stopped is None and not catalog.is_due(state, work)

    return _to_end(work, site, log, step)


def posters_to_end(work: RunContext, site: Site, pages: Sequence[PosterPage], log: Path) -> ScrapeCounts:
    """Fetch all posters of these pages that are due."""

    days, kind = work.settings.revisit_days, spec_of(site.key).posters.page_kind

    def step() -> bool:
        end_waits(work, site)
        ended = asyncio.run(scrape(work, site, kind, pages, title="pages", revisit_days=days))
        return ended.stopped is None and not ended.pending

    return _to_end(work, site, log, step)


def mal_rows(work: RunContext) -> pl.DataFrame:
    """Return `mal_catalog` of this home."""
    with open_state(work, MAL) as state:
        return spec_of("mal").catalog.table(state)


def wa_rows(work: RunContext) -> pl.DataFrame:
    """Return `wa_catalog` of this home."""
    with open_state(work, WA) as state:
        return spec_of("wa").catalog.table(state)


def poster_pages(catalogs: RunContext, site: Site, subfolder: str) -> list[PosterPage]:
    """Return the pages of a subfolder that list posters, by this home's catalogs."""
    rows = mal_rows(catalogs)
    # MAL's own pages report ratings only in the homes of MAL's posters; the truth is equal.
    rated = rows.with_columns(pl.col("excluded").fill_null(value=False))
    upstream = rows if site == MAL else match(rated, wa_rows(catalogs), subfolder)
    return list(spec_of(site.key).posters.pages(upstream, subfolder, catalogs))


def begin_from(catalogs: RunContext, site: Site, home: Path) -> None:
    """Create a new home with this site's state from another home."""
    (home / "state").mkdir(parents=True)
    shutil.copyfile(catalogs.home.state / f"{site}.sqlite", home / "state" / f"{site}.sqlite")


def _to_end(work: RunContext, site: Site, log: Path, step: Callable[[], bool]) -> ScrapeCounts:
    counts, asked, began = ScrapeCounts(), Requests(log), time.monotonic()
    before = asked.read().of_site.total()
    hits = Counter(asked.faults)
    for counts.runs in range(1, _RUNS):
        done = step()
        if done:
            break
        if banned(work, [site]):
            counts.bans += 1
            so_far = asked.read().of_site.total()
            step()
            counts.after_ban += asked.read().of_site.total() - so_far
            end_bans(work, [site])
    else:
        raise RuntimeError(f"{site}: not done after {_RUNS} runs")
    counts.requests, counts.faults = asked.read().of_site.total() - before, asked.faults - hits
    counts.seconds = time.monotonic() - began
    return counts
