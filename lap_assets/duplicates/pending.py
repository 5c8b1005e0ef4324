"""The pairs still to be decided by a person after all decisions have been applied."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from lap_assets.core.verdicts.lines import DECIDING
from lap_assets.duplicates.coverage import first_cover
from lap_assets.duplicates.removals import Link
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.verdict_effects import Pair

PENDING: Final = pl.Schema(
    {
        "first": pl.String,
        "second": pl.String,
        "rule": pl.String,
        "measure": pl.String,
        "distance": pl.Float64,
        "share": pl.Float64,
        "cosine": pl.Float32,
        "likely": pl.Boolean,
        "state": pl.String,
        "via": pl.String,
    }
)
"""One row per pair of posters that are both kept now.

`rule`, `measure` and `distance` are null for a pair in conflict that no rule covers. `share`: the distance relative to
the end of its range. `likely`: a rule calls the pair very likely. `state`: null, or how people left the pair open:
"skip", "unsure", "conflict". `via`: null, or the removed poster that links the two: it was removed in favor of one and
is near the other or one that the other replaces; rule, measure and distance are then those of that near pair.
"""


def pending_pairs(
    pairs: pl.DataFrame,
    covered: pl.DataFrame,
    outcomes: Mapping[Pair, str],
    canonical: Mapping[str, str | None],
    links: Iterable[Link],
) -> pl.DataFrame:
    """Return `PENDING` of some groups, in no particular order (sorted by `in_order_of_rules`).

    Args:
        pairs: all pairs of the groups, as returned by `coverage.readable_pairs`.
        covered: `coverage.COVERED` of these pairs.
        outcomes: the combined outcome of the verdicts on each pair.
        canonical: the removed posters, each with its survivor.
        links: pairs joined only through removed posters.
    """
    pair_names = {"first": pl.String, "second": pl.String}
    removed = pl.Series("name", list(canonical), dtype=pl.String)
    both_kept = ~pl.col("first").is_in(removed.implode()) & ~pl.col("second").is_in(removed.implode())
    given = pl.DataFrame(
        [(*pair, outcome) for pair, outcome in outcomes.items()], {**pair_names, "state": pl.String}, orient="row"
    )
    decided = given.filter(pl.col("state").is_in(DECIDING))
    in_conflict = given.filter(pl.col("state") == "conflict").drop("state")
    likely = covered.filter(pl.col("likely")).select("first", "second", "likely").unique()

    asked = first_cover(covered.filter((pl.col("action") == "person") & both_kept))
    conflicts = in_conflict.filter(both_kept).join(first_cover(covered), on=["first", "second"], how="left")
    rows = [
        frame.select("first", "second", "rule", "measure", "distance", "share", pl.lit(None, pl.String).alias("via"))
        for frame in (asked, conflicts)
    ]
    rows.append(_linked(links).filter(both_kept))
    return (
        pl.concat(rows)
        .unique(["first", "second"], keep="first", maintain_order=True)
        .join(decided, on=["first", "second"], how="anti")
        .join(given, on=["first", "second"], how="left")
        .join(pairs.select("first", "second", "cosine"), on=["first", "second"], how="left")
        .join(likely, on=["first", "second"], how="left")
        .with_columns(pl.col("likely").fill_null(value=False))
        .select(PENDING.names())
    )


def in_order_of_rules(pending: Sequence[pl.DataFrame], rules: Rules) -> pl.DataFrame:
    """Concatenate tables of `PENDING`, sorted by rule, then distance, then names."""
    numbers = pl.DataFrame(
        {"rule": [rule.name for rule in rules.rules], "rule_number": range(len(rules.rules))},
        schema_overrides={"rule": pl.String},
    )
    return (
        pl.concat([pl.DataFrame(schema=PENDING), *pending])
        .join(numbers, on="rule", how="left")
        .sort("rule_number", "distance", "first", "second", nulls_last=True)
        .select(PENDING.names())
    )


def _linked(links: Iterable[Link]) -> pl.DataFrame:
    rows = [(link.first, link.second, link.rule, link.measure, link.distance, 0.0, link.via) for link in links]
    columns = [name for name in PENDING if name not in ("state", "cosine", "likely")]
    return pl.DataFrame(rows, {name: PENDING[name] for name in columns}, orient="row")
