"""How a run ended: what it says to a person, and its exit status."""

from collections.abc import Iterator, Sequence

import dagster as dg

from lap_assets.commands.console import Terminal
from lap_assets.commands.exit_statuses import FAILED, INTERRUPTED, OK, UNFINISHED
from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.scheduler import PassOutcome
from lap_assets.engine.status import GraphStatus
from lap_assets.metadata import UNFINISHED as MARK
from lap_assets.run_context import RunContext
from lap_assets.sites.health import notes_since
from lap_assets.sites.specs import site_specs


def report_end(outcome: PassOutcome, unfinished: dict[str, str], terminal: Terminal, seconds: float) -> int:
    """Reports how it ended; returns the exit status."""
    for step, error in outcome.failed.items():
        terminal.say(f"FAILED {step}: {error}")
    for step, progress in outcome.interrupted.items():
        terminal.say(f"{step}: {progress}")
    if outcome.held_back:
        terminal.say(f"{len(outcome.held_back)} steps wait for those that failed; `lap run` resumes here")
    for slot, why in unfinished.items():
        terminal.say(f"unfinished {slot}: {why}")
    for step, why in outcome.held.items():
        terminal.say(f"not made: {step}: {why}")
    if outcome.stopped:
        terminal.say(f"stopped after {len(outcome.ran)} steps; finished work is kept, the same command resumes it")
        return INTERRUPTED
    is_idle = not outcome.ran and not outcome.failed
    terminal.say(f"nothing to do ({seconds:.1f} s)" if is_idle else f"{len(outcome.ran)} steps in {seconds:.0f} s")
    return FAILED if outcome.failed else UNFINISHED if unfinished else OK


def health_notes(run_context: RunContext, since: float) -> Iterator[str]:
    """What the sites' health has to say of what was asked after `since` (seconds since 1970)."""
    for spec in site_specs():
        yield from notes_since(spec, run_context, since)


def unfinished_in(graph: Graph, instance: dg.DagsterInstance, steps: Sequence[Step]) -> dict[str, str]:
    """Scrapes that ended early, and why; the same reason once."""
    statuses = GraphStatus(graph, instance, None)
    found: dict[str, str] = {}
    for step in steps:
        if step.pool is None:
            continue
        why = statuses.metadata(step.slots[0], MARK)
        if why and why not in found.values():
            found[str(step)] = str(why)
    return found
