"""Ratings from each anime's own page (or the API), kept in MAL's state; they decide what is published.

The Rx filter of the listing is a hint that saves requests; it is kept apart (`anime.excluded`) and decides nothing. An
anime is published once it is RATED. An UNRATED anime waits, and so does one whose page was not read yet.
"""

import re
import time
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

import polars as pl

from lap_assets.sites.state import SiteState

_RX: Final = re.compile(r"rx\b|hentai\b", re.IGNORECASE)
# A rating alone, or followed by words after a dash or in parentheses; "R x" and "R/Rx" are not ratings.
_RATED: Final = re.compile(
    r"(?:G|PG|PG-13|R|R\+)(?=$|\s+[-\N{EN DASH}\N{EM DASH}]\s|\s*\()(?!\W+(?:rx|hentai)\b)", re.IGNORECASE
)
_UNRATED: Final = ("none", "n/a", "unknown", "not rated", "not yet rated")


class Rating(StrEnum):
    """RX is never published. RATED: any other rating. UNRATED: the site states that it has none. UNKNOWN: unread."""

    RX = "rx"
    RATED = "rated"
    UNRATED = "unrated"
    UNKNOWN = "unknown"


def rating_of(text: str) -> Rating:
    """Return the rating for a page's text, such as "R - 17+ (violence & profanity)" or "Rx - Hentai"."""
    plain = unicodedata.normalize("NFKC", text)  # unify look-alikes; invisible characters are dropped below
    words = " ".join("".join(letter for letter in plain if unicodedata.category(letter) != "Cf").split())
    if _RX.match(words):
        return Rating.RX
    if words.lower() in _UNRATED:
        return Rating.UNRATED
    return Rating.RATED if _RATED.match(words) else Rating.UNKNOWN


def of_all(texts: Iterable[str]) -> Rating:
    """Return the rating of a page that states it in several places; UNKNOWN if they contradict each other."""
    found = {rating_of(text) for text in texts} - {Rating.UNKNOWN}
    if Rating.RX in found:
        return Rating.RX
    return found.pop() if len(found) == 1 else Rating.UNKNOWN


def learn(state: SiteState, mal_id: int, rating: Rating, *, slug: str = "") -> Rating:
    """Record the rating on an anime's own page, in the caller's transaction; return the rating that counts from now.

    UNRATED does not replace a known rating: a cleared rating was not necessarily wrong. UNKNOWN changes nothing.
    """
    now = time.time()
    if rating is not Rating.UNKNOWN:
        state.db.execute(
            "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, told, told_at)"
            " VALUES (?1, ?2, 0, ?3, ?3, ?4, ?3)"
            " ON CONFLICT (mal_id) DO UPDATE SET told_at = ?3,"
            " told = iif(?4 = 'unrated' AND told IN ('rx', 'rated'), told, ?4)",
            (mal_id, slug, now, rating.value),
        )
    return rating_told(state, mal_id)


def learn_adopted(state: SiteState, mal_ids: Iterable[int]) -> None:
    """Record anime of adopted posters as rated, in the caller's transaction, until their own pages are read."""
    now = time.time()
    state.db.executemany(
        "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, told) VALUES (?1, '', 0, ?2, ?2, 'rated')"
        " ON CONFLICT (mal_id) DO UPDATE SET told = coalesce(told, 'rated')",
        [(mal_id, now) for mal_id in mal_ids],
    )


def rating_told(state: SiteState, mal_id: int) -> Rating:
    """Return the rating that counts for an anime: the last one on its page; UNKNOWN if the page was not read."""
    for (rating,) in state.rows("SELECT told FROM anime WHERE mal_id = ? AND told IS NOT NULL", mal_id):
        return Rating(rating)
    return Rating.UNKNOWN


def ids_rated(state: SiteState, rating: Rating) -> set[int]:
    """Return the MAL ids of all anime with this rating on their own pages."""
    return {mal_id for (mal_id,) in state.rows("SELECT mal_id FROM anime WHERE told = ?", rating.value)}


def ratings_of(state: SiteState, mal_ids: Iterable[int]) -> pl.DataFrame:
    """Return the ratings that count, by id: columns `mal_id`, `rating`; anime with unread pages are left out."""
    selected = set(mal_ids)
    found = state.rows("SELECT mal_id, told FROM anime WHERE told IS NOT NULL ORDER BY mal_id")
    rows = [(mal_id, rating) for mal_id, rating in found if mal_id in selected]
    return pl.DataFrame(rows, schema={"mal_id": pl.Int64, "rating": pl.String}, orient="row")


def waiting(state: SiteState, mal_ids: Sequence[int]) -> list[int]:
    """Return the anime that wait: unrated, or with an unread page."""
    settled = ids_rated(state, Rating.RATED) | ids_rated(state, Rating.RX)
    return [mal_id for mal_id in mal_ids if mal_id not in settled]


def with_ratings(catalog: pl.DataFrame, state: SiteState) -> pl.DataFrame:
    """Return MAL's catalog with `excluded` as known now, since pages may have been read after the table was written.

    True: rated Rx, or listed as Rx and not read yet; False: another rating; null: unknown.
    """
    rx, rated = (pl.Series(sorted(ids_rated(state, one)), dtype=pl.Int64) for one in (Rating.RX, Rating.RATED))
    hinted = pl.when(pl.col("excluded")).then(pl.lit(value=True))
    known = (
        pl.when(pl.col("mal_id").is_in(rx.implode()))
        .then(pl.lit(value=True))
        .when(pl.col("mal_id").is_in(rated.implode()))
        .then(pl.lit(value=False))
        .otherwise(hinted)
    )
    return catalog.with_columns(known.alias("excluded"))
