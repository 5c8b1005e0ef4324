"""The anime in MAL's state: recorded from listings, and returned as rows of the catalog. No requests here."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from lap_assets.sites.mal import PICTURES_KIND, ListedAnime
from lap_assets.sites.ratings import Rating
from lap_assets.sites.state import RATING_KNOWN, RATING_OPEN, SiteState


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """An anime of MAL; times in Unix seconds.

    `excluded`: rated Rx by its own page, or listed as Rx and not read yet. `is_rated`: its own page (or the API) gives
    another rating. `listed_as`: the rating in the listing or the ranking ("rx", "rated", "").
    """

    mal_id: int
    slug: str
    excluded: bool
    first_seen: float
    last_seen: float
    is_rated: bool = True
    listed_as: str = ""


def catalog(state: SiteState) -> list[CatalogRow]:
    """Return all anime except those for which no Rx listing was read yet, by id."""
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
    """Record that these anime are listed, in the caller's transaction; `excluded`: in the Rx listing.

    `names`: the slugs are MAL's own and replace known ones; an empty slug never does. `rating`: how far the Rx listing
    was read for these anime; a higher known value stays. An anime with another rating on its own page is read again
    once it appears in the Rx listing: only that page decides.
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
    """Record ratings from the API's ranking, in the caller's transaction; they count like the anime's own pages."""
    see(state, anime, excluded=False, names=False, rating=RATING_KNOWN)
    now = time.time()
    state.db.executemany(
        "UPDATE anime SET told = ?2, told_at = ?3, listed = ?2, excluded = ?4 WHERE mal_id = ?1",
        [(row.mal_id, rating.value, now, rating is Rating.RX) for row in anime],
    )


def note_unrated(state: SiteState, anime: Sequence[ListedAnime]) -> None:
    """Record anime without a rating in the API, in the caller's transaction: they wait, unless a rating was known."""
    see(state, anime, excluded=False, names=False)
    state.db.executemany(
        "UPDATE anime SET told = coalesce(told, 'unrated') WHERE mal_id = ?", [(row.mal_id,) for row in anime]
    )
