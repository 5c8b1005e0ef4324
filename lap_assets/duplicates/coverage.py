"""Which rule covers which pair. Belongs here: applying ranges to distances; applying the rules is in `resolution`."""

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
"""One row per pair, rule, and range of that rule that contains the pair's distance.

`action` is "person" if a removing rule lacks the evidence to act alone (`is_evidence`). `share` is the distance
relative to the range's upper end, so that measures can be compared. `likely`: the distance is within the rule's bound
for very likely pairs. `rule_number` and `range_number` are positions in the table of rules."""


def readable_pairs(pairs: pl.DataFrame, readable: pl.DataFrame) -> pl.DataFrame:
    """Return `PAIRS` between posters of `readable`, each pair once, with three more columns.

    `same`: both are of the same anime. `same_bytes`: both are the same file. `structure`: the lower of the two
    pictures' structures; null if neither was measured. The `cosine` column may be missing.

    Raises:
        TableError: another column is missing, or the names of a pair do not ascend.
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
    """Return `COVERED` for pairs as returned by `readable_pairs`, in no particular order."""
    found = [pl.DataFrame(schema=COVERED)]
    for number, rule in enumerate(rules.rules):
        for range_number, one in enumerate(rule.ranges):
            found.append(_within(pairs, rule, one, (number, range_number), rules.structure))
    return pl.concat(found)


def is_evidence(structure: float) -> pl.Expr:
    """Return whether both pictures of a pair have enough structure for a rule to act alone, or are the same file.

    An unmeasured structure counts as enough.
    """
    return pl.col("same_bytes") | (pl.col("structure") >= structure).fill_null(value=True)


def first_cover(covered: pl.DataFrame) -> pl.DataFrame:
    """Return each pair once, with the first rule that covers it and that rule's measure with the lowest `share`."""
    ordered = covered.sort("first", "second", "rule_number", "share", "range_number")
    return ordered.unique(["first", "second"], keep="first", maintain_order=True)


def _within(pairs: pl.DataFrame, rule: Rule, one: Range, numbers: tuple[int, int], structure: float) -> pl.DataFrame:
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
        pl.lit(numbers[0], dtype=pl.UInt32).alias("rule_number"),
        pl.lit(numbers[1], dtype=pl.UInt32).alias("range_number"),
    )


def _agrees(other: Range) -> pl.Expr:
    """Return whether another measure is in its range too; a distance beyond that measure's search counts as outside."""
    return pl.col("same_bytes") | pl.col(other.measure).is_between(other.low, other.high).fill_null(value=False)


def _is_near(rule: Rule) -> pl.Expr:
    """Return whether the vectors allow the pair: false if those of different anime are further apart than `apart`."""
    if rule.apart is None:
        return pl.lit(value=True)
    return pl.col("same") | (pl.col("cosine") <= rule.apart).fill_null(value=True)
