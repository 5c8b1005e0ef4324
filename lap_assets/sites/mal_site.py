"""MyAnimeList as a site: its catalog's table, its pages of pictures, its `SPEC`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from lap_assets.core import sites
from lap_assets.core.names import PosterName
from lap_assets.run_context import RunContext
from lap_assets.sites import mal, mal_api, mal_api_crawl, mal_listing_crawl
from lap_assets.sites.catalogs import of_subfolder
from lap_assets.sites.client import SiteClient
from lap_assets.sites.mal_listing_crawl import CatalogRow
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.spec import CatalogSpec, PostersSpec, SiteSpec
from lap_assets.sites.state import SiteState

PAGE_KIND: Final = "pictures"
SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "mal_id": pl.Int64,
    "slug": pl.String,
    "excluded": pl.Boolean,
    "first_seen": pl.Datetime("ms", "UTC"),
    "last_seen": pl.Datetime("ms", "UTC"),
}


@dataclass(frozen=True, slots=True)
class MalPage:
    """The pictures page of an anime."""

    mal_id: int
    slug: str

    @property
    def page(self) -> int:
        """MAL's pages go by the anime's id."""
        return self.mal_id

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetches and parses the page."""
        found = await client.read(mal.pictures_url(self.mal_id, self.slug), mal.parse_pictures)
        return found.outcome, [PosterName.mal(self.mal_id, n1, n2) for n1, n2 in found.pictures]

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """The large picture."""
        return (name.image_url,)


@dataclass(frozen=True, slots=True)
class MalApiPage(MalPage):
    """The pictures of an anime as the API lists them: the same pictures under the same names."""

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetches and parses the answer."""
        found = await client.read(mal_api.pictures_url(self.mal_id), mal_api.parse_pictures)
        return found.outcome, [PosterName.mal(self.mal_id, n1, n2) for n1, n2 in found.pictures]


async def crawl(run_context: RunContext) -> str | None:
    """Brings the catalog up to date from pages or API, as the settings choose; returns why it stopped early, or None.

    Both fill the same rows.
    """
    if run_context.settings.mal_source == "api":
        return await mal_api_crawl.crawl(run_context)
    return await mal_listing_crawl.crawl(run_context)


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Whether a crawl is unfinished or the last one too long ago."""
    if run_context.settings.mal_source == "api":
        return mal_api_crawl.is_due(state, run_context)
    return mal_listing_crawl.is_due(state, run_context)


def table_of(rows: Sequence[CatalogRow]) -> pl.DataFrame:
    """A row an anime, by id."""
    times = {"first_seen": pl.Float64, "last_seen": pl.Float64}
    frame = pl.DataFrame([asdict(row) for row in rows], schema={**SCHEMA, **times})
    moments = [pl.from_epoch((pl.col(name) * 1000).cast(pl.Int64), "ms").cast(SCHEMA[name]) for name in times]
    return frame.with_columns(moments).sort("mal_id")


def pages(mal_catalog: pl.DataFrame, subfolder: str, run_context: RunContext) -> list[MalPage]:
    """The pages of a subfolder's anime, read as the settings say; excluded anime have none."""
    anime = of_subfolder(mal_catalog, subfolder)
    kind = MalApiPage if run_context.settings.mal_source == "api" else MalPage
    return [kind(mal_id, slug) for mal_id, slug in anime.select("mal_id", "slug").iter_rows()]


def _table(state: SiteState) -> pl.DataFrame:
    return table_of(mal_listing_crawl.catalog(state))


def _counts(table: pl.DataFrame, _: SiteState) -> Mapping[str, int | str]:
    return {"anime": table.height, "excluded": int(table["excluded"].sum())}


SPEC: Final = SiteSpec(
    entry=sites.MAL,
    site=mal.MAL,
    catalog=CatalogSpec(
        description=(
            "Every anime in MyAnimeList's listing: id, slug, whether it is excluded (rated Rx), first and last "
            "seen.\n\nThe first run reads the whole listing, later runs its newest pages. An anime appears once its "
            "rating is known."
        ),
        crawl=crawl,
        is_due=is_due,
        due_reason="the listing is due",
        table=_table,
        counts=_counts,
        versioned=("mal_id", "slug", "excluded"),
    ),
    posters=PostersSpec(
        page_kind=PAGE_KIND, upstream=sites.MAL.catalog_asset, pages=pages, page_of=lambda name: name.mal_id
    ),
)
