"""The pictures in a site's state file: held, delisted, and failed ones."""

import os
import time
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import subfolder_of
from lap_assets.posters.store import StoredPicture
from lap_assets.sites.failures import failures
from lap_assets.sites.state import SiteState


@dataclass(frozen=True, slots=True)
class Fetched:
    """Result for one picture: stored, or the problem."""

    name: PosterName
    url: str
    stored: StoredPicture | None = None
    fetched_at: float | None = None
    problem: str | None = None
    delisted: bool = False


def known(state: SiteState, mal_id: int) -> dict[PosterName, Fetched]:
    """Return the pictures of an anime that were stored, by name."""
    found = state.rows(
        "SELECT name, url, sha256, bytes, width, height, fetched_at, gone_since FROM pictures"
        " WHERE mal_id = ? AND sha256 IS NOT NULL",
        mal_id,
    )
    held = {}
    for name, url, sha256, size, width, height, at, gone in found:
        parsed = PosterName.parse(name)
        held[parsed] = Fetched(parsed, url, StoredPicture(sha256, size, width, height), at, delisted=gone is not None)
    return held


def keep(state: SiteState, page: int, fetched: Iterable[Fetched]) -> None:
    """Record the results, in the caller's transaction; a picture counts as listed unless marked as delisted."""
    for one in fetched:
        stored = one.stored
        state.db.execute(
            "INSERT INTO pictures (name, page, mal_id, url, sha256, bytes, width, height, fetched_at, problem, failed)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10 IS NOT NULL)"
            " ON CONFLICT (name) DO UPDATE SET page = ?2, url = ?4, sha256 = coalesce(?5, sha256),"
            " bytes = coalesce(?6, bytes), width = coalesce(?7, width), height = coalesce(?8, height),"
            " fetched_at = coalesce(?9, fetched_at), problem = ?10,"
            " failed = CASE WHEN ?10 IS NULL THEN 0 ELSE failed + 1 END,"
            " gone_since = CASE WHEN ?11 THEN gone_since END",
            (
                str(one.name),
                page,
                one.name.mal_id,
                one.url,
                stored.sha256 if stored else None,
                stored.bytes if stored else None,
                stored.width if stored else None,
                stored.height if stored else None,
                one.fetched_at,
                one.problem,
                one.delisted,
            ),
        )
        if one.problem is None:
            state.db.execute("DELETE FROM failures WHERE address = ?", (one.url,))


def present(state: SiteState, page: int, mal_id: int) -> set[str]:
    """Return the names of this page's pictures that are still listed."""
    held = state.rows("SELECT name FROM pictures WHERE page = ? AND mal_id = ? AND gone_since IS NULL", page, mal_id)
    return {name for (name,) in held}


def has_missing(state: SiteState, page: int, mal_id: int, listed: AbstractSet[str]) -> bool:
    """Return whether a picture that this page lists could not be fetched, and may be tried again at once."""
    return any(name in listed for name, _ in _missing(state, [mal_id], page))


def pages_with_missing(state: SiteState, anime: Sequence[int]) -> set[int]:
    """Return the pages of these anime with a picture that could not be fetched, and whose wait is over."""
    known = set(failures(state))  # a picture without a failure waits until its page is read again
    return {page for _, (page, url) in _missing(state, anime) if url in known}


def _missing(state: SiteState, anime: Sequence[int], page: int | None = None) -> list[tuple[str, tuple[int, str]]]:
    found = state.rows(
        "SELECT name, pictures.page, url, mal_id FROM pictures LEFT JOIN failures ON address = url"
        " WHERE problem IS NOT NULL AND gone_since IS NULL AND mal_id BETWEEN ? AND ?"
        " AND (until IS NULL OR NOT (failures.tried_at <= ? AND ? < until))",
        min(anime, default=0), max(anime, default=0), now := time.time(), now,
    )  # fmt: skip
    selected = set(anime)
    return [(name, (at, url)) for name, at, url, mal_id in found if mal_id in selected and page in (None, at)]


def mark_delisted(state: SiteState, page: int, mal_id: int, listed: AbstractSet[str]) -> None:
    """Mark the pictures that this page no longer lists as delisted, in the caller's transaction."""
    now = time.time()
    delisted = sorted(present(state, page, mal_id) - listed)
    state.db.executemany("UPDATE pictures SET gone_since = ? WHERE name = ?", [(now, name) for name in delisted])


def pages_with_lost_files(state: SiteState, anime: Sequence[int], home: Home) -> set[int]:
    """Return the pages of these anime with pictures that were stored but whose files are missing."""
    selected = set(anime)
    found = state.rows(
        "SELECT name, page, mal_id FROM pictures WHERE mal_id BETWEEN ? AND ?"
        " AND sha256 IS NOT NULL AND gone_since IS NULL AND problem IS NULL",
        min(selected, default=0),
        max(selected, default=0),
    )
    held = [(name, page, subfolder_of(mal_id)) for name, page, mal_id in found if mal_id in selected]
    present = {folder: names_in(home, folder) for folder in {folder for _, _, folder in held}}
    return {page for name, page, folder in held if name not in present[folder]}


def names_in(home: Home, subfolder: str) -> set[str]:
    """Return the file names in a subfolder of the store; none if the folder does not exist."""
    try:
        return set(os.listdir(home.posters / subfolder))  # noqa: PTH208 - only names, of tens of thousands of files
    except FileNotFoundError:
        return set()
