"""Scraping subfolder 0 of the replica, and the contents of the home afterwards."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lap_assets.core.files import is_leftover
from lap_assets.posters.manifest import manifest, problems
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_site, wa_site
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import MalPage
from lap_assets.sites.spec import PosterPage
from lap_assets.sites.wa import WA
from lap_assets.sites.wa_site import WaPage

# The anime of subfolder 0 that are not excluded, and their animations, as returned by `catalogs.match`.
PAGES: dict[Site, Sequence[PosterPage]] = {
    MAL: [MalPage(mal_id, "Kite_&_Co") for mal_id in (1, 2, 3, 5)],
    WA: [WaPage(1, 1), WaPage(1, 1000), WaPage(2, 2000), WaPage(3, 2001), WaPage(5, 7)],
}
KINDS = {MAL: mal_site.PAGE_KIND, WA: wa_site.PAGE_KIND}


@dataclass(frozen=True, eq=False)
class Scraped:
    """The manifests of both sites without fetch times, and the posters' bytes by name."""

    tables: dict[Site, pl.DataFrame]
    files: dict[str, bytes]

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Scraped)
            and self.files == other.files
            and all(self.tables[site].equals(other.tables[site]) for site in (MAL, WA))
        )


def run(work: RunContext, site: Site = MAL, *, revisit_days: float = 100) -> ScrapeReport:
    """Scrape one site once."""
    return asyncio.run(scrape(work, site, KINDS[site], PAGES[site], title="posters", revisit_days=revisit_days))


def held(work: RunContext, site: Site = MAL) -> pl.DataFrame:
    """Return the manifest of one site."""
    with open_state(work, site) as state:
        return manifest(state, _keys(site), work.home)


def problems_of(work: RunContext, site: Site = MAL) -> list[tuple[str, str]]:
    """Return the problems of one site."""
    with open_state(work, site) as state:
        return problems(state, _keys(site))


def files(work: RunContext) -> dict[str, bytes]:
    """Return the posters in the store."""
    found = [path for path in work.home.posters.rglob("*") if path.is_file() and not is_leftover(path)]
    return {path.name: path.read_bytes() for path in found}


def outcome(work: RunContext) -> Scraped:
    """Return the current contents of the home."""
    return Scraped({site: held(work, site).drop("fetched_at") for site in (MAL, WA)}, files(work))


def scraped(work: RunContext) -> Scraped:
    """Scrape both sites without interruption."""
    for site in (MAL, WA):
        assert run(work, site).stopped is None
    return outcome(work)


def _keys(site: Site) -> list[tuple[int, int]]:
    return [(page.page, page.mal_id) for page in PAGES[site]]
