"""Copies that no hash rule finds but vectors do, when the truth is known.

The quality of each rule on its own is in `accuracy`.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.accuracy import Truth
from lap_assets.duplicates.coverage import cover, readable_pairs
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import readable_posters


@dataclass(frozen=True, slots=True)
class Beyond:
    """Copies that no hash rule finds, and how many of them vectors find.

    `distance`: largest distance with the required precision; `precision`: share of true pairs among the vector pairs up
    to it. `by_kind`: kind of copy → (missed pairs, found up to that distance); "all" counts each pair once.
    """

    distance: float | None
    precision: float | None
    by_kind: dict[str, tuple[int, int]]


def beyond_hashes(truth: Truth, posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, precision: float) -> Beyond:
    """Judge all `pairs` (with `cosine` if within its range) by the truth, at this precision or better.

    A true pair with a poster that is not in `posters` (or unreadable) is left out. A pair with several changes counts
    for the kind that joins them with "+".

    Raises:
        ValueError: a table lacks a column.
    """
    readable = readable_posters(posters)
    held = set(readable["name"])
    true = {
        (min(a, b), max(a, b)): "+".join(sorted(set(kinds))) or "same"
        for a, b, kinds in truth
        if a in held and b in held and a != b
    }
    known = readable_pairs(pairs, readable)
    by_hash = cover(known, rules).filter(pl.col("measure") != "cosine").select("first", "second").unique()
    near = known.filter(pl.col("cosine").is_not_null()).sort("cosine", "first", "second")
    names = list(near.select("first", "second").iter_rows())
    distances = near["cosine"].to_numpy()
    count, reached = _widest(np.array([pair in true for pair in names], dtype=bool), distances, precision)
    found, hashed = set(names[:count]), set(by_hash.iter_rows())
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for pair, kind in true.items():
        if pair not in hashed:
            for label in ("all", kind):
                totals[label][0] += 1
                totals[label][1] += pair in found
    return Beyond(
        distance=float(distances[count - 1]) if count else None,
        precision=reached,
        by_kind={kind: (pairs_of, hits) for kind, (pairs_of, hits) in sorted(totals.items())},
    )


def _widest(hits: np.ndarray, distances: np.ndarray, precision: float) -> tuple[int, float | None]:
    """Return how many of the nearest pairs reach the precision, equal distances together, and that precision."""
    if not hits.size:
        return 0, None
    shares = np.cumsum(hits) / np.arange(1, hits.size + 1)
    ends = np.append(np.diff(distances) > 0, True)  # the last pair of each distance
    right = np.flatnonzero(ends & (shares >= precision))
    return (int(right[-1]) + 1, float(shares[right[-1]])) if right.size else (0, None)
