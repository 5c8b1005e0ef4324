"""Removals step by step: people's first, then the rules'. The reasons for this order are in `resolution`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

import polars as pl

from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.sizes import SizeKey
from lap_assets.duplicates.verdict_effects import Pair, VerdictEffects, ordered

_OPEN: Final = ("skip", "unsure")
_NAMED: Final = ("first", "second", "rule", "measure", "distance")


class RemovalStep(NamedTuple):
    """One removal. `partner` is None if nothing replaces the poster; `reviewer` is None if a rule removed it."""

    partner: str | None
    rule: str | None
    reviewer: str | None
    measure: str | None
    distance: float | None


class Link(NamedTuple):
    """Two kept posters joined by a pair that a removing rule covers, at least one of whose posters was removed.

    `first` and `second` are the canonical posters of the pair. `via`: the removed poster of the pair (the smaller one
    if both were removed).
    """

    first: str
    second: str
    via: str
    rule: str
    measure: str
    distance: float


class Act(NamedTuple):
    """An undecided pair covered by a removing rule: the smaller poster may be removed in favor of the larger one."""

    smaller: str
    larger: str
    rule: str
    measure: str
    distance: float


def personal_steps(effects: VerdictEffects, first: pl.DataFrame, marks: str | None) -> dict[str, RemovalStep]:
    """Return people's removals. `first` has the first rule that covers each pair; `marks` is the rule for marks."""
    removals = effects.removals
    rules = _looked_up(first, [ordered(name, one.partner) for name, one in removals.items() if one.partner])
    steps = {}
    for name, removal in removals.items():
        verdict, partner = removal.verdict, removal.partner
        shown = (verdict.measure, verdict.distance) if isinstance(verdict, PairVerdict) else (None, None)
        if partner is None:
            steps[name] = RemovalStep(None, marks if removal.by_mark else None, verdict.reviewer, *shown)
            continue
        rule, measure, distance = rules.get(ordered(name, partner), (None, None, None))
        if None not in shown:
            measure, distance = shown
        steps[name] = RemovalStep(partner, rule, verdict.reviewer, measure, distance)
    return steps


def acts_of(covered: pl.DataFrame, effects: VerdictEffects, sizes: Mapping[str, SizeKey]) -> list[Act]:
    """Return what the removing rules would do, pair by pair, in the order of the rules, then by distance and names.

    `sizes` is the size order: a larger poster has a smaller key.
    """
    events = covered.filter(pl.col("action") == "remove").sort(
        "rule_number", "range_number", "distance", "first", "second"
    )
    return [
        Act(*((first, second) if sizes[first] > sizes[second] else (second, first)), rule, measure, distance)
        for first, second, rule, measure, distance in events.select(_NAMED).iter_rows()
        if effects.outcomes.get((first, second), "skip") in _OPEN
    ]


def automatic_steps(steps: dict[str, RemovalStep], acts: Sequence[Act], sizes: Mapping[str, SizeKey]) -> None:
    """Apply the removing rules, and add their removals to `steps`, which holds people's.

    Posters are processed from the largest down, so the decisions about all larger posters are final when a poster's
    turn comes. It is removed in favor of a larger kept poster within a rule's range, or else of a larger one that a
    person removed.
    """
    personal = frozenset(steps)
    larger_ones: defaultdict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.smaller not in personal:
            larger_ones[act.smaller].append(act)
    direct = {(act.smaller, act.larger) for act in acts}
    for name in sorted(larger_ones, key=sizes.__getitem__):
        chosen = _chosen(larger_ones[name], steps, personal, direct)
        if chosen is not None:
            steps[name] = RemovalStep(chosen.larger, chosen.rule, None, chosen.measure, chosen.distance)


def _chosen(
    acts: Iterable[Act], steps: Mapping[str, RemovalStep], personal: AbstractSet[str], direct: AbstractSet[Pair]
) -> Act | None:
    """Return the first act in favor of a kept poster, else the first in favor of a poster that a person removed.

    The latter is skipped if its chain ends at the smaller poster, or at one that may itself be removed in favor of it.
    """
    fallback = None
    for act in acts:
        if act.larger not in steps:
            return act
        if fallback is None and act.larger in personal:
            end = canonical(steps, act.larger)
            if end != act.smaller and (end, act.smaller) not in direct:
                fallback = act
    return fallback


def open_links(acts: Iterable[Act], ends: Mapping[str, str | None]) -> list[Link]:
    """Return pairs of kept posters joined only through removed ones: by a chain, or by a poster a person removed.

    Args:
        acts: the result of `acts_of`.
        ends: `canonical_posters` of all removals.

    Returns:
        Each pair once, with the first act that joins it, in the order of the acts.
    """
    links: dict[Pair, Link] = {}
    for act in acts:
        end, other_end = ends.get(act.smaller, act.smaller), ends.get(act.larger, act.larger)
        if end is not None and other_end is not None and end != other_end:
            via = act.smaller if act.smaller in ends else act.larger
            pair = ordered(end, other_end)
            links.setdefault(pair, Link(*pair, via, act.rule, act.measure, act.distance))
    return list(links.values())


def canonical(steps: Mapping[str, RemovalStep], name: str) -> str | None:
    """Return the poster at which the steps from `name` end; None if nothing stays."""
    at: str | None = name
    while at is not None and at in steps:
        at = steps[at].partner
    return at


def canonical_posters(steps: Mapping[str, RemovalStep]) -> dict[str, str | None]:
    """Return the canonical poster of each removed one: where its steps end. Long chains are followed once."""
    ends: dict[str, str | None] = {}
    for name in steps:
        walked = []
        at: str | None = name
        while at is not None and at in steps and at not in ends:
            walked.append(at)
            at = steps[at].partner
        end = ends[at] if at is not None and at in ends else at
        ends.update(dict.fromkeys(walked, end))
    return ends


def _looked_up(first: pl.DataFrame, pairs: Iterable[Pair]) -> dict[Pair, tuple[Any, Any, Any]]:
    """Return rule, measure and distance of some pairs."""
    names = pl.DataFrame(list(pairs), schema={"first": pl.String, "second": pl.String}, orient="row").unique()
    found = first.join(names, on=["first", "second"], how="semi").select(_NAMED)
    return {(a, b): (rule, measure, distance) for a, b, rule, measure, distance in found.iter_rows()}
