"""The catalogs as tables, and which World Art animation belongs to which anime of a subfolder."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import polars as pl

from lap_assets.core.subfolders import id_range
from lap_assets.sites.mal_listing_crawl import CatalogRow
from lap_assets.sites.wa_id_crawl import WaRow

MAL_SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "mal_id": pl.Int64,
    "slug": pl.String,
    "excluded": pl.Boolean,
    "first_seen": pl.Datetime("ms", "UTC"),
    "last_seen": pl.Datetime("ms", "UTC"),
}
WA_SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "wa_id": pl.Int64,
    "mal_id": pl.Int64,
    "title": pl.String,
    "work_type": pl.String,
    "genre": pl.String,
    "release": pl.String,
    "score": pl.Float64,
    "top_place": pl.Int64,
}


def mal_table(rows: Sequence[CatalogRow]) -> pl.DataFrame:
    """A row an anime, by id."""
    times = {"first_seen": pl.Float64, "last_seen": pl.Float64}
    frame = pl.DataFrame([asdict(row) for row in rows], schema={**MAL_SCHEMA, **times})
    moments = [pl.from_epoch((pl.col(name) * 1000).cast(pl.Int64), "ms").cast(MAL_SCHEMA[name]) for name in times]
    return frame.with_columns(moments).sort("mal_id")


def wa_table(rows: Sequence[WaRow]) -> pl.DataFrame:
    """A row an animation, by id."""
    return pl.DataFrame([asdict(row) for row in rows], schema=WA_SCHEMA).sort("wa_id")


def of_subfolder(mal: pl.DataFrame, subfolder: str) -> pl.DataFrame:
    """The anime of a subfolder that are not excluded."""
    first, after = id_range(subfolder)
    inside = pl.col("mal_id") >= first
    if after is not None:
        inside &= pl.col("mal_id") < after
    return mal.filter(inside & ~pl.col("excluded")).sort("mal_id")


def match(mal: pl.DataFrame, wa: pl.DataFrame, subfolder: str) -> pl.DataFrame:
    """Pairs (mal_id, wa_id) of a subfolder, sorted.

    An anime that MAL does not list has no known rating, so it does not pass, like an excluded one.
    """
    linked = wa.filter(pl.col("mal_id").is_not_null()).select("mal_id", "wa_id")
    return of_subfolder(mal, subfolder).select("mal_id").join(linked, on="mal_id").sort("mal_id", "wa_id")
