"""How good decisions and pairs are, against a truth that knows which posters are copies of which.

Precision: of the posters that a rule removed, how many are copies of their survivor. Recall: of the true pairs, how
many are settled (both end in the same survivor) or lie before a person (their survivors are a pending pair).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Score:
    """Shares between 0 and 1; None where there is nothing to judge."""

    removed: int
    precision: float | None
    true_pairs: int
    recall: float | None
    by_kind: dict[str, dict[str, Any]] = field(default_factory=dict)


def score(
    decisions: pl.DataFrame,
    pending: pl.DataFrame,
    clusters: Iterable[Iterable[str]],
    pairs: Iterable[tuple[str, str, tuple[str, ...]]],
) -> Score:
    """Judges the decisions.

    `clusters`: names that are copies of each other. `pairs`: true pairs (name, name, kinds of copying between them);
    a pair of which a poster is not held is left out.
    """
    ends = dict(decisions.select("name", pl.coalesce("survivor", "name")).iter_rows())
    asked = {frozenset(pair) for pair in pending.select("first", "second").iter_rows()}
    found: dict[str, list[bool]] = defaultdict(list)
    for one, other, kinds in pairs:
        if one in ends and other in ends:
            end, other_end = ends[one], ends[other]
            hit = end == other_end or frozenset((end, other_end)) in asked
            found["+".join(sorted(set(kinds))) or "same"].append(hit)
    all_pairs = [hit for hits in found.values() for hit in hits]
    right = _right(decisions, clusters)
    return Score(
        removed=len(right),
        precision=_share(right),
        true_pairs=len(all_pairs),
        recall=_share(all_pairs),
        by_kind={kind: {"pairs": len(hits), "recall": _share(hits)} for kind, hits in sorted(found.items())},
    )


@dataclass(frozen=True, slots=True)
class PairScore:
    """How good pairs up to a distance are. Shares between 0 and 1; None where there is nothing to judge."""

    distance: float
    pairs: int
    precision: float | None
    recall: float | None


def score_pairs(
    pairs: pl.DataFrame, truth: Iterable[tuple[str, str]], held: Iterable[str], distance: float
) -> PairScore:
    """Judges pairs by vector (`tables.COSINE_PAIRS`) up to a distance.

    Precision: how many of them are true pairs. Recall: how many of the true pairs, both of whose posters are `held`,
    are among them.
    """
    names = set(held)
    true = {frozenset(pair) for pair in truth if names.issuperset(pair)}
    near = pairs.filter(pl.col("cosine") <= distance).select("first", "second")
    found = {frozenset(pair) for pair in near.iter_rows()}
    hits = len(found & true)
    return PairScore(distance, len(found), hits / len(found) if found else None, hits / len(true) if true else None)


def recall_of(result: Score, kinds: Mapping[str, object] | Iterable[str]) -> float | None:
    """The recall over the pairs between which nothing was done but `kinds`."""
    plain = set(kinds)
    chosen = [one for kind, one in result.by_kind.items() if set(kind.split("+")) <= plain]
    total = sum(one["pairs"] for one in chosen)
    return sum(one["pairs"] * one["recall"] for one in chosen) / total if total else None


def _right(decisions: pl.DataFrame, clusters: Iterable[Iterable[str]]) -> list[bool]:
    cluster_of = {name: number for number, names in enumerate(clusters) for name in names}
    gone = decisions.filter((pl.col("decision") == "remove") & (pl.col("by") == "rule"))
    return [
        cluster_of.get(name, name) == cluster_of.get(survivor, survivor)
        for name, survivor in gone.select("name", "survivor").iter_rows()
    ]


def _share(hits: list[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
