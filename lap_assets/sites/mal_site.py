"""MyAnimeList as a site: its catalog table, its pictures pages, its `SPEC`."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from lap_assets.core import sites
from lap_assets.core.names import PosterName
from lap_assets.run_context import RunContext
from lap_assets.sites import mal, mal_api, mal_api_crawl, mal_hint, mal_listing_crawl, mal_rows, ratings
from lap_assets.sites.catalogs import all_of_subfolder
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal_rows import CatalogRow
from lap_assets.sites.markup import anime_id_in
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.passed_over import unread
from lap_assets.sites.spec import CatalogSpec, PageReading, PostersSpec, SiteSpec
from lap_assets.sites.state import RATING_KNOWN, SiteState

PAGE_KIND: Final = mal.PICTURES_KIND
_DAY: Final = 24 * 3600.0
SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "mal_id": pl.Int64,
    "slug": pl.String,
    "excluded": pl.Boolean,  # null: not known yet
    "first_seen": pl.Datetime("ms", "UTC"),
    "last_seen": pl.Datetime("ms", "UTC"),
    "listed_as": pl.String,
}


@dataclass(frozen=True, slots=True)
class MalPage:
    """The pictures page of an anime."""

    mal_id: int
    slug: str

    @property
    def page(self) -> int:
        """The anime's id: MAL's pages are numbered by it."""
        return self.mal_id

    async def read(self, client: SiteClient) -> PageReading:
        """Fetch and parse the page; MOVED if MAL redirects to another anime's page: the two were merged."""
        came_from, found = await client.read_at(mal.pictures_url(self.mal_id, self.slug), mal.parse_pictures)
        led_to = anime_id_in(came_from)
        if found.outcome is Outcome.UNKNOWN and led_to not in (None, self.mal_id) and found.own_id == led_to:
            return PageReading(Outcome.MOVED, moved_to=led_to)
        return self._reading(found)

    def _reading(self, found: mal.Pictures) -> PageReading:
        names = [PosterName.mal(self.mal_id, n1, n2) for n1, n2 in found.pictures]
        addresses = dict(zip(names, found.addresses, strict=True))
        return PageReading(found.outcome, names, addresses, found.rating)

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """Return the address of the large picture."""
        return (name.image_url,)


@dataclass(frozen=True, slots=True)
class MalApiPage(MalPage):
    """The pictures of an anime from the API: the same pictures under the same names."""

    async def read(self, client: SiteClient) -> PageReading:
        """Fetch and parse the response."""
        return self._reading(await client.read(mal_api.pictures_url(self.mal_id), mal_api.parse_pictures))


async def crawl(run_context: RunContext) -> str | None:
    """Update the catalog from pages or API, depending on the settings; return why the crawl stopped early, or None.

    Both fill the same rows.
    """
    if run_context.settings.mal_source == "api":
        return await mal_api_crawl.crawl(run_context)
    return await mal_listing_crawl.crawl(run_context)


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Return whether a crawl is unfinished or the last one is too long ago."""
    if run_context.settings.mal_source == "api":
        return mal_api_crawl.is_due(state, run_context)
    return mal_listing_crawl.is_due(state, run_context)


def table_of(rows: Sequence[CatalogRow]) -> pl.DataFrame:
    """Return one row per anime, by id; `excluded` is null if unknown."""
    times = {"first_seen": pl.Float64, "last_seen": pl.Float64}
    frame = pl.DataFrame([asdict(row) for row in rows], schema={**SCHEMA, **times, "is_rated": pl.Boolean})
    moments = [pl.from_epoch((pl.col(name) * 1000).cast(pl.Int64), "ms").cast(SCHEMA[name]) for name in times]
    known = pl.when(pl.col("excluded") | pl.col("is_rated")).then(pl.col("excluded")).alias("excluded")
    return frame.with_columns(*moments, known).select(list(SCHEMA)).sort("mal_id")


def pages(mal_catalog: pl.DataFrame, subfolder: str, run_context: RunContext) -> list[MalPage]:
    """Return the pages of a subfolder's anime, to be read from pages or API depending on the settings.

    Anime that only the Rx listing excludes are included `revisit_days` after it first listed them: their own page
    decides.
    """
    anime = all_of_subfolder(mal_catalog, subfolder)
    kind = MalApiPage if run_context.settings.mal_source == "api" else MalPage
    since = time.time() - run_context.settings.revisit_days * _DAY
    with open_state(run_context, mal.MAL) as state:
        waiting = state.rows("SELECT mal_id FROM anime WHERE excluded AND told IS NULL AND hinted_at > ?", since)
    later = {mal_id for (mal_id,) in waiting}
    return [kind(mal_id, slug) for mal_id, slug in anime.select("mal_id", "slug").iter_rows() if mal_id not in later]


def _table(state: SiteState) -> pl.DataFrame:
    return table_of(mal_rows.catalog(state))


def _counts(table: pl.DataFrame, state: SiteState) -> Mapping[str, int | str]:
    return {
        "anime": table.height,
        "excluded": int(table["excluded"].sum()),
        "not rated yet": len(ratings.waiting(state, table.filter(pl.col("excluded").is_null())["mal_id"].to_list())),
        "listing of Rx": mal_hint.in_words(state),
    }


def _doubts(state: SiteState) -> list[str]:
    beginnings = (mal.LISTING_ROOT, mal_api.RANKING_ROOT)
    return [*mal_hint.doubts(state), *(one for beginning in beginnings for one in unread(state, beginning))]


def _relearn(state: SiteState, table: pl.DataFrame, _: float) -> None:
    """Insert the anime as published. The listing is due again; an anime that it lists as Rx waits for its own page."""
    if "listed_as" not in table.columns:
        table = table.with_columns(listed_as=pl.lit(""))
    rows = table.with_columns(pl.col("first_seen", "last_seen").dt.epoch("ms") / 1000)
    for mal_id, slug, excluded, first, last, listed in rows.select(list(SCHEMA)).iter_rows():
        told = None if excluded is None or listed == "rx" else "rx" if excluded else "rated"
        state.db.execute(
            "INSERT OR REPLACE INTO anime (mal_id, slug, excluded, first_seen, last_seen, rating, told, hinted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (mal_id, slug, bool(excluded), first, last, RATING_KNOWN, told, last if excluded else None),
        )


SPEC: Final = SiteSpec(
    entry=sites.MAL,
    site=mal.MAL,
    catalog=CatalogSpec(
        description=(
            "Every anime in MyAnimeList's listing: id, slug, whether it is excluded (rated Rx; empty: not known yet), "
            "first and last seen.\n\nThe first run reads the whole listing, later runs its newest pages. The rating on "
            "an anime's own page decides whether it is published."
        ),
        crawl=crawl,
        is_due=is_due,
        due_reason="the listing is due",
        table=_table,
        counts=_counts,
        versioned=("mal_id", "slug", "listed_as"),
        followed=("mal_id", "slug", "listed_as"),
        doubts=_doubts,
        relearn=_relearn,
    ),
    posters=PostersSpec(
        page_kind=PAGE_KIND, upstream=sites.MAL.catalog_asset, pages=pages, page_of=lambda name: name.mal_id
    ),
)
