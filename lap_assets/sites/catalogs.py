"""Queries on the catalog tables: the anime of a subfolder, and the animations that belong to them."""

import polars as pl

from lap_assets.core.subfolders import id_range


def of_subfolder(mal: pl.DataFrame, subfolder: str) -> pl.DataFrame:
    """Return the anime of a subfolder that are known not to be excluded, by id."""
    return all_of_subfolder(mal, subfolder).filter(~pl.col("excluded"))


def all_of_subfolder(mal: pl.DataFrame, subfolder: str) -> pl.DataFrame:
    """Return the anime of a subfolder, by id."""
    first, after = id_range(subfolder)
    inside = pl.col("mal_id") >= first
    if after is not None:
        inside &= pl.col("mal_id") < after
    return mal.filter(inside).sort("mal_id")


def match(mal: pl.DataFrame, wa: pl.DataFrame, subfolder: str) -> pl.DataFrame:
    """Return the pairs (mal_id, wa_id) of a subfolder, sorted.

    An anime that MAL does not list has no known rating, so it is left out, like an excluded one.
    """
    linked = wa.filter(pl.col("mal_id").is_not_null()).select("mal_id", "wa_id")
    return of_subfolder(mal, subfolder).select("mal_id").join(linked, on="mal_id").sort("mal_id", "wa_id")
