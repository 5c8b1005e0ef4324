"""MyAnimeList's official API v2: addresses and response parsers. JSON in, typed results out; no requests here.

The popularity ranking lists every anime with its rating; `fields=pictures` lists the pictures of one anime. Both need a
client id, sent in a header to this host alone. The API may send fewer rows than requested: `paging.next` is the
address of the next ones. Only unreadable entries are skipped.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from lap_assets.sites.mal import API_HOST, ListedAnime, Pictures, picture_in
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.ratings import Rating, rating_of

ROWS_PER_PAGE: Final = 500
_ROOT: Final = f"https://{API_HOST}/v2/anime"
RANKING_ROOT: Final = f"{_ROOT}/ranking?"
_LARGEST_ID: Final = 999_999_999  # the limit of poster names
_RATINGS: Final = ("g", "pg", "pg_13", "r", "r+")
_EXCLUDED_NSFW: Final = "black"
_ALLOWED_NSFW: Final = "white"
_PLACEHOLDER: Final = re.compile(r"/images/(?:qm_50|questionmark_50|na_series)\.(?:gif|png|jpg)$")


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the ranking: rated, excluded and unrated anime apart.

    `rows`: number of entries, readable or not. `next_offset`: start of the next page according to the API.
    """

    outcome: Outcome
    anime: tuple[ListedAnime, ...] = ()
    excluded: tuple[ListedAnime, ...] = ()
    unrated: tuple[ListedAnime, ...] = ()
    rows: int = 0
    next_offset: int | None = None

    @property
    def is_last(self) -> bool:
        """Whether the API names no next page."""
        return self.next_offset is None


def ranking_url(offset: int, limit: int = ROWS_PER_PAGE) -> str:
    """Return the address of the popularity ranking from row `offset` on, with the fields that decide exclusion."""
    return f"{RANKING_ROOT}ranking_type=bypopularity&limit={limit}&offset={offset}&nsfw=true&fields=rating,nsfw"


def pictures_url(mal_id: int) -> str:
    """Return the address of one anime with its pictures and rating."""
    return f"{_ROOT}/{mal_id}?fields=pictures,rating,nsfw"


def parse_ranking(body: bytes, url: str) -> Ranking:  # noqa: ARG001 - one signature for all parsers
    """Parse a page of the ranking; UNKNOWN if no entry is readable, or none has a rating field."""
    answer = _answer(body)
    rows = answer.get("data")
    if not isinstance(rows, list):
        return Ranking(_outcome(answer))
    nodes = [node for row in rows if (node := _node(row)) is not None]
    if rows and (not nodes or not any("rating" in node or "nsfw" in node for node in nodes)):
        return Ranking(Outcome.UNKNOWN)
    by_rating: dict[Rating, list[ListedAnime]] = {rating: [] for rating in Rating}
    for node in nodes:
        by_rating[_rating(node)].append(ListedAnime(node["id"], _slug(_text(node.get("title")))))
    return Ranking(
        Outcome.OK if rows else Outcome.EMPTY,
        tuple(by_rating[Rating.RATED]),
        tuple(by_rating[Rating.RX]),
        (*by_rating[Rating.UNRATED], *by_rating[Rating.UNKNOWN]),
        len(rows),
        _next_offset(answer.get("paging")),
    )


def parse_pictures(body: bytes, url: str) -> Pictures:
    """Parse one anime; EMPTY only if the response is for that anime and lists no pictures."""
    answer = _answer(body)
    asked = re.search(r"/anime/([0-9]+)", url)
    if answer.get("id") is None or asked is None:
        return Pictures(_outcome(answer))
    listed = answer.get("pictures")
    if not _is_id(answer["id"]) or answer["id"] != int(asked[1]) or not isinstance(listed, list):
        return Pictures(Outcome.UNKNOWN)
    main = answer.get("main_picture")
    links = [link for one in [*([main] if main else []), *listed] if not _PLACEHOLDER.search(link := _link(one))]
    found: dict[tuple[int, int], str] = {}
    for link in links:
        if (one := picture_in(link)) is not None:
            found.setdefault(*one)
    if links and not found:
        return Pictures(Outcome.UNKNOWN)
    return Pictures(Outcome.OK if found else Outcome.EMPTY, tuple(found), tuple(found.values()), _rating(answer))


def _node(row: object) -> dict[str, Any] | None:
    """Return the anime of an entry; None if unreadable."""
    node = row.get("node") if isinstance(row, dict) else None
    return node if isinstance(node, dict) and _is_id(node.get("id")) else None


def _is_id(value: object) -> bool:
    """Return whether the value is an anime id that fits tables and poster names (`true` is not an id)."""
    return type(value) is int and 1 <= value <= _LARGEST_ID


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _rating(node: dict[str, Any]) -> Rating:
    """Return the rating of an entry; without one, `nsfw` decides only the unambiguous cases.

    Any rating that is not one of the API's own values is UNKNOWN: the anime waits.
    """
    given = node.get("rating")
    rating, nsfw = (_text(value).strip().lower() for value in (given, node.get("nsfw")))
    if rating_of(rating) is Rating.RX or nsfw == _EXCLUDED_NSFW:
        return Rating.RX
    if rating or given not in (None, ""):
        return Rating.RATED if rating in _RATINGS else Rating.UNKNOWN
    if nsfw == _ALLOWED_NSFW:
        return Rating.RATED
    return Rating.UNRATED if nsfw else Rating.UNKNOWN


def _next_offset(paging: object) -> int | None:
    address = paging.get("next") if isinstance(paging, dict) else None
    try:
        offsets = parse_qs(urlsplit(_text(address)).query).get("offset", [])
    except ValueError:  # not an address
        return None
    return int(offsets[0]) if len(offsets) == 1 and re.fullmatch("[0-9]{1,9}", offsets[0]) else None


def _link(entry: object) -> str:
    return (_text(entry.get("large")) or _text(entry.get("medium"))) if isinstance(entry, dict) else ""


def _answer(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _outcome(answer: dict[str, Any]) -> Outcome:
    return Outcome.NOT_FOUND if answer.get("error") == "not_found" else Outcome.UNKNOWN


def _slug(title: str) -> str:
    return re.sub(r"[^\w☆½°!-]", "_", title, flags=re.ASCII)
