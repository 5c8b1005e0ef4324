"""Scores of decisions and pairs against the truth about which posters are copies of each other.

Precision: the share of posters removed by a rule that are copies of their survivor. Recall: the share of true pairs
that are settled (both end at the same survivor) or await a person (their survivors are a pending pair).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Score:
    """Scores of decisions: shares between 0 and 1, None if there is nothing to judge."""

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
    """Score the decisions.

    `clusters`: names that are copies of each other. `pairs`: true pairs (name, name, kinds of copying between them);
    a pair with a poster that has no decision is left out.
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
    """Scores of pairs up to a distance: shares between 0 and 1, None if there is nothing to judge."""

    distance: float
    pairs: int
    precision: float | None
    recall: float | None


def score_pairs(
    pairs: pl.DataFrame, truth: Iterable[tuple[str, str]], held: Iterable[str], distance: float
) -> PairScore:
    """Score pairs by vector (`tables.COSINE_PAIRS`) up to a distance.

    Precision: the share of these pairs that are true. Recall: the share of true pairs, with both posters in `held`,
    that were found.
    """
    names = set(held)
    true = {frozenset(pair) for pair in truth if names.issuperset(pair)}
    near = pairs.filter(pl.col("cosine") <= distance).select("first", "second")
    found = {frozenset(pair) for pair in near.iter_rows()}
    hits = len(found & true)
    return PairScore(distance, len(found), hits / len(found) if found else None, hits / len(true) if true else None)


def recall_of(result: Score, kinds: Mapping[str, object] | Iterable[str]) -> float | None:
    """Return the recall over the pairs that were changed only by `kinds`."""
    plain = set(kinds)
    chosen = [one for kind, one in result.by_kind.items() if set(kind.split("+")) <= plain]
    total = sum(one["pairs"] for one in chosen)
    return sum(one["pairs"] * one["recall"] for one in chosen) / total if total else None


def _right(decisions: pl.DataFrame, clusters: Iterable[Iterable[str]]) -> list[bool]:
    cluster_of = {name: number for number, names in enumerate(clusters) for name in names}
    removed = decisions.filter((pl.col("decision") == "remove") & (pl.col("by") == "rule"))
    return [
        cluster_of.get(name, name) == cluster_of.get(survivor, survivor)
        for name, survivor in removed.select("name", "survivor").iter_rows()
    ]


def _share(hits: list[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
