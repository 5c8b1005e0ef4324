"""MyAnimeList's official API v2: addresses and parsers of its answers. JSON in, typed results out; no requests here.

The ranking by popularity holds every anime, with its rating; `fields=pictures` of one anime holds its pictures. Both
need a client id, which goes out in a header and to this host alone.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from lap_assets.sites.mal import API_HOST, PICTURE, ListedAnime, Pictures
from lap_assets.sites.outcomes import Outcome

ROWS_PER_PAGE: Final = 500
_ROOT: Final = f"https://{API_HOST}/v2/anime"
_EXCLUDED_RATING: Final = "rx"
_EXCLUDED_NSFW: Final = "black"


@dataclass(frozen=True, slots=True)
class Ranking:
    """A page of the ranking: the anime that have a rating, the excluded ones apart. `is_last`: none comes after."""

    outcome: Outcome
    anime: tuple[ListedAnime, ...] = ()
    excluded: tuple[ListedAnime, ...] = ()
    is_last: bool = False


def ranking_url(offset: int) -> str:
    """The ranking by popularity from row `offset` on, with what decides whether an anime is excluded."""
    return (
        f"{_ROOT}/ranking?ranking_type=bypopularity&limit={ROWS_PER_PAGE}&offset={offset}&nsfw=true&fields=rating,nsfw"
    )


def pictures_url(mal_id: int) -> str:
    """One anime with its pictures."""
    return f"{_ROOT}/{mal_id}?fields=pictures"


def parse_ranking(body: bytes, url: str) -> Ranking:  # noqa: ARG001 - one signature for all parsers
    """Reads a page of the ranking. An anime without a rating is left out: it may be one that is excluded."""
    answer = _answer(body)
    rows = answer.get("data")
    if not isinstance(rows, list):
        return Ranking(_outcome(answer))
    allowed: list[ListedAnime] = []
    excluded: list[ListedAnime] = []
    for row in rows:
        node = row.get("node") if isinstance(row, dict) else None
        if not isinstance(node, dict) or not isinstance(node.get("id"), int) or node["id"] < 1:
            return Ranking(Outcome.UNKNOWN)
        listed = ListedAnime(node["id"], _slug(str(node.get("title") or "")))
        rating, nsfw = node.get("rating"), node.get("nsfw")
        if rating == _EXCLUDED_RATING or nsfw == _EXCLUDED_NSFW:
            excluded.append(listed)
        elif rating or nsfw:
            allowed.append(listed)
    paging = answer.get("paging")
    is_last = not (isinstance(paging, dict) and paging.get("next"))
    return Ranking(Outcome.OK if rows else Outcome.EMPTY, tuple(allowed), tuple(excluded), is_last)


def parse_pictures(body: bytes, url: str) -> Pictures:
    """Reads one anime; EMPTY only where the answer is that anime's and lists its pictures."""
    answer = _answer(body)
    asked = re.search(r"/anime/([0-9]+)", url)
    if answer.get("id") is None or asked is None:
        return Pictures(_outcome(answer))
    listed = answer.get("pictures")
    if answer["id"] != int(asked[1]) or not isinstance(listed, list):
        return Pictures(Outcome.UNKNOWN)
    main = answer.get("main_picture")
    found = [_picture(one) for one in [*([main] if main else []), *listed]]
    if None in found:
        return Pictures(Outcome.UNKNOWN)
    pictures = tuple(dict.fromkeys(one for one in found if one is not None))
    return Pictures(Outcome.OK if pictures else Outcome.EMPTY, pictures)


def _picture(entry: object) -> tuple[int, int] | None:
    address = (entry.get("large") or entry.get("medium")) if isinstance(entry, dict) else None
    match = PICTURE.search(str(address))
    return (int(match[1]), int(match[2])) if match else None


def _answer(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _outcome(answer: dict[str, Any]) -> Outcome:
    return Outcome.NOT_FOUND if answer.get("error") == "not_found" else Outcome.UNKNOWN


def _slug(title: str) -> str:
    return re.sub(r"[^\w☆½°!-]", "_", title, flags=re.ASCII)
