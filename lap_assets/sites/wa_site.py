"""World Art as a site: its catalog table, its posters pages, its `SPEC`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import polars as pl

from lap_assets.core import sites
from lap_assets.core.names import PosterName
from lap_assets.run_context import RunContext
from lap_assets.sites import wa, wa_id_crawl
from lap_assets.sites.client import SiteClient
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import record_read
from lap_assets.sites.spec import CatalogSpec, PostersSpec, SiteSpec
from lap_assets.sites.state import SiteState
from lap_assets.sites.wa_id_crawl import WaRow
from lap_assets.sites.wa_updates import last_look

PAGE_KIND: Final = "posters"
SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "wa_id": pl.Int64,
    "mal_id": pl.Int64,
    "title": pl.String,
    "work_type": pl.String,
    "genre": pl.String,
    "release": pl.String,
    "score": pl.Float64,
    "top_place": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class WaPage:
    """The posters page of an animation that links to the anime `mal_id`."""

    mal_id: int
    wa_id: int

    @property
    def page(self) -> int:
        """World Art's own id: its pages are numbered by it."""
        return self.wa_id

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetch and parse the page."""
        found = await client.read(wa.posters_url(self.wa_id), wa.parse_posters)
        return found.outcome, [PosterName.wa(self.mal_id, self.wa_id, number) for number in found.numbers]

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """Return the picture's address in each bucket that may hold it."""
        return wa.image_urls(name.first, name.second)


def table_of(rows: Sequence[WaRow]) -> pl.DataFrame:
    """Return one row per animation, by id."""
    return pl.DataFrame([asdict(row) for row in rows], schema=SCHEMA).sort("wa_id")


def pages(matched_ids: pl.DataFrame, _: str, __: RunContext) -> list[WaPage]:
    """Return the pages of a subfolder's animations."""
    return [WaPage(mal_id, wa_id) for mal_id, wa_id in matched_ids.select("mal_id", "wa_id").iter_rows()]


def _table(state: SiteState) -> pl.DataFrame:
    return table_of(wa_id_crawl.catalog(state))


def _counts(table: pl.DataFrame, state: SiteState) -> Mapping[str, int | str]:
    linked = table["mal_id"].count()
    return {"animations": table.height, "linked to MAL": linked, "list of updates": last_look(state)}


def _relearn(state: SiteState, table: pl.DataFrame, at: float) -> None:
    """Record the animations' pages as of the time the table was written; ids without an animation are read again."""
    for row in table.select(list(SCHEMA)).iter_rows(named=True):
        record_read(state, wa_id_crawl.KIND, row["wa_id"], Outcome.OK, row, at=at)


SPEC: Final = SiteSpec(
    entry=sites.WA,
    site=wa.WA,
    catalog=CatalogSpec(
        description=(
            "Every animation on World Art: its id, the MAL anime it links to, title, type, genre, release, score, rank."
        ),
        crawl=wa_id_crawl.crawl,
        is_due=wa_id_crawl.is_due,
        due_reason="the animation pages are due",
        table=_table,
        counts=_counts,
        followed=("mal_id", "wa_id"),
        page_kind=wa_id_crawl.KIND,
        relearn=_relearn,
    ),
    posters=PostersSpec(page_kind=PAGE_KIND, upstream="matched_ids", pages=pages, page_of=lambda name: name.first),
)
