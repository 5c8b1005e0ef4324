"""All that LAP needs of a site, in one object: `SiteSpec`, over which scrapes, assets, pools and schedules loop.

The module of a site (`mal_site`, `wa_site`) defines one as `SPEC`; `lap_assets.core.sites` names the module.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.core.sites import SiteEntry
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.client import SiteClient
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating
from lap_assets.sites.state import SiteState


class PageReading(NamedTuple):
    """What a page of posters showed.

    `addresses`: where the page itself says that its pictures are; others are at `PosterPage.image_urls`. `rating`: what
    it says of its anime, on a site that rates. `moved_to`: the id whose page came instead, where the outcome is MOVED.
    """

    outcome: Outcome
    names: Sequence[PosterName] = ()
    addresses: Mapping[PosterName, str] = MappingProxyType({})
    rating: Rating | None = None
    moved_to: int | None = None


class PosterPage(Protocol):
    """One page that lists posters: how it is read, and where its pictures are."""

    @property
    def page(self) -> int:
        """The page's id on its site."""

    @property
    def mal_id(self) -> int:
        """The anime that its posters belong to."""

    def read(self, client: SiteClient) -> Awaitable[PageReading | tuple[Outcome, Sequence[PosterName]]]:
        """Fetches and parses the page; a site without ratings needs no more than outcome and names."""

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """The addresses where the picture can be, likeliest first."""


def _no_doubts(_: SiteState) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class CatalogSpec:
    """The asset `<key>_catalog`: what the site has.

    `crawl` brings the site's state up to date, as far as it is due, and returns why it stopped early, or None. `is_due`
    says whether a crawl would ask for anything, and `due_reason` is shown then. `table` is what the state holds;
    `versioned` are the columns that the asset's data version is made of (None: all). `counts` are shown in the UI.
    `followed` are the columns by which a subfolder's rows matter to what is made from the catalog (None: all).
    `page_kind`: what the state calls the catalog's own pages, if it keeps them. `doubts`: what is odd in the state, a
    line each, shown by the catalog's health check.
    `relearn` fills a new state from the table and the time when it was written, as far as the table knows it.
    """

    description: str
    crawl: Callable[[RunContext], Coroutine[Any, Any, str | None]]
    is_due: Callable[[SiteState, RunContext], bool]
    due_reason: str
    table: Callable[[SiteState], pl.DataFrame]
    counts: Callable[[pl.DataFrame, SiteState], Mapping[str, int | str]]
    versioned: Sequence[str] | None = None
    followed: Sequence[str] | None = None
    page_kind: str | None = None
    doubts: Callable[[SiteState], Sequence[str]] = _no_doubts
    relearn: Callable[[SiteState, pl.DataFrame, float], None] | None = None


@dataclass(frozen=True, slots=True)
class PostersSpec:
    """The asset `<key>_posters`: the posters of a subfolder.

    `page_kind` is what the state calls its pages. `upstream` is the asset whose table says which pages there are: the
    site's own catalog, or one that is partitioned by subfolder. `pages` reads them from that table, for one subfolder.
    `page_of` is the page that lists a poster.
    """

    page_kind: str
    upstream: str
    pages: Callable[[pl.DataFrame, str, RunContext], Sequence[PosterPage]]
    page_of: Callable[[PosterName], int]


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """One site: how it is called, how it is asked, what it has, which posters."""

    entry: SiteEntry
    site: Site
    catalog: CatalogSpec
    posters: PostersSpec

    @property
    def key(self) -> str:
        """The site's key, as in its assets' names."""
        return self.entry.key
