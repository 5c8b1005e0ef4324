"""Which rule covers which pair. Belongs here: ranges applied to distances; what follows is in `resolution`."""

from typing import Final

import polars as pl

from lap_assets.core.errors import TableError
from lap_assets.duplicates.rules import Range, Rule, Rules
from lap_assets.duplicates.tables import PAIRS, require_columns

COVERED: Final = pl.Schema(
    {
        "first": pl.String,
        "second": pl.String,
        "rule": pl.String,
        "action": pl.String,
        "measure": pl.String,
        "distance": pl.Float64,
        "share": pl.Float64,
        "likely": pl.Boolean,
        "rule_number": pl.UInt32,
        "range_number": pl.UInt32,
    }
)
"""A row for each pair, rule and range of the rule that the pair lies in. `share` is the distance as a part of the
range's upper end, so that measures can be compared; `likely`: within the bound up to which the rule calls a pair very
likely; the numbers give the table's order."""


def readable_pairs(pairs: pl.DataFrame, readable: pl.DataFrame) -> pl.DataFrame:
    """`PAIRS` between posters of `readable`, first < second, each once, with `same` (the same anime).

    A `cosine` column may be missing.

    Raises:
        TableError: another column is missing, or a pair's names are not in order.
    """
    if "cosine" not in pairs.columns:
        pairs = pairs.with_columns(pl.lit(None, dtype=pl.Float32).alias("cosine"))
    checked = require_columns(pairs, PAIRS, "pairs")
    wrong = checked.filter(pl.col("first") >= pl.col("second"))
    if wrong.height:
        raise TableError(f"the table of pairs has {wrong['first'][0]} before {wrong['second'][0]}; names must ascend")
    anime = readable.select("name", "mal_id")
    return (
        checked.sort(PAIRS.names())
        .unique(["first", "second"], keep="first", maintain_order=True)
        .join(anime, left_on="first", right_on="name")
        .join(anime, left_on="second", right_on="name", suffix="_b")
        .select(*PAIRS.names(), (pl.col("mal_id") == pl.col("mal_id_b")).alias("same"))
    )


def cover(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """`COVERED` for pairs as `readable_pairs` gives them, in no particular order."""
    found = [pl.DataFrame(schema=COVERED)]
    for number, rule in enumerate(rules.rules):
        for place, one in enumerate(rule.ranges):
            found.append(_within(pairs, rule, one, number, place))
    return pl.concat(found)


def first_cover(covered: pl.DataFrame) -> pl.DataFrame:
    """Each pair once: by the first rule that covers it, and there by the measure that is nearest for its range."""
    ordered = covered.sort("first", "second", "rule_number", "share", "range_number")
    return ordered.unique(["first", "second"], keep="first", maintain_order=True)


def _within(pairs: pl.DataFrame, rule: Rule, one: Range, number: int, place: int) -> pl.DataFrame:
    distance = pl.col(one.measure)
    likely = rule.likely if rule.likely is not None and one == rule.ranges[-1] else -1.0
    scope = {"same": pl.col("same"), "other": ~pl.col("same"), "any": pl.lit(value=True)}[rule.scope]
    return pairs.filter(scope & (distance >= one.low) & (distance <= one.high)).select(
        "first",
        "second",
        pl.lit(rule.name).alias("rule"),
        pl.lit(rule.action).alias("action"),
        pl.lit(one.measure).alias("measure"),
        distance.cast(pl.Float64).alias("distance"),
        (distance.cast(pl.Float64) / max(one.high, 1e-9)).alias("share"),
        (distance <= likely).alias("likely"),
        pl.lit(number, dtype=pl.UInt32).alias("rule_number"),
        pl.lit(place, dtype=pl.UInt32).alias("range_number"),
    )
