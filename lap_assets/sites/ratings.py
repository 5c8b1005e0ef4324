"""What each anime's own page (or the API) says of its rating, kept in MAL's state: what decides who is published.

The listing's filter for Rx is a hint that saves requests; it is kept beside (`anime.excluded`) and decides nothing. An
anime is published once it is RATED. Whoever is UNRATED waits, and so does everybody whose page was not read yet.
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
# A rating stands alone, or with words behind a dash or in brackets: "R x" and "R/Rx" are none.
_RATED: Final = re.compile(
    r"(?:G|PG|PG-13|R|R\+)(?=$|\s+[-\N{EN DASH}\N{EM DASH}]\s|\s*\()(?!\W+(?:rx|hentai)\b)", re.IGNORECASE
)
_UNRATED: Final = ("none", "n/a", "unknown", "not rated", "not yet rated")


class Rating(StrEnum):
    """RX is never published; RATED is any other rating; UNRATED: the site says that it has none; UNKNOWN: not told."""

    RX = "rx"
    RATED = "rated"
    UNRATED = "unrated"
    UNKNOWN = "unknown"


def rating_of(text: str) -> Rating:
    """The rating that a page words as `text`, such as "R - 17+ (violence & profanity)" or "Rx - Hentai"."""
    plain = unicodedata.normalize("NFKC", text)  # what looks the same is the same; what is not seen is not there
    said = " ".join("".join(letter for letter in plain if unicodedata.category(letter) != "Cf").split())
    if _RX.match(said):
        return Rating.RX
    if said.lower() in _UNRATED:
        return Rating.UNRATED
    return Rating.RATED if _RATED.match(said) else Rating.UNKNOWN


def of_all(texts: Iterable[str]) -> Rating:
    """The rating of a page that words it in all these places; UNKNOWN where they contradict each other."""
    found = {rating_of(text) for text in texts} - {Rating.UNKNOWN}
    if Rating.RX in found:
        return Rating.RX
    return found.pop() if len(found) == 1 else Rating.UNKNOWN


def learn(state: SiteState, mal_id: int, rating: Rating, *, slug: str = "") -> Rating:
    """Records in the caller's transaction what an anime's own page says; returns what counts from now on.

    UNRATED takes nothing back: a rating that was cleared does not say that it was wrong. UNKNOWN changes nothing.
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
    """Counts anime as rated, in the caller's transaction, whose posters somebody had; their own pages correct it."""
    now = time.time()
    state.db.executemany(
        "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, told) VALUES (?1, '', 0, ?2, ?2, 'rated')"
        " ON CONFLICT (mal_id) DO UPDATE SET told = coalesce(told, 'rated')",
        [(mal_id, now) for mal_id in mal_ids],
    )


def rating_told(state: SiteState, mal_id: int) -> Rating:
    """What counts for an anime: what its page said last; UNKNOWN where it was not read."""
    for (said,) in state.rows("SELECT told FROM anime WHERE mal_id = ? AND told IS NOT NULL", mal_id):
        return Rating(said)
    return Rating.UNKNOWN


def told(state: SiteState, rating: Rating) -> set[int]:
    """The MAL ids of all anime whose pages say so."""
    return {mal_id for (mal_id,) in state.rows("SELECT mal_id FROM anime WHERE told = ?", rating.value)}


def ratings_of(state: SiteState, mal_ids: Iterable[int]) -> pl.DataFrame:
    """What counts for each of the anime, by id: `mal_id`, `rating`; those whose pages were not read are left out."""
    wanted = set(mal_ids)
    found = state.rows("SELECT mal_id, told FROM anime WHERE told IS NOT NULL ORDER BY mal_id")
    rows = [(mal_id, said) for mal_id, said in found if mal_id in wanted]
    return pl.DataFrame(rows, schema={"mal_id": pl.Int64, "rating": pl.String}, orient="row")


def waiting(state: SiteState, mal_ids: Sequence[int]) -> list[int]:
    """Those of the anime that wait: unrated, or with a page that was not read."""
    settled = told(state, Rating.RATED) | told(state, Rating.RX)
    return [mal_id for mal_id in mal_ids if mal_id not in settled]


def with_ratings(catalog: pl.DataFrame, state: SiteState) -> pl.DataFrame:
    """MAL's catalog with `excluded` as it is known now; the table may be older than what the pages said since.

    True: rated Rx, or listed as such and not read yet; False: rated otherwise; null: not known.
    """
    rx, rated = (pl.Series(sorted(told(state, one)), dtype=pl.Int64) for one in (Rating.RX, Rating.RATED))
    hinted = pl.when(pl.col("excluded")).then(pl.lit(value=True))
    known = (
        pl.when(pl.col("mal_id").is_in(rx.implode()))
        .then(pl.lit(value=True))
        .when(pl.col("mal_id").is_in(rated.implode()))
        .then(pl.lit(value=False))
        .otherwise(hinted)
    )
    return catalog.with_columns(known.alias("excluded"))
