"""Everything LAP knows about a site, as one object: `SiteSpec`. Scrapes, assets, pools and schedules loop over it.

A site's module (`mal_site`, `wa_site`) defines it as `SPEC`; `lap_assets.core.sites` names the module.
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
    """Contents of a page of posters.

    `addresses`: picture addresses from the page itself; other pictures are at `PosterPage.image_urls`. `rating`: the
    anime's rating, on a site with ratings. `moved_to`: the id whose page came instead, if the outcome is MOVED.
    """

    outcome: Outcome
    names: Sequence[PosterName] = ()
    addresses: Mapping[PosterName, str] = MappingProxyType({})
    rating: Rating | None = None
    moved_to: int | None = None


class PosterPage(Protocol):
    """One page that lists posters: how to read it, and the addresses of its pictures."""

    @property
    def page(self) -> int:
        """The page's id on its site."""

    @property
    def mal_id(self) -> int:
        """The anime that its posters belong to."""

    def read(self, client: SiteClient) -> Awaitable[PageReading | tuple[Outcome, Sequence[PosterName]]]:
        """Fetch and parse the page; for a site without ratings, outcome and names are enough."""

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """Return the possible addresses of the picture, the most likely first."""


def _no_doubts(_: SiteState) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class CatalogSpec:
    """The asset `<key>_catalog`: the site's anime.

    `crawl` updates the site's state if it is due, and returns why it stopped early, or None. `is_due` tells whether a
    crawl would send requests; `due_reason` is shown if so. `table` returns the state as a table; `versioned`: the
    columns that form the asset's data version (None: all). `counts` are shown in the UI. `followed`: the columns whose
    changes in a subfolder's rows make downstream assets stale (None: all). `page_kind`: the kind of the catalog's own
    pages in the state, if it keeps them. `doubts`: oddities in the state, one line each, for the catalog's health
    check. `relearn` fills a new state from the table and the time when the table was written.
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

    `page_kind`: the kind of its pages in the state. `upstream`: the asset whose table determines the pages, either the
    site's own catalog or an asset partitioned by subfolder. `pages` returns one subfolder's pages from that table.
    `page_of` returns the id of the page that lists a poster.
    """

    page_kind: str
    upstream: str
    pages: Callable[[pl.DataFrame, str, RunContext], Sequence[PosterPage]]
    page_of: Callable[[PosterName], int]


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """One site: its entry, its hosts, its catalog and its posters."""

    entry: SiteEntry
    site: Site
    catalog: CatalogSpec
    posters: PostersSpec

    @property
    def key(self) -> str:
        """The site's key, as in asset names."""
        return self.entry.key
