"""Rebuild a site's state from manifests, catalogs and the store, so that no held poster is fetched again.

Lost information (when pages without posters were read, the progress of a crawl) makes the work due again.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import polars as pl

from lap_assets.core.errors import NameInvalid, PictureError, TableError
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.pictures.gate import Limits
from lap_assets.posters.picture_rows import Fetched, keep, names_in
from lap_assets.posters.store import StoredPicture, check_picture
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import record_read
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.state import SiteState
from lap_assets.table_files import read_table

_MANIFEST: Final = ["name", "url", "bytes", "sha256", "width", "height", "fetched_at", "gone_since"]


def relearn(home: Home, spec: SiteSpec, limits: Limits) -> int:
    """Fill a new state file of the site; return the number of posters in it."""
    by_page: defaultdict[int, list[Fetched]] = defaultdict(list)
    delisted: list[tuple[float, str]] = []
    for one, delisted_since in _held(home, spec, limits):
        by_page[spec.posters.page_of(one.name)].append(one)
        if delisted_since is not None:
            delisted.append((delisted_since, str(one.name)))
    with SiteState(home.state, spec.site) as state, state.transaction():
        for page, fetched in by_page.items():
            keep(state, page, fetched)
            listed = sorted(str(one.name) for one in fetched if not one.delisted)
            when = [one.fetched_at for one in fetched if one.fetched_at is not None]
            if when:
                record_read(state, spec.posters.page_kind, page, Outcome.OK, listed, at=max(when))
        state.db.executemany("UPDATE pictures SET gone_since = ? WHERE name = ?", delisted)
        _relearn_catalog(home, spec, state)
    return sum(map(len, by_page.values()))


def _held(home: Home, spec: SiteSpec, limits: Limits) -> Iterator[tuple[Fetched, float | None]]:
    """Yield every poster of the site in the store, and since when it is delisted (Unix seconds), or None."""
    for key in SUBFOLDERS:
        known = _manifest(home, spec, key)
        for file in sorted(names_in(home, key)):
            try:
                name = PosterName.parse(file)
            except NameInvalid:
                continue
            if name.source != spec.key:
                continue
            if file in known:
                yield _fetched(name, known[file])
            elif (picture := _picture(home, name, limits)) is not None:
                yield Fetched(name, name.image_url, picture, home.poster(name).stat().st_mtime), None


def _manifest(home: Home, spec: SiteSpec, key: str) -> dict[str, tuple[Any, ...]]:
    """Return the manifest rows of a subfolder by file name; empty if there is no readable table."""
    path = home.tables / spec.entry.posters_asset / f"{key}.parquet"
    try:
        table = read_table(path, _MANIFEST)
    except TableError:
        return {}
    return {row[0]: row[1:] for row in table.select(_MANIFEST).iter_rows()}


def _fetched(name: PosterName, row: tuple[Any, ...]) -> tuple[Fetched, float | None]:
    url, size, sha256, width, height, fetched_at, gone_since = row
    delisted_since = _seconds(gone_since)
    stored = StoredPicture(sha256, size, width, height)
    return Fetched(name, url, stored, _seconds(fetched_at), delisted=delisted_since is not None), delisted_since


def _picture(home: Home, name: PosterName, limits: Limits) -> StoredPicture | None:
    try:
        return check_picture(home.poster(name).read_bytes(), limits)
    except (PictureError, OSError):
        return None


def _relearn_catalog(home: Home, spec: SiteSpec, state: SiteState) -> None:
    path = home.tables / f"{spec.entry.catalog_asset}.parquet"
    if spec.catalog.relearn is None:
        return
    try:
        table: pl.DataFrame = read_table(path)
    except TableError:
        return
    spec.catalog.relearn(state, table, path.stat().st_mtime)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
