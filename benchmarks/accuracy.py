"""How well distances separate copies from other posters when the truth is known: by rule, kind of copy and distance.

This judges the measures and their ranges; `duplicates.scoring` judges the final decisions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.duplicates.coverage import cover, readable_pairs
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import readable_posters
from lap_assets.pictures.plot import PlotLine, line_plot

Truth = Iterable[tuple[str, str, Sequence[str]]]
"""Pairs of posters that are copies, and the changes between them (in either direction)."""

ACCURACY: Final = pl.Schema(
    {
        "rule": pl.String,
        "kind": pl.String,
        "true_pairs": pl.UInt32,
        "found": pl.UInt32,
        "hits": pl.UInt32,
        "precision": pl.Float64,
        "recall": pl.Float64,
    }
)
"""One row per rule and kind of copy. `kind` "all" counts every pair; only these rows have a `precision`: the share of
hits among the pairs that the rule found. `true_pairs`: true pairs in the rule's scope; `recall`: their share found."""

BY_DISTANCE: Final = pl.Schema(
    {"distance": pl.UInt8, "true": pl.UInt32, "other": pl.UInt32, "precision": pl.Float64, "recall": pl.Float64}
)
"""One row per distance: pairs at exactly this distance; precision and recall up to this distance."""

_ROWS, _COLUMNS = 512, 8192  # a block of distances that fits into the cache


def precision_recall(truth: Truth, posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return precision and recall of each rule, and of all rules together ("any rule"), as `ACCURACY`.

    A true pair with a poster that is not in `posters` (or unreadable) is left out. A pair with several changes counts
    for the kind that joins them with "+"; a pair without changes is of the kind "same".

    Raises:
        ValueError: a table lacks a column.
    """
    readable = readable_posters(posters)
    anime = dict(readable.select("name", "mal_id").iter_rows())
    true = {
        (min(a, b), max(a, b)): "+".join(sorted(set(kinds))) or "same"
        for a, b, kinds in truth
        if a in anime and b in anime and a != b
    }
    covered = cover(readable_pairs(pairs, readable), rules)
    rows: list[tuple[object, ...]] = []
    for rule in (rule for rule in rules.rules if rule.ranges):
        found = set(covered.filter(pl.col("rule") == rule.name).select("first", "second").iter_rows())
        scope = {pair: kind for pair, kind in true.items() if rule.applies(same=anime[pair[0]] == anime[pair[1]])}
        rows.extend(_judged(rule.name, scope, found))
    rows.extend(_judged("any rule", true, set(covered.select("first", "second").iter_rows())))
    return pl.DataFrame(rows, ACCURACY, orient="row")


def by_distance(truth: Truth, posters: pl.DataFrame, measure: str, max_distance: int = 24) -> pl.DataFrame:
    """Return the distribution of true and other pairs by one hash, up to `max_distance` bits, as `BY_DISTANCE`.

    Raises:
        ValueError: `measure` is not a hash, or a table lacks a column.
    """
    if measure not in ("ahash", "phash", "dhash"):
        raise ValueError(f"{measure!r}: not a hash; expected one of: ahash, phash, dhash")
    readable = readable_posters(posters)
    row_of = {name: number for number, name in enumerate(readable["name"].to_list())}
    true = {
        (min(row_of[a], row_of[b]), max(row_of[a], row_of[b]))
        for a, b, _ in truth
        if a in row_of and b in row_of and a != b
    }
    codes = readable[measure].to_numpy()
    all_pairs = _counts_by_distance(codes)[: max_distance + 1]
    first, second = np.array(sorted(true), dtype=np.int64).reshape(-1, 2).T
    apart = np.bitwise_count(codes[first] ^ codes[second])
    hits = np.bincount(apart, minlength=65)[: max_distance + 1]
    up_to, hits_up_to = np.cumsum(all_pairs), np.cumsum(hits)
    return pl.DataFrame(
        {
            "distance": np.arange(max_distance + 1),
            "true": hits,
            "other": all_pairs - hits,
            "precision": [hit / one if one else None for hit, one in zip(hits_up_to, up_to, strict=True)],
            "recall": [hit / len(true) if true else None for hit in hits_up_to],
        },
        schema_overrides=dict(BY_DISTANCE.items()),
        strict=False,
    )


def _counts_by_distance(codes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the number of pairs at each distance, 0 to 64; they are not stored, since there may be billions."""
    counts = np.zeros(65, dtype=np.int64)
    for start in range(0, codes.size, _ROWS):
        rows = codes[start : start + _ROWS]
        within = np.bitwise_count(rows[:, None] ^ rows[None, :])[np.triu_indices(rows.size, 1)]
        counts += np.bincount(within, minlength=65)
        for column in range(start + _ROWS, codes.size, _COLUMNS):
            apart = np.bitwise_count(rows[:, None] ^ codes[None, column : column + _COLUMNS])
            counts += np.bincount(apart.ravel(), minlength=65)
    return counts


def plot_by_distance(tables: Mapping[str, pl.DataFrame], title: str = "") -> bytes:
    """Return a PNG of precision (thick) and recall (thin) by maximum distance, with one color per measure."""
    widest = max((int(table["distance"].to_numpy().max(initial=1)) for table in tables.values()), default=1)
    lines = [
        PlotLine(list(table.select("distance", column).drop_nulls().iter_rows()), label, width)
        for name, table in tables.items()
        for column, label, width in (("precision", name, 4), ("recall", "", 2))
    ]
    shown = title or "precision (thick) and recall (thin), up to a distance in bits"
    step = max(1, widest // 8)
    return line_plot(lines, shown, [*range(0, widest, step), widest])


def _judged(
    rule: str, true: Mapping[tuple[str, str], str], found: set[tuple[str, str]]
) -> Iterable[tuple[object, ...]]:
    hits = true.keys() & found
    precision = len(hits) / len(found) if found else None
    yield (rule, "all", len(true), len(found), len(hits), precision, len(hits) / len(true) if true else None)
    kinds, kind_hits = Counter(true.values()), Counter(true[pair] for pair in hits)
    for kind in sorted(kinds):
        yield (rule, kind, kinds[kind], None, kind_hits[kind], None, kind_hits[kind] / kinds[kind])
