"""MyAnimeList: addresses and page parsers. Bytes in, typed results out; no requests are made here.

The selectors hold in every saved page from 2016 to 2026. An empty page is distinguished from an unexpected one: MAL
answers 200 for unknown sub-paths and for challenges alike.
"""

import re
from dataclasses import dataclass
from typing import Final

from parsel import Selector

from lap_assets.core.errors import SettingsError
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Keys, Site
from lap_assets.sites.markup import anime_id_in, decode, is_whole, looks_blocked, select, title_of
from lap_assets.sites.outcomes import Outcome

__all__ = ["ListedAnime", "Listing", "Pictures", "listing_url", "parse_listing", "parse_pictures", "pictures_url"]

API_HOST: Final = "api.myanimelist.net"
CLIENT_HEADER: Final = "X-MAL-CLIENT-ID"
ROWS_PER_PAGE: Final = 50
_ROWS: Final = "table a.hoverinfo_trigger.fw-b::attr(href)"
_GALLERY: Final = 'a.js-picture-gallery[rel="gallery-anime"]::attr(href)'
_OWN_ADDRESSES: Final = (
    'link[rel="canonical"]::attr(href), meta[property="og:url"]::attr(content), #horiznav_nav a::attr(href)'
)
_ENTRY: Final = re.compile(r"myanimelist\.net/anime/([0-9]{1,9})(?:/([^/?#]*))?(?:[?#].*)?$")
_UNREADABLE: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\N{REPLACEMENT CHARACTER}]")
PICTURE: Final = re.compile(r"/images/anime/([0-9]{1,9})/([0-9]{1,9})[tlv]?\.(?:jpe?g|webp|png)", re.IGNORECASE)


def _keys(run_context: RunContext) -> Keys:
    settings = run_context.settings
    if settings.mal_source != "api":
        return {}
    if not settings.mal_client_id:
        raise SettingsError("LAP_MAL_CLIENT_ID is not set: LAP_MAL_SOURCE=api needs the client id that MAL gave you")
    return {API_HOST: {CLIENT_HEADER: settings.mal_client_id}}


MAL: Final = Site("mal", {"myanimelist.net": "mal", "cdn.myanimelist.net": "mal-cdn", API_HOST: "mal-api"}, keys=_keys)


@dataclass(frozen=True, slots=True)
class ListedAnime:
    """One row of the listing; `slug` is empty where it cannot be read."""

    mal_id: int
    slug: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the listing; `anime` in page order (ids descend)."""

    outcome: Outcome
    anime: tuple[ListedAnime, ...] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures page of one anime; `pictures` as (n1, n2) in page order, each once."""

    outcome: Outcome
    pictures: tuple[tuple[int, int], ...] = ()


def listing_url(show: int, *, excluded: bool = False) -> str:
    """The listing from row `show` on, newest ids first; `excluded` lists the Rx-rated ones alone."""
    rating = "&r=6" if excluded else ""
    return f"https://myanimelist.net/anime.php?o=9&cv=2&w=1{rating}&show={show}"


def pictures_url(mal_id: int, slug: str) -> str:
    """The pictures page of an anime. Any slug leads there, but one is needed."""
    plain = re.sub(r"[^0-9A-Za-z_.~-]", "_", slug) or "_"
    return f"https://myanimelist.net/anime/{mal_id}/{plain}/pics"


def parse_listing(body: bytes, url: str) -> Listing:  # noqa: ARG001 - one signature for all parsers
    """Reads one page of `anime.php`; EMPTY is a listing that proves to be one and has no rows (past the end)."""
    text = decode(body, "utf-8")
    page = select(text)
    anime = _listed(page)
    if anime and is_whole(text):
        return Listing(Outcome.OK, anime)
    title = title_of(page)
    if (problem := _problem(page, text, title)) is not None:
        return Listing(problem)
    is_listing = bool(re.search(r"(?:^|\s)Anime - MyAnimeList\.net$", title))
    return Listing(Outcome.EMPTY if is_listing and not anime else Outcome.UNKNOWN)


def parse_pictures(body: bytes, url: str) -> Pictures:
    """Reads `/anime/<id>/<slug>/pics`; EMPTY only where the page proves to be that anime's pictures page."""
    text = decode(body, "utf-8")
    page = select(text)
    title = title_of(page)
    if (problem := _problem(page, text, title)) is not None:
        return Pictures(problem)
    if not re.search(r"\bPictures - MyAnimeList\.net$", title) or _is_of_another(page, url):
        return Pictures(Outcome.UNKNOWN)
    links = page.css(_GALLERY).getall()
    found = [match for link in links if (match := PICTURE.search(link))]
    if links and not found:
        return Pictures(Outcome.UNKNOWN)
    pictures = tuple(dict.fromkeys((int(match[1]), int(match[2])) for match in found))
    return Pictures(Outcome.OK if pictures else Outcome.EMPTY, pictures)


def _listed(page: Selector) -> tuple[ListedAnime, ...]:
    rows: dict[int, ListedAnime] = {}
    for link in page.css(_ROWS).getall():
        match = _ENTRY.search(link)
        if match and int(match[1]) > 0:
            rows.setdefault(int(match[1]), ListedAnime(int(match[1]), _readable(match[2] or "")))
    return tuple(rows.values())


def _readable(slug: str) -> str:
    """The slug, or none where it shows that the page is in an encoding that nobody announced."""
    return "" if _UNREADABLE.search(slug) else slug


def _problem(page: Selector, text: str, title: str) -> Outcome | None:
    """The outcome of a page that is an error, a block or cut off; None for a page to be read on."""
    if page.css(".error404") and title.startswith("404"):
        return Outcome.NOT_FOUND
    address = "".join(page.css('meta[property="og:url"]::attr(content)').getall())
    if "/error/5" in address or "/error/4" in address:
        return Outcome.BLOCKED
    if not title.endswith("MyAnimeList.net") and looks_blocked(text, title):
        return Outcome.BLOCKED
    if title == "MyAnimeList.net" and looks_blocked(text, title):
        return Outcome.BLOCKED
    return None if is_whole(text) else Outcome.UNKNOWN


def _is_of_another(page: Selector, url: str) -> bool:
    """Whether the page names itself as the page of another anime than was asked for."""
    asked = anime_id_in(url)
    addresses = page.css(_OWN_ADDRESSES).getall()
    named = {anime_id_in(address) for address in addresses} - {None}
    return asked is not None and bool(named) and asked not in named
