"""Step by step, who goes for whom: people's removals first, then the rules that remove. The why is in `resolution`."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from lap_assets.duplicates.grounding import Grounded
from lap_assets.duplicates.people import Pair, People, ordered

_OPEN: Final = ("skip", "unsure")
_NAMED: Final = ("first", "second", "rule", "measure", "distance")


class Step(NamedTuple):
    """One removal. `partner` is None where nothing stays instead; `reviewer` is None where a rule removed."""

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


def personal_steps(people: People, grounded: Grounded, first: pl.DataFrame, marks: str | None) -> dict[str, Step]:
    """The removals by people. `first` gives the rule that covers a pair, `marks` the name of the rule for marks."""
    removals = grounded.removals
    rules = _looked_up(first, [ordered(name, one.partner) for name, one in removals.items() if one.partner])
    steps = {}
    for name, (word, partner) in ((name, (one.word, one.partner)) for name, one in removals.items()):
        if partner is None:
            rule = marks if name in people.marked else None
            steps[name] = Step(None, rule, word.reviewer, word.measure, word.distance)
            continue
        rule, measure, distance = rules.get(ordered(name, partner), (None, None, None))
        if word.measure is not None and word.distance is not None:
            measure, distance = word.measure, word.distance
        steps[name] = Step(partner, rule, word.reviewer, measure, distance)
    return steps


def automatic_steps(
    steps: dict[str, Step], covered: pl.DataFrame, people: People, rank: Mapping[str, int]
) -> list[Copy]:
    """Lets the rules that remove act, and adds their removals to `steps`, which holds people's.

    `rank` is a poster's place from the largest (0) to the smallest.

    Returns:
        The larger copies of what people removed, in the order of the rules.
    """
    personal = frozenset(steps)
    copies: list[Copy] = []
    events = covered.filter(pl.col("action") == "remove").sort(
        "rule_number", "range_number", "distance", "first", "second"
    )
    for first, second, rule, measure, distance in events.select(_NAMED).iter_rows():
        if people.states.get((first, second), "skip") not in _OPEN:
            continue
        smaller, larger = (first, second) if rank[first] > rank[second] else (second, first)
        if smaller in personal and larger not in personal:
            copies.append(Copy(larger, smaller, rule, measure, distance))
        if smaller in steps or (larger in steps and larger not in personal):
            continue
        if larger not in personal or end_of(steps, larger) != smaller:
            steps[smaller] = Step(larger, rule, None, measure, distance)
    return copies


def end_of(steps: Mapping[str, Step], name: str) -> str | None:
    """The poster that the steps from `name` end at, or None where they end with a poster that is simply gone."""
    at: str | None = name
    while at is not None and at in steps:
        at = steps[at].partner
    return at


def survivors(steps: Mapping[str, Step]) -> dict[str, str | None]:
    """The end of each removed poster's steps; long chains are walked once."""
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
