"""`lap run` and `lap refresh`: make what is missing, stale or failed, upstream first; `lap run` also what is due."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from lap_assets.commands.console import Terminal
from lap_assets.commands.home import check_kind, check_writable
from lap_assets.commands.stopping import stopping
from lap_assets.core.disk_space import check_disk_space
from lap_assets.core.errors import SettingsError
from lap_assets.core.subfolders import SUBFOLDERS, id_range
from lap_assets.run_context import RunContext
from lap_assets.sites.health import notes_since
from lap_assets.sites.scrapes import unfinished_scrapes
from lap_assets.sites.specs import site_specs

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from lap_assets.engine.graph import Graph, Step
    from lap_assets.engine.plan import Forecast
    from lap_assets.engine.scheduler import PassOutcome

    TellOutcome = Callable[[PassOutcome], None]

_RELEASE = "lap_dataset"
OK, FAILED, UNFINISHED, INTERRUPTED = 0, 1, 3, 130


@dataclass(frozen=True, slots=True)
class RunSelection:
    """What a command runs: which part of the graph, whether due scrapes count, how many steps at a time.

    `release_anyway`: whether a release is made although a scrape of the run is unfinished.
    `sites`: whether the assets that ask a site, or stand on one's catalog, are part of it.
    """

    partitions: Sequence[str] = ()
    only: Sequence[str] = ()
    scrapes: bool = True
    jobs: int = 3
    release_anyway: bool = False
    sites: bool = True


def run(
    run_context: RunContext, terminal: Terminal, selection: RunSelection, tell_outcome: "TellOutcome | None" = None
) -> int:
    """Runs the graph, or a part of it; returns the exit status.

    Raises:
        SettingsError, InputError: something asked for does not exist or cannot be.
        LockHeld: another command works on this home.
        NotReady: weights, settings, a device or room are lacking for what is due; nothing was started.
        DiskFull: no room was left on the way.
    """
    from lap_assets.definitions import DEFINITIONS
    from lap_assets.engine.instance import open_instance
    from lap_assets.engine.plan import stale_reasons_for
    from lap_assets.engine.runner import run_pass

    graph, steps = _steps(run_context, selection)
    if selection.scrapes:
        check_kind(run_context.home, run_context.settings)
    began, started = time.monotonic(), time.time()
    with open_instance(run_context.home) as instance, stopping(run_context, terminal):
        outcome = run_pass(
            graph,
            instance,
            run_context,
            steps,
            definitions=DEFINITIONS,
            reasons=stale_reasons_for(run_context, scrapes=selection.scrapes),
            jobs=selection.jobs,
            tell=lambda step, why: terminal.say(f"{step}: {why}"),
            watch=lambda: check_disk_space(run_context.home),
            hold=partial(release_hold, run_context, selection, steps),
        )
        unfinished = _unfinished(graph, instance, steps) if selection.scrapes else {}
    if tell_outcome is not None:
        tell_outcome(outcome)
    for spec in site_specs() if selection.scrapes else ():
        for note in notes_since(spec, run_context, started):
            terminal.say(note)
    return _tell(outcome, unfinished, terminal, time.monotonic() - began)


def look_ahead(run_context: RunContext, selection: RunSelection) -> "Forecast":
    """What `run` would do, without doing it.

    Raises:
        SettingsError, InputError: something asked for does not exist or cannot be.
    """
    from lap_assets.engine.instance import open_instance
    from lap_assets.engine.plan import forecast, stale_reasons_for
    from lap_assets.engine.status import GraphStatus

    graph, steps = _steps(run_context, selection)
    with open_instance(run_context.home) as instance:
        statuses = GraphStatus(graph, instance, run_context.home.tables)
        return forecast(steps, statuses, stale_reasons_for(run_context, scrapes=selection.scrapes))


def _steps(run_context: RunContext, selection: RunSelection) -> "tuple[Graph, list[Step]]":
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph

    for key in selection.partitions:
        id_range(key)
    check_writable(run_context.home)
    graph = Graph(build_definitions(run_context))
    if unknown := sorted(set(selection.only) - set(graph.assets)):
        raise SettingsError(f"no asset {unknown[0]!r}: there are {', '.join(graph.assets)}")
    left_out = set() if selection.sites else _assets_of_sites()
    wanted = [asset for asset in selection.only or graph.unasked if asset not in left_out]
    return graph, graph.steps(wanted, selection.partitions or SUBFOLDERS)


def _assets_of_sites() -> set[str]:
    """The assets that ask a site, and what a scrape is made from."""
    return {
        asset
        for spec in site_specs()
        for asset in (spec.entry.catalog_asset, spec.entry.posters_asset, spec.posters.upstream)
    }


def _tell(outcome: "PassOutcome", unfinished: dict[str, str], terminal: Terminal, seconds: float) -> int:
    """Reports how it ended; returns the exit status."""
    for step, error in outcome.failed.items():
        terminal.say(f"FAILED {step}: {error}")
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


def release_hold(run_context: RunContext, selection: RunSelection, steps: "Sequence[Step]", step: "Step") -> str | None:
    """Why a step is not made: a release waits for the scrapes of its run."""
    if _RELEASE not in step.assets or not selection.scrapes or selection.release_anyway:
        return None
    ours = {slot for one in steps for slot in one.slots}
    left = [str(one) for one in unfinished_scrapes(run_context) if (one.asset, one.partition) in ours]
    if not left:
        return None
    return f"{', '.join(left)} unfinished; the next `lap run` makes it, `lap run --release-anyway` makes a partial one"


def _unfinished(graph: "Graph", instance: "DagsterInstance", steps: "Sequence[Step]") -> dict[str, str]:
    """Scrapes that ended early, and why; the same reason once."""
    from lap_assets.engine.status import GraphStatus
    from lap_assets.metadata import UNFINISHED as MARK

    statuses = GraphStatus(graph, instance, None)
    found: dict[str, str] = {}
    for step in steps:
        if step.pool is None:
            continue
        why = statuses.metadata(step.slots[0], MARK)
        if why and why not in found.values():
            found[str(step)] = str(why)
    return found
