"""What vectors add to the hashes, where the truth is known: the copies that no rule on hashes finds.

How good each rule is on its own is in `accuracy`.
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
    """Copies that no rule on hashes finds, and what vectors find of them.

    `distance`: the largest distance up to which `precision` of all pairs by vector are true (of those searched).
    `by_kind`: kind of copy → (such pairs, found up to that distance); "all" counts each pair once.
    """

    distance: float | None
    precision: float | None
    by_kind: dict[str, tuple[int, int]]


def beyond_hashes(truth: Truth, posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, precision: float) -> Beyond:
    """Judge `pairs` (all of them, with `cosine` where it was searched) by the truth, at a precision of at least this.

    A true pair of which a poster is not in `posters` (or is unreadable) is left out. What was done in several ways
    counts for the kind that joins them by "+".

    Raises:
        ValueError: a table lacks a column.
    """
    fine = readable_posters(posters)
    held = set(fine["name"])
    true = {
        (min(a, b), max(a, b)): "+".join(sorted(set(kinds))) or "same"
        for a, b, kinds in truth
        if a in held and b in held and a != b
    }
    known = readable_pairs(pairs, fine)
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
    """How many of the nearest pairs can be taken, equal distances together, and what precision that is."""
    if not hits.size:
        return 0, None
    shares = np.cumsum(hits) / np.arange(1, hits.size + 1)
    ends = np.append(np.diff(distances) > 0, True)  # the last pair of each distance
    right = np.flatnonzero(ends & (shares >= precision))
    return (int(right[-1]) + 1, float(shares[right[-1]])) if right.size else (0, None)
