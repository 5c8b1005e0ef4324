"""The end of a run: its report for people, and its exit status."""

from collections.abc import Iterator, Sequence

from lap_assets.commands.console import Terminal
from lap_assets.commands.exit_statuses import FAILED, INTERRUPTED, OK, UNFINISHED
from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.records import Records
from lap_assets.engine.scheduler import PassOutcome
from lap_assets.engine.status import GraphStatus
from lap_assets.metadata import UNFINISHED as MARK
from lap_assets.run_context import RunContext
from lap_assets.sites.health import notes_since
from lap_assets.sites.specs import site_specs


def report_end(outcome: PassOutcome, unfinished: dict[str, str], terminal: Terminal, seconds: float) -> int:
    """Report how the run ended; return the exit status."""
    for step, error in outcome.failed.items():
        terminal.say(f"FAILED {step}: {error}")
    for step, progress in outcome.interrupted.items():
        terminal.say(f"{step}: {progress}")
    if outcome.held_back:
        terminal.say(f"{len(outcome.held_back)} steps wait for the failed ones; `lap run` resumes here")
    for slot, why in unfinished.items():
        terminal.say(f"unfinished {slot}: {why}")
    for step, why in outcome.held.items():
        terminal.say(f"not made: {step}: {why}")
    if outcome.stopped:
        terminal.say(f"stopped after {len(outcome.ran)} steps; finished work is kept; the same command resumes")
        return INTERRUPTED
    is_idle = not outcome.ran and not outcome.failed
    terminal.say(f"nothing to do ({seconds:.1f} s)" if is_idle else f"{len(outcome.ran)} steps in {seconds:.0f} s")
    return FAILED if outcome.failed else UNFINISHED if unfinished else OK


def health_notes(run_context: RunContext, since: float) -> Iterator[str]:
    """Yield notes on the sites' health that concern requests after `since` (seconds since 1970)."""
    for spec in site_specs():
        yield from notes_since(spec, run_context, since)


def unfinished_in(graph: Graph, records: Records, steps: Sequence[Step]) -> dict[str, str]:
    """Return the scrapes that ended early, with the reason; each reason is listed once."""
    statuses = GraphStatus(graph, records, None)
    found: dict[str, str] = {}
    for step in steps:
        if step.pool is None:
            continue
        why = statuses.metadata(step.slots[0], MARK)
        if why and why not in found.values():
            found[str(step)] = str(why)
    return found
