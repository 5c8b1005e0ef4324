"""The anime in MAL's state: seen in listings, and as rows of the catalog. Nothing is asked here."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from lap_assets.sites.mal import PICTURES_KIND, ListedAnime
from lap_assets.sites.ratings import Rating
from lap_assets.sites.state import RATING_KNOWN, RATING_OPEN, SiteState


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """An anime of MAL; times in Unix seconds.

    `excluded`: rated Rx by its own page, or only listed as such and not read yet. `is_rated`: whether its own page (or
    the API) says that it is rated otherwise. `listed_as`: what the listing or the ranking says ("rx", "rated", "").
    """

    mal_id: int
    slug: str
    excluded: bool
    first_seen: float
    last_seen: float
    is_rated: bool = True
    listed_as: str = ""


def catalog(state: SiteState) -> list[CatalogRow]:
    """All anime but those that no listing of Rx was read for yet, by id."""
    rows = state.rows(
        "SELECT mal_id, slug, CASE told WHEN 'rx' THEN 1 WHEN 'rated' THEN 0 ELSE excluded END, first_seen, last_seen,"
        " told IS 'rated', iif(listed = '' AND excluded, 'rx', listed)"
        " FROM anime WHERE excluded OR rating = ? OR told IS NOT NULL ORDER BY mal_id",
        RATING_KNOWN,
    )
    return [
        CatalogRow(mal_id, slug, bool(excluded), first, last, bool(is_rated), listed_as)
        for mal_id, slug, excluded, first, last, is_rated, listed_as in rows
    ]


def see(
    state: SiteState,
    anime: Sequence[ListedAnime],
    *,
    excluded: bool,
    names: bool = True,
    rating: int = RATING_OPEN,
) -> None:
    """Records that these anime are listed, in the caller's transaction; `excluded`: in the listing of Rx.

    `names`: whether their slugs are MAL's own, and replace those that are known; an empty one never does. `rating`: how
    far the listing of Rx was read for them; what was known before stays. An anime whose own page says otherwise is read
    again once it appears in the listing of Rx: only that page decides.
    """
    now = time.time()
    if excluded:
        state.db.executemany(
            "UPDATE pages SET visited_at = NULL WHERE kind = ? AND id = ?"
            " AND id IN (SELECT mal_id FROM anime WHERE mal_id = ?2 AND told = 'rated' AND NOT excluded)",
            [(PICTURES_KIND, row.mal_id) for row in anime],
        )
    state.db.executemany(
        "INSERT INTO anime (mal_id, slug, excluded, first_seen, last_seen, rating, hinted_at)"
        " VALUES (?1, ?2, ?3, ?4, ?4, ?6, iif(?3, ?4, NULL))"
        " ON CONFLICT (mal_id) DO UPDATE SET slug = iif(?5 AND ?2 <> '', ?2, slug), last_seen = ?4,"
        " hinted_at = iif(?3 AND NOT excluded, ?4, hinted_at), excluded = excluded OR ?3, rating = max(rating, ?6)",
        [(row.mal_id, row.slug, excluded, now, names, rating) for row in anime],
    )


def rate(state: SiteState, anime: Sequence[ListedAnime], rating: Rating) -> None:
    """Records, in the caller's transaction, what the API's ranking says: it counts like their own pages."""
    see(state, anime, excluded=False, names=False, rating=RATING_KNOWN)
    now = time.time()
    state.db.executemany(
        "UPDATE anime SET told = ?2, told_at = ?3, listed = ?2, excluded = ?4 WHERE mal_id = ?1",
        [(row.mal_id, rating.value, now, rating is Rating.RX) for row in anime],
    )


def note_unrated(state: SiteState, anime: Sequence[ListedAnime]) -> None:
    """Records, in the caller's transaction, anime of which the API says no rating: they wait, unless one was known."""
    see(state, anime, excluded=False, names=False)
    state.db.executemany(
        "UPDATE anime SET told = coalesce(told, 'unrated') WHERE mal_id = ?", [(row.mal_id,) for row in anime]
    )
