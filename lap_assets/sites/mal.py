"""MyAnimeList: addresses and page parsers. Bytes in, typed results out; no requests are made here.

The selectors match every saved page from 2016 to 2026. A failed match proves nothing, since classes are renamed every
few years: a page is EMPTY only if MAL says so in words, and its rows or pictures count only if the page links to no
others.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import SettingsError
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Keys, Site
from lap_assets.sites.mal_words import says, words_of_rating
from lap_assets.sites.markup import anime_id_in, decode, is_whole, looks_blocked, select, title_of
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating, of_all

if TYPE_CHECKING:
    from parsel import Selector

__all__ = ["ListedAnime", "Listing", "Pictures", "listing_url", "parse_listing", "parse_pictures", "pictures_url"]

API_HOST: Final = "api.myanimelist.net"
CLIENT_HEADER: Final = "X-MAL-CLIENT-ID"
ROWS_PER_PAGE: Final = 50
PICTURES_KIND: Final = "pictures"  # kind of the pictures pages in the state
_ROWS: Final = "table a.hoverinfo_trigger.fw-b::attr(href)"
_ROW_LINKS: Final = '//table[.//a[contains(@class, "hoverinfo_trigger")]]//a/@href'
_GALLERY: Final = 'a.js-picture-gallery[rel="gallery-anime"]::attr(href)'
_NO_TITLES: Final = re.compile(r"\bno titles that matched your query were found\b", re.IGNORECASE)
_NO_PICTURES: Final = re.compile(
    r"\bno (?:picture|image)s?\b.{0,20}\b(?:added|found|uploaded|available)\b", re.IGNORECASE
)
_OWN_ADDRESSES: Final = (
    'link[rel="canonical"]::attr(href), meta[property="og:url"]::attr(content), #horiznav_nav a::attr(href)'
)
_ENTRY: Final = re.compile(
    r"^(?:(?:https?:)?//(?:www\.)?myanimelist\.net)?/anime/([0-9]{1,9})(?:/([^/?#]*))?(?:[?#].*)?$", re.IGNORECASE
)
_UNREADABLE: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\N{REPLACEMENT CHARACTER}]")
PICTURE: Final = re.compile(r"/images/anime/([0-9]{1,9})/([0-9]{1,9})[tlv]?\.(?:jpe?g|webp|png)", re.IGNORECASE)
LISTING_ROOT: Final = "https://myanimelist.net/anime.php?"
_CDN: Final = "https://cdn.myanimelist.net"


def _keys(run_context: RunContext) -> Keys:
    settings = run_context.settings
    if settings.mal_source != "api":
        return {}
    if needs := _needs(run_context):
        raise SettingsError(needs[0])
    return {API_HOST: {CLIENT_HEADER: settings.mal_client_id}}


def _needs(run_context: RunContext) -> tuple[str, ...]:
    settings = run_context.settings
    if settings.mal_source != "api" or settings.mal_client_id:
        return ()
    return ("LAP_MAL_CLIENT_ID is not set: LAP_MAL_SOURCE=api needs the client id that MAL gave you",)


MAL: Final = Site(
    "mal",
    {"myanimelist.net": "mal", "cdn.myanimelist.net": "mal-cdn", API_HOST: "mal-api"},
    rates=True,
    keys=_keys,
    needs=_needs,
)


@dataclass(frozen=True, slots=True)
class ListedAnime:
    """One row of the listing; `slug` is empty if unreadable."""

    mal_id: int
    slug: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the listing; `anime` in page order (ids descend)."""

    outcome: Outcome
    anime: tuple[ListedAnime, ...] = ()


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures page of one anime; `pictures` as (n1, n2) in page order, without repeats.

    `addresses`: the address of each picture, from the page. `rating`: the anime's rating on the page. `own_id`: the
    anime that the page names as its own; None if it names several.
    """

    outcome: Outcome
    pictures: tuple[tuple[int, int], ...] = ()
    addresses: tuple[str, ...] = ()
    rating: Rating = Rating.UNKNOWN
    own_id: int | None = field(default=None, compare=False)


def listing_url(show: int, *, excluded: bool = False) -> str:
    """Return the address of the listing from row `show` on, newest ids first; `excluded`: only those rated Rx."""
    rating = "&r=6" if excluded else ""
    return f"{LISTING_ROOT}o=9&cv=2&w=1{rating}&show={show}"


def pictures_url(mal_id: int, slug: str) -> str:
    """Return the address of an anime's pictures page. A slug is required, but any slug works."""
    plain = re.sub(r"[^0-9A-Za-z_.~-]", "_", slug) or "_"
    return f"https://myanimelist.net/anime/{mal_id}/{plain}/pics"


def parse_listing(body: bytes, url: str) -> Listing:  # noqa: ARG001 - one signature for all parsers
    """Parse one page of `anime.php`; EMPTY: the listing says that no title matched (past the end)."""
    text = decode(body, "utf-8")
    page = select(text)
    anime = _listed(page)
    linked = {int(match[1]) for link in page.xpath(_ROW_LINKS).getall() if (match := _ENTRY.search(link))}
    if anime and is_whole(text) and linked <= {row.mal_id for row in anime}:
        return Listing(Outcome.OK, anime)
    title = title_of(page)
    if (problem := _problem(page, text, title)) is not None:
        return Listing(problem)
    is_listing = bool(re.search(r"(?:^|\s)Anime - MyAnimeList\.net$", title))
    is_empty = is_listing and not anime and not linked and says(page, _NO_TITLES)
    return Listing(Outcome.EMPTY if is_empty else Outcome.UNKNOWN)


def parse_pictures(body: bytes, url: str) -> Pictures:
    """Parse `/anime/<id>/<slug>/pics`; EMPTY only if that anime's pictures page says that it has none."""
    text = decode(body, "utf-8")
    page = select(text)
    title = title_of(page)
    if (problem := _problem(page, text, title)) is not None:
        return Pictures(problem)
    asked, named = anime_id_in(url), _named(page)
    if named and asked not in named:
        return Pictures(Outcome.UNKNOWN, own_id=next(iter(named)) if len(named) == 1 else None)
    if not re.search(r"\bPictures - MyAnimeList\.net$", title):
        return Pictures(Outcome.UNKNOWN)
    found = _pictures_in(page.css(_GALLERY).getall())
    others = _pictures_in(page.css("a::attr(href)").getall()).keys() - found.keys()
    is_empty = bool(named) and not found and not page.css(_GALLERY) and says(page, _NO_PICTURES)
    if others or not (found or is_empty):
        return Pictures(Outcome.UNKNOWN)
    rating = of_all(words_of_rating(page)) if named else Rating.UNKNOWN
    return Pictures(Outcome.OK if found else Outcome.EMPTY, tuple(found), tuple(found.values()), rating, asked)


def picture_in(link: str) -> tuple[tuple[int, int], str] | None:
    """Return the picture (n1, n2) behind a link and its address on the current host; None for other links.

    About 2 % of old pictures have no large variant (`660l.jpg`): the link names the variant that exists.
    """
    match = PICTURE.search(link)
    return ((int(match[1]), int(match[2])), f"{_CDN}{match[0]}") if match else None


def _pictures_in(links: list[str]) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    for link in links:
        if (one := picture_in(link)) is not None:
            found.setdefault(*one)
    return found


def _listed(page: "Selector") -> tuple[ListedAnime, ...]:
    rows: dict[int, ListedAnime] = {}
    for link in page.css(_ROWS).getall():
        match = _ENTRY.search(link)
        if match and int(match[1]) > 0:
            rows.setdefault(int(match[1]), ListedAnime(int(match[1]), _readable(match[2] or "")))
    return tuple(rows.values())


def _readable(slug: str) -> str:
    """Return the slug, or "" if it shows that the page was decoded with the wrong encoding."""
    return "" if _UNREADABLE.search(slug) else slug


def _problem(page: "Selector", text: str, title: str) -> Outcome | None:
    """Return the outcome of a page that is an error, a block or cut off; None for a page worth parsing."""
    if page.css(".error404") and title.startswith("404"):
        return Outcome.NOT_FOUND
    address = "".join(page.css('meta[property="og:url"]::attr(content)').getall())
    if "/error/5" in address or "/error/4" in address:
        return Outcome.BLOCKED
    if (title == "MyAnimeList.net" or not title.endswith("MyAnimeList.net")) and looks_blocked(text, title):
        return Outcome.BLOCKED
    return None if is_whole(text) else Outcome.UNKNOWN


def _named(page: "Selector") -> set[int]:
    """Return the ids of the anime that the page names as its own."""
    addresses = page.css(_OWN_ADDRESSES).getall()
    return {found for address in addresses if (found := anime_id_in(address)) is not None}
