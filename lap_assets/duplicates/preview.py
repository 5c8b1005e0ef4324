"""Previews of what the rules would do to given tables: counts by rule, and pictures of sample pairs."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import InputError
from lap_assets.duplicates.coverage import cover, first_cover, readable_pairs
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import readable_posters
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from lap_assets.pictures.contact_sheet import SheetTile, sheet_png

PREVIEW: Final = pl.Schema(
    {
        "rule": pl.String,
        "title": pl.String,
        "action": pl.String,
        "pairs": pl.UInt32,
        "pairs_first": pl.UInt32,
        "posters": pl.UInt32,
        "removed": pl.UInt32,
        "pending": pl.UInt32,
    }
)
"""One row per rule, in order: the pairs it covers, those that no earlier rule covers, the posters in its pairs; the
posters it removes and the pairs it leaves to a person after all rules before it have acted."""


def preview_rules(
    posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, verdicts_table: pl.DataFrame = NO_VERDICTS
) -> pl.DataFrame:
    """Return what each rule would affect, as `PREVIEW`; nothing is changed.

    Raises:
        TableError: a table lacks a column.
    """
    covered = cover(readable_pairs(pairs, readable_posters(posters)), rules)
    resolved = resolve(posters, pairs, verdicts_table, rules)
    counts = [
        covered.group_by("rule").agg(
            pl.struct("first", "second").n_unique().alias("pairs"),
            pl.concat([pl.col("first"), pl.col("second")]).n_unique().alias("posters"),
        ),
        first_cover(covered).group_by("rule").agg(pl.len().alias("pairs_first")),
        resolved.decisions.filter(pl.col("decision") == "remove").group_by("rule").agg(pl.len().alias("removed")),
        resolved.pending.group_by("rule").agg(pl.len().alias("pending")),
    ]
    table = pl.DataFrame(
        [(rule.name, rule.title, rule.action) for rule in rules.rules],
        {name: PREVIEW[name] for name in ("rule", "title", "action")},
        orient="row",
    )
    for count in counts:
        table = table.join(count, on="rule", how="left", maintain_order="left")
    return table.with_columns(pl.col(pl.UInt32).fill_null(0)).select(PREVIEW.names()).cast(dict(PREVIEW.items()))


def sample_pairs(posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, rule: str, count: int) -> pl.DataFrame:
    """Return up to `count` pairs of a rule, spread evenly from nearest to farthest, as `coverage.COVERED`.

    Raises:
        InputError: there is no such rule.
        TableError: a table lacks a column.
    """
    if rule not in {one.name for one in rules.rules}:
        raise InputError(f"no rule {rule!r}: expected one of {', '.join(one.name for one in rules.rules)}")
    covered = cover(readable_pairs(pairs, readable_posters(posters)), rules).filter(pl.col("rule") == rule)
    ordered = first_cover(covered).sort("share", "first", "second")
    chosen = min(count, ordered.height)
    indices = [number * (ordered.height - 1) // max(1, chosen - 1) for number in range(chosen)]
    return ordered[indices]


def contact_sheet(sample: pl.DataFrame, where: Callable[[str], Path], *, columns: int = 4) -> bytes:
    """Return a PNG of pairs side by side, each with its measure, its distance and the two names.

    `sample` has the columns first, second, measure and distance; `where` returns a poster's file. The tile of an
    unreadable poster stays empty.
    """
    tiles = []
    for first, second, measure, distance in sample.select("first", "second", "measure", "distance").iter_rows():
        tiles.append(SheetTile(where(first), (first.removesuffix(".jpg"), f"{measure} {distance:.3g}")))
        tiles.append(SheetTile(where(second), (second.removesuffix(".jpg"),)))
    return sheet_png(tiles, columns=2 * columns)
