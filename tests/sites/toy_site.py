"""A third site, as a developer would add one: a list of animations, with a page of posters each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.core.sites import SiteEntry
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.catalogs import of_subfolder
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.spec import CatalogSpec, PostersSpec, SiteSpec
from lap_assets.sites.state import SiteState

ROOT = "https://toy.example"
TOY = Site("toy", {"toy.example": "toy"})
ENTRY = SiteEntry(
    "toy",
    "Toy Site",
    "TOY",
    page_url=lambda toy_id, _: f"{ROOT}/posters/{toy_id}",
    image_url=lambda toy_id, number: f"{ROOT}/images/{toy_id}/{number}.jpg",
    module=__name__,
)


@dataclass(frozen=True, slots=True)
class ToyNumbers:
    """Numbers on a page."""

    outcome: Outcome
    numbers: tuple[int, ...]


def parse(body: bytes, _: str) -> ToyNumbers:
    """Parse a page that lists numbers."""
    found = tuple(int(number) for number in re.findall(rb"[0-9]+", body))
    return ToyNumbers(Outcome.OK if found else Outcome.UNKNOWN, found)


@dataclass(frozen=True, slots=True)
class ToyPage:
    """The posters of an animation; the site uses MAL's ids."""

    mal_id: int

    @property
    def page(self) -> int:
        """The page's id."""
        return self.mal_id

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetch and parse the page."""
        found = await client.read(f"{ROOT}/posters/{self.mal_id}", parse)
        return found.outcome, [PosterName(self.mal_id, "toy", self.mal_id, number) for number in found.numbers]

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """Return the only address of a picture."""
        return (name.image_url,)


async def crawl(run_context: RunContext) -> str | None:
    """Read the list of animations."""
    with open_state(run_context, TOY) as state:
        async with open_client(run_context, TOY, state) as client:
            found = await client.read(f"{ROOT}/list", parse)
        state.put("ids", found.numbers)
    return None


def table(state: SiteState) -> pl.DataFrame:
    """Return one row per animation."""
    return pl.DataFrame({"mal_id": state.get("ids") or []}, schema={"mal_id": pl.Int64}).with_columns(excluded=False)


def pages(toy_catalog: pl.DataFrame, subfolder: str, _: RunContext) -> list[ToyPage]:
    """Return the pages of a subfolder."""
    return [ToyPage(mal_id) for mal_id in of_subfolder(toy_catalog, subfolder)["mal_id"]]


SPEC = SiteSpec(
    entry=ENTRY,
    site=TOY,
    catalog=CatalogSpec(
        description="Every animation of the toy site.",
        crawl=crawl,
        is_due=lambda state, _: state.get("ids") is None,
        due_reason="the list is due",
        table=table,
        counts=lambda found, _: {"animations": found.height},
    ),
    posters=PostersSpec("posters", ENTRY.catalog_asset, pages, page_of=lambda name: name.first),
)
