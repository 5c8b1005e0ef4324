"""Manifests: tables of the raw posters in the store, built from a site's state and the files."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import polars as pl

from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS, first_ids, subfolder_of
from lap_assets.posters.picture_rows import names_in
from lap_assets.sites.ratings import Rating, ids_rated
from lap_assets.sites.state import SiteState

SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "name": pl.String,
    "mal_id": pl.Int64,
    "source": pl.String,
    "url": pl.String,
    "bytes": pl.Int64,
    "sha256": pl.String,
    "width": pl.Int32,
    "height": pl.Int32,
    "fetched_at": pl.Datetime("ms", "UTC"),
    "gone_since": pl.Datetime("ms", "UTC"),
    "subfolder": pl.String,
}


def manifest(state: SiteState, pages: Iterable[tuple[int, int]], home: Home) -> pl.DataFrame:
    """Return the posters held from these pages, given as (page id, MAL id); one row per poster, sorted by name.

    A poster whose file is missing is left out: the next scrape fetches it again. On a site with ratings, posters of
    anime that are not RATED are left out too.
    """
    selected = set(pages)
    if state.site.rates:
        rated = ids_rated(state, Rating.RATED)
        selected = {(page, mal_id) for page, mal_id in selected if mal_id in rated}
    found = state.rows(
        "SELECT name, page, mal_id, url, bytes, sha256, width, height, fetched_at, gone_since FROM pictures"
        " WHERE sha256 IS NOT NULL ORDER BY name"
    )
    present: dict[str, set[str]] = {}
    rows = []
    for name, page, mal_id, url, size, sha256, width, height, fetched_at, gone_since in found:
        if (page, mal_id) not in selected:
            continue
        subfolder = subfolder_of(mal_id)
        if subfolder not in present:
            present[subfolder] = names_in(home, subfolder)
        if name not in present[subfolder]:
            continue
        moments = (_moment(fetched_at), _moment(gone_since))
        rows.append((name, mal_id, state.site.key, url, size, sha256, width, height, *moments, subfolder))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def together(manifests: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several manifests as one table, in their order; columns missing in older homes are added."""
    return pl.concat([with_subfolder(table) for table in manifests])


def with_subfolder(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table with `subfolder` as its last column, computed from `mal_id` if missing."""
    if "subfolder" in table.columns:
        return table
    after = [first for _, first in first_ids()[1:]]
    cut = pl.col("mal_id").cut([float(first - 1) for first in after], labels=list(SUBFOLDERS))
    return table.with_columns(cut.cast(pl.String).alias("subfolder"))


def problems(state: SiteState, pages: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    """Return the pictures of these pages that could not be fetched, as (name, problem)."""
    selected = set(pages)
    found = state.rows("SELECT name, page, mal_id, problem FROM pictures WHERE problem IS NOT NULL ORDER BY name")
    return [(name, problem) for name, page, mal_id, problem in found if (page, mal_id) in selected]


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
