"""The pages that list posters, one class a site: MAL's pictures of an anime, World Art's posters of an animation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.posters.catalogs import of_subfolder
from lap_assets.settings import Settings
from lap_assets.sites import mal, mal_api, wa
from lap_assets.sites.client import SiteClient
from lap_assets.sites.outcomes import Outcome

MAL_KIND: Final = "pictures"
WA_KIND: Final = "posters"


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
    """The pictures of an anime as the API tells them: the same pictures under the same names."""

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetches and parses the answer."""
        found = await client.read(mal_api.pictures_url(self.mal_id), mal_api.parse_pictures)
        return found.outcome, [PosterName.mal(self.mal_id, n1, n2) for n1, n2 in found.pictures]


@dataclass(frozen=True, slots=True)
class WaPage:
    """The posters page of an animation that links to the anime `mal_id`."""

    mal_id: int
    wa_id: int

    @property
    def page(self) -> int:
        """World Art's pages go by its own id."""
        return self.wa_id

    async def read(self, client: SiteClient) -> tuple[Outcome, Sequence[PosterName]]:
        """Fetches and parses the page."""
        found = await client.read(wa.posters_url(self.wa_id), wa.parse_posters)
        return found.outcome, [PosterName.wa(self.mal_id, self.wa_id, number) for number in found.numbers]

    def image_urls(self, name: PosterName) -> Sequence[str]:
        """The picture's buckets."""
        return wa.image_urls(name.first, name.second)


def mal_pages(mal_catalog: pl.DataFrame, subfolder: str, settings: Settings) -> list[MalPage]:
    """The pages of a subfolder's anime, read as the settings say; excluded anime have none."""
    anime = of_subfolder(mal_catalog, subfolder)
    kind = MalApiPage if settings.mal_source == "api" else MalPage
    return [kind(mal_id, slug) for mal_id, slug in anime.select("mal_id", "slug").iter_rows()]


def wa_pages(matched_ids: pl.DataFrame) -> list[WaPage]:
    """The pages of a subfolder's animations."""
    return [WaPage(mal_id, wa_id) for mal_id, wa_id in matched_ids.select("mal_id", "wa_id").iter_rows()]
