"""Step by step, which poster is replaced by which: people's removals, then the rules'. Why so is in `resolution`."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.sizes import SizeKey
from lap_assets.duplicates.verdict_effects import Pair, VerdictEffects, ordered

_OPEN: Final = ("skip", "unsure")
_NAMED: Final = ("first", "second", "rule", "measure", "distance")


class RemovalStep(NamedTuple):
    """One removal. `partner` is None where nothing replaces the poster; `reviewer` is None where a rule removed it."""

    partner: str | None
    rule: str | None
    reviewer: str | None
    measure: str | None
    distance: float | None


class Copy(NamedTuple):
    """A poster that a rule would keep for `removed`, which a person removed: a larger copy of it."""

    larger: str
    removed: str
    rule: str
    measure: str
    distance: float


def personal_steps(effects: VerdictEffects, first: pl.DataFrame, marks: str | None) -> dict[str, RemovalStep]:
    """The removals by people. `first` has the rule that covers a pair, `marks` is the name of the rule for marks."""
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


def automatic_steps(
    steps: dict[str, RemovalStep], covered: pl.DataFrame, effects: VerdictEffects, sizes: Mapping[str, SizeKey]
) -> list[Copy]:
    """Lets the rules that remove act, and adds their removals to `steps`, which holds people's.

    `sizes` is the size order: a smaller key for a larger poster.

    Returns:
        The larger copies of what people removed, in the order of the rules.
    """
    personal = frozenset(steps)
    copies: list[Copy] = []
    events = covered.filter(pl.col("action") == "remove").sort(
        "rule_number", "range_number", "distance", "first", "second"
    )
    for first, second, rule, measure, distance in events.select(_NAMED).iter_rows():
        if effects.outcomes.get((first, second), "skip") not in _OPEN:
            continue
        smaller, larger = (first, second) if sizes[first] > sizes[second] else (second, first)
        if smaller in personal and larger not in personal:
            copies.append(Copy(larger, smaller, rule, measure, distance))
        if smaller in steps or (larger in steps and larger not in personal):
            continue
        if larger not in personal or canonical(steps, larger) != smaller:
            steps[smaller] = RemovalStep(larger, rule, None, measure, distance)
    return copies


def canonical(steps: Mapping[str, RemovalStep], name: str) -> str | None:
    """The poster that the steps from `name` lead to in the end; None where nothing stays."""
    at: str | None = name
    while at is not None and at in steps:
        at = steps[at].partner
    return at


def canonical_posters(steps: Mapping[str, RemovalStep]) -> dict[str, str | None]:
    """The canonical poster of each removed one: where its steps end. Long chains are walked once."""
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


def _looked_up(first: pl.DataFrame, wanted: Iterable[Pair]) -> dict[Pair, tuple[Any, Any, Any]]:
    """Rule, measure and distance of some pairs."""
    names = pl.DataFrame(list(wanted), schema={"first": pl.String, "second": pl.String}, orient="row").unique()
    found = first.join(names, on=["first", "second"], how="semi").select(_NAMED)
    return {(a, b): (rule, measure, distance) for a, b, rule, measure, distance in found.iter_rows()}
