"""The sites, one entry each: key, title, form of its posters' names, and the module that reads it.

A new site is one entry in `SITES` and the module named there (`lap_assets.sites.spec` says what it defines).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """One site.

    `key` is the prefix of its assets, and the name of its pool, queue and state file. `tag` is part of its posters'
    names, `MAL<id>_<tag><id there>_<number>.jpg`; None is MAL's own form, `MAL<id>_<n1>_<n2>.jpg`. `page_url` and
    `image_url` take a name's two numbers. `module` is imported on demand and defines `SPEC`.
    """

    key: str
    title: str
    tag: str | None
    page_url: Callable[[int, int], str]
    image_url: Callable[[int, int], str]
    module: str

    @property
    def catalog_asset(self) -> str:
        """The asset that holds the site's catalog."""
        return f"{self.key}_catalog"

    @property
    def posters_asset(self) -> str:
        """The asset that holds the site's posters."""
        return f"{self.key}_posters"


def _mal_image(n1: int, n2: int) -> str:
    return f"https://cdn.myanimelist.net/images/anime/{n1}/{n2}l.jpg"


def _wa_page(wa_id: int, number: int) -> str:
    return f"http://www.world-art.ru/animation/animation_poster.php?id={wa_id}&number_img={number}"


def _wa_image(wa_id: int, number: int) -> str:
    """Return the first of `sites.wa.image_urls`."""
    bucket = (wa_id // 1000 + 1) * 1000
    return f"http://www.world-art.ru/animation/img/{bucket}/{wa_id}/{number}.jpg"


MAL: Final = SiteEntry("mal", "MyAnimeList", None, _mal_image, _mal_image, "lap_assets.sites.mal_site")
WA: Final = SiteEntry("wa", "World Art", "WA", _wa_page, _wa_image, "lap_assets.sites.wa_site")
SITES: tuple[SiteEntry, ...] = (MAL, WA)


def sites() -> tuple[SiteEntry, ...]:
    """Return the sites, in the order in which they are asked and shown."""
    return SITES


def site_entry(key: str) -> SiteEntry:
    """Return the site with this key.

    Raises:
        KeyError: there is none.
    """
    for entry in SITES:
        if entry.key == key:
            return entry
    raise KeyError(key)
