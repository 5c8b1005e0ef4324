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
"""A row for each pair, rule and range of the rule that the pair lies in. `action` is "person" where a rule that removes
lacks what it needs to act alone (`is_evidence`). `share` is the distance as a part of the
range's upper end, so that measures can be compared; `likely`: within the bound up to which the rule calls a pair very
likely; the numbers give the table's order."""


def readable_pairs(pairs: pl.DataFrame, readable: pl.DataFrame) -> pl.DataFrame:
    """`PAIRS` between posters of `readable`, first < second, each once, with three columns more.

    `same`: the same anime. `same_bytes`: the same file. `structure`: that of the picture that holds less; null where
    neither was measured. A `cosine` column may be missing.

    Raises:
        TableError: another column is missing, or a pair's names are not in order.
    """
    if "cosine" not in pairs.columns:
        pairs = pairs.with_columns(pl.lit(None, dtype=pl.Float32).alias("cosine"))
    checked = require_columns(pairs, PAIRS, "pairs")
    wrong = checked.filter(pl.col("first") >= pl.col("second"))
    if wrong.height:
        raise TableError(f"the table of pairs has {wrong['first'][0]} before {wrong['second'][0]}; names must ascend")
    known = readable.select("name", "mal_id", "sha256", "structure")
    return (
        checked.sort(PAIRS.names())
        .unique(["first", "second"], keep="first", maintain_order=True)
        .join(known, left_on="first", right_on="name")
        .join(known, left_on="second", right_on="name", suffix="_b")
        .select(
            *PAIRS.names(),
            (pl.col("mal_id") == pl.col("mal_id_b")).alias("same"),
            (pl.col("sha256") == pl.col("sha256_b")).alias("same_bytes"),
            pl.min_horizontal("structure", "structure_b"),
        )
    )


def cover(pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """`COVERED` for pairs as `readable_pairs` gives them, in no particular order."""
    found = [pl.DataFrame(schema=COVERED)]
    for number, rule in enumerate(rules.rules):
        for place, one in enumerate(rule.ranges):
            found.append(_within(pairs, rule, one, number, place, rules.structure))
    return pl.concat(found)


def is_evidence(structure: float) -> pl.Expr:
    """Whether both pictures of a pair hold enough for a rule to act alone, or are one file.

    What was not measured speaks against nothing.
    """
    return pl.col("same_bytes") | (pl.col("structure") >= structure).fill_null(value=True)


def first_cover(covered: pl.DataFrame) -> pl.DataFrame:
    """Each pair once: by the first rule that covers it, and there by the measure that is nearest for its range."""
    ordered = covered.sort("first", "second", "rule_number", "share", "range_number")
    return ordered.unique(["first", "second"], keep="first", maintain_order=True)


def _within(pairs: pl.DataFrame, rule: Rule, one: Range, number: int, place: int, structure: float) -> pl.DataFrame:
    distance = pl.col(one.measure)
    likely = rule.likely if rule.likely is not None and one == rule.ranges[-1] else -1.0
    scope = {"same": pl.col("same"), "other": ~pl.col("same"), "any": pl.lit(value=True)}[rule.scope]
    enough = is_evidence(structure)
    acts = enough & pl.all_horizontal(pl.lit(value=True), *(_agrees(other) for other in rule.agree))
    action = pl.when(acts).then(pl.lit(rule.action)).otherwise(pl.lit("person")) if rule.action == "remove" else None
    return pairs.filter(scope & _is_near(rule) & (distance >= one.low) & (distance <= one.high)).select(
        "first",
        "second",
        pl.lit(rule.name).alias("rule"),
        (pl.lit(rule.action) if action is None else action).alias("action"),
        pl.lit(one.measure).alias("measure"),
        distance.cast(pl.Float64).alias("distance"),
        (distance.cast(pl.Float64) / max(one.high, 1e-9)).alias("share"),
        ((distance <= likely) & enough).alias("likely"),
        pl.lit(number, dtype=pl.UInt32).alias("rule_number"),
        pl.lit(place, dtype=pl.UInt32).alias("range_number"),
    )


def _agrees(other: Range) -> pl.Expr:
    """Whether another measure finds the pair near too; one that was not searched so far does not."""
    return pl.col("same_bytes") | pl.col(other.measure).is_between(other.low, other.high).fill_null(value=False)


def _is_near(rule: Rule) -> pl.Expr:
    """False where the vectors of a pair of different anime lie apart."""
    if rule.apart is None:
        return pl.lit(value=True)
    return pl.col("same") | (pl.col("cosine") <= rule.apart).fill_null(value=True)
