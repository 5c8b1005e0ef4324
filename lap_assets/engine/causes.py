"""Why a step has to run, and what a pass over the graph would run: the one rule behind every way to run it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from lap_assets.engine.due import decided, due
from lap_assets.engine.graph import Slot, Step
from lap_assets.engine.standing import Standings, Status
from lap_assets.run_context import RunContext

Causes = Callable[[Step, Standings], tuple[str, ...]]
"""Why a step has to run, in words; empty where all that it makes is as it should be."""


def causes_for(run_context: RunContext, *, scrapes: bool) -> Causes:
    """What is missing, stale or failed, and what people decided; with `scrapes` also pages that are due."""
    also = partial(due if scrapes else decided, run_context=run_context)

    def causes(step: Step, standings: Standings) -> tuple[str, ...]:
        found: list[str] = []
        for slot in step.slots:
            standing = standings.of(slot)
            if standing.status is not Status.FRESH:
                found.extend(standing.causes or (standing.status.value,))
            if standing.status is not Status.MISSING:
                found.extend(also(slot, standings))
        return tuple(dict.fromkeys(found))

    return causes


@dataclass(slots=True)
class Forecast:
    """What a pass would run: steps that have causes now, and those that follow if these come out different."""

    certain: dict[Step, tuple[str, ...]] = field(default_factory=dict)
    possible: list[Step] = field(default_factory=list)


def forecast(steps: Sequence[Step], standings: Standings, causes: Causes) -> Forecast:
    """Looks ahead; `steps` come each after those that it needs, as the graph gives them."""
    told = Forecast()
    moved: set[Slot] = set()
    for step in steps:
        if found := causes(step, standings):
            told.certain[step] = found
        elif step.needs & moved:
            told.possible.append(step)
        else:
            continue
        moved.update(step.slots)
    return told


def as_rows(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Steps for scripts."""
    return [{"assets": list(step.assets), "partition": step.partition} for step in steps]
