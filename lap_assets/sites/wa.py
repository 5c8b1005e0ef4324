"""World Art (animation): addresses and page parsers. Bytes in, typed results out; no requests are made here.

No saved page is newer than 2013, so fields are found by their Russian labels, independent of the layout. Advertising
may wrap a page: a page is complete if its own end follows its own parts. For a missing id the site answers 200 with
the page of id 1 (NOT_FOUND), or with a page that refreshes to `not_connect.html`, which is also its flood page
(BLOCKED).
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from lap_assets.sites.addresses import Site
from lap_assets.sites.markup import anime_id_in, decode, is_whole, looks_blocked, select, title_of
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.wa_fields import clean, field, lines_of, score_of, top_place_of
from lap_assets.sites.wa_parts import is_whole_page, says_none, shows_posters

if TYPE_CHECKING:
    from parsel import Selector

__all__ = [
    "Animation", "Posters", "Updates", "animation_url", "image_urls", "parse_animation", "parse_posters",
    "parse_updates", "posters_url", "updates_url",
]  # fmt: skip

# It occasionally sends its flood page to any client.
WA: Final = Site("wa", {"www.world-art.ru": "wa", "world-art.ru": "wa"}, tolerated_blocks=3)

_ROOT: Final = "http://www.world-art.ru/animation"
UPDATES_PER_PAGE: Final = 25
_ENCODING: Final = "windows-1251"
_SAME_PAGE_LINKS: Final = re.compile(r"(?:animation_poster|comment_all|animation_update)\.php\?id=([0-9]{1,9})")
_NUMBER_LINK: Final = re.compile(
    r"animation_poster\.php\?(?=[^#]{0,400}\bid=([0-9]{1,9}))[^#]{0,400}\bnumber_img=([0-9]{1,9})"
)
_ANIMATION_LINK: Final = re.compile(r"(?:^|/)animation\.php\?id=([0-9]{1,9})$")
_RELEASE_LABELS: Final = ("Премьера", "Выпуск")
_MAIN_LABELS: Final = ("Жанр", "Тип", *_RELEASE_LABELS)


@dataclass(frozen=True, slots=True)
class Animation:
    """One animation's page. `mal_id` is None without a link to MAL; text fields are empty if unknown."""

    outcome: Outcome
    wa_id: int = 0
    mal_id: int | None = None
    title: str = ""
    work_type: str = ""
    genre: str = ""
    release: str = ""
    score: float | None = None
    top_place: int | None = None


@dataclass(frozen=True, slots=True)
class Posters:
    """The posters page of one animation; `numbers`: its image numbers in page order, without repeats."""

    outcome: Outcome
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Updates:
    """A page of the list of updates: animation ids, the latest first."""

    outcome: Outcome
    wa_ids: tuple[int, ...] = ()


def animation_url(wa_id: int) -> str:
    """Return the address of an animation's main page."""
    return f"{_ROOT}/animation.php?id={wa_id}"


def posters_url(wa_id: int) -> str:
    """Return the address of an animation's posters page."""
    return f"{_ROOT}/animation_poster.php?id={wa_id}"


def updates_url(first: int) -> str:
    """Return the address of the list of updates from row `first` on; it has `UPDATES_PER_PAGE` rows per page."""
    return f"{_ROOT}/list.php?limit_1={first}&sort=5"


def image_urls(wa_id: int, number: int) -> tuple[str, ...]:
    """Return the possible addresses of an image, the most likely first. Images are in buckets of a thousand ids.

    An exact multiple of 1000 is in the next bucket or, after a 404 there, in its own.
    """
    buckets = [(wa_id // 1000 + 1) * 1000]
    if wa_id % 1000 == 0:
        buckets.append(wa_id)
    return tuple(f"{_ROOT}/img/{bucket}/{wa_id}/{number}.jpg" for bucket in buckets)


def parse_animation(body: bytes, url: str) -> Animation:
    """Parse `animation.php?id=`; NOT_FOUND if it is the page of id 1 instead."""
    asked = _asked_id(url)
    text = decode(body, _ENCODING)
    page = select(text)
    outcome = _outcome(page, text, asked)
    if outcome is not Outcome.OK:
        return Animation(outcome, asked)
    lines = lines_of(text)
    if not any(field(lines, label) for label in _MAIN_LABELS):  # wrong encoding, or another kind of page
        return Animation(Outcome.UNKNOWN, asked)
    return Animation(
        outcome=Outcome.OK,
        wa_id=asked,
        mal_id=_mal_id(page),
        title=_title(page),
        work_type=field(lines, "Тип"),
        genre=field(lines, "Жанр"),
        release=next((value for label in _RELEASE_LABELS if (value := field(lines, label))), ""),
        score=score_of(field(lines, "Средний балл")),
        top_place=top_place_of(lines),
    )


def parse_posters(body: bytes, url: str) -> Posters:
    """Parse `animation_poster.php?id=`; EMPTY only if this animation's page says that it has no posters."""
    asked = _asked_id(url)
    text = decode(body, _ENCODING)
    page = select(text)
    outcome = _outcome(page, text, asked)
    if outcome is not Outcome.OK:
        return Posters(outcome)
    links = (_NUMBER_LINK.search(link) for link in page.css("a::attr(href)").getall())
    numbers = tuple(dict.fromkeys(int(match[2]) for match in links if match and int(match[1]) == asked))
    if numbers:
        return Posters(Outcome.OK, numbers)
    # The main page does not list the other posters, and a page that shows a poster is not empty.
    is_empty = not _is_main(page, text) and not shows_posters(page, asked) and says_none(text)
    return Posters(Outcome.EMPTY if is_empty else Outcome.UNKNOWN)


def parse_updates(body: bytes, url: str) -> Updates:  # noqa: ARG001 - one signature for all parsers
    """Parse `list.php?sort=5`: the animations that the page links to, in row order."""
    text = decode(body, _ENCODING)
    page = select(text)
    links = (_ANIMATION_LINK.search(link) for link in page.css("a::attr(href)").getall())
    found = tuple(dict.fromkeys(int(match[1]) for match in links if match))
    if found and is_whole(text):
        return Updates(Outcome.OK, found)
    return Updates(Outcome.BLOCKED if looks_blocked(text, title_of(page)) else Outcome.UNKNOWN)


def _asked_id(url: str) -> int:
    values = parse_qs(urlsplit(url).query).get("id", [])
    if len(values) != 1 or not re.fullmatch(r"[0-9]{1,9}", values[0]):
        raise ValueError(f"{url}: expected an address with ?id=<number>")
    return int(values[0])


def _outcome(page: "Selector", text: str, asked: int) -> Outcome:
    if not is_whole_page(text):
        return Outcome.UNKNOWN
    shown = _shown_id(page)
    if shown is None:
        return Outcome.BLOCKED if looks_blocked(text, title_of(page)) else Outcome.UNKNOWN
    if shown == asked:
        return Outcome.OK
    return Outcome.NOT_FOUND if shown == 1 else Outcome.UNKNOWN


def _is_main(page: "Selector", text: str) -> bool:
    """Return whether this is an animation's main page, judged by its canonical address or by fields only it has."""
    own = page.css('link[rel="canonical"]::attr(href)').getall()
    lines = lines_of(text)
    return any("/animation.php" in address for address in own) or any(field(lines, label) for label in _MAIN_LABELS)


def _shown_id(page: "Selector") -> int | None:
    """Return the id of the page's animation from its canonical link, else from its links to itself."""
    for canonical in page.css('link[rel="canonical"]::attr(href)').getall():
        if found := re.search(r"[?&]id=([0-9]{1,9})", canonical):
            return int(found[1])
    for link in page.css("a::attr(href)").getall():
        if found := _SAME_PAGE_LINKS.search(link):
            return int(found[1])
    return None


def _mal_id(page: "Selector") -> int | None:
    links = page.css("a::attr(href)").getall()
    return next((found for link in links if (found := anime_id_in(link)) is not None), None)


def _title(page: "Selector") -> str:
    named = page.xpath('//meta[translate(@name, "T", "t")="title"]/@content').get() or ""
    return clean(named) or clean(title_of(page).removeprefix("Аниме - "))
