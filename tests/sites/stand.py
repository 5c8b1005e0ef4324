"""A replica with a log of its requests, and run contexts for it, for all tests of scraping."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.replica.catalog import Anime, Catalog, WaAnimation
from lap_assets.replica.serving import Replica
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.addresses import Site
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_state
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy
from lap_assets.sites.mal import MAL

QUICK: Final = CrawlPolicy(pause=(0.0, 0.0), backoff=0.01, throttled=0.01)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the replica; times in Unix seconds."""

    start: float
    end: float
    site: str
    path: str
    status: int
    fault: str = ""


@dataclass(frozen=True)
class Stand:
    """A running replica, the log of its requests, and a folder for homes."""

    replica: Replica
    log: Path
    folder: Path

    def asked(self) -> list[Asked]:
        """All requests so far, robots.txt included."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Asked(**json.loads(line)) for line in lines]

    def paths(self, *sites: str) -> list[str]:
        """Return the paths requested from `sites` (default: all) in order, without robots.txt."""
        return [one.path for one in self.asked() if one.path != "/robots.txt" and (not sites or one.site in sites)]

    def run_context(self, name: str = "home", **changed: Any) -> RunContext:
        """Return a run context with a home of its own."""
        values = {"sites_url": self.replica.url, "pause": "0", **changed}
        return RunContext(Settings(home=self.folder / name, **values))

    @asynccontextmanager
    async def client(
        self, run_context: RunContext, site: Site = MAL, policy: CrawlPolicy = QUICK, budget: Budget | None = None
    ) -> AsyncIterator[SiteClient]:
        """Yield a client with the run context's state and this policy."""
        with open_state(run_context, site) as state:
            async with SiteClient(
                site,
                state,
                policy,
                agent="LAP/test",
                budget=budget,
                replica=self.replica.url,
                stopping=run_context.stop.is_set,
            ) as client:
                yield client


@contextmanager
def standing(catalog: Catalog, folder: Path) -> Iterator[Stand]:
    """Serve `catalog`; the log and the homes are in `folder`."""
    log = folder / "requests.jsonl"
    with Replica(catalog, request_log=log) as replica:
        yield Stand(replica, log, folder)


def anime(mal_id: int, *numbers: int, rx: bool = False, title: str = "Kite & Co") -> Anime:
    """Return an anime with pictures of these numbers, all in the folder `mal_id % 13 + 1`."""
    return Anime(mal_id, title.replace(" ", "_"), title, rx, tuple((mal_id % 13 + 1, number) for number in numbers))


def animation(wa_id: int, mal_id: int | None, *posters: int, genre: str = "драма, меха") -> WaAnimation:
    """Return an animation with these posters."""
    return WaAnimation(wa_id, mal_id, "Тихий: маяк [Kite]", "ТВ", genre, "c 01.02.2003 по 04.05.2003", 7.5, 12, posters)
