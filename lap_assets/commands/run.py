"""`lap run` and `lap refresh`: make what is missing, stale or failed, upstream first; `lap run` also what is due."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from lap_assets.commands.console import Terminal
from lap_assets.commands.run_selection import RunSelection, check, release_hold, selected_steps
from lap_assets.commands.stopping import stopping
from lap_assets.core.disk_space import check_disk_space
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext

if TYPE_CHECKING:
    from lap_assets.engine.plan import Forecast
    from lap_assets.engine.scheduler import PassOutcome
    from lap_assets.engine.worker_pool import WorkerPool

    TellOutcome = Callable[[PassOutcome], None]

_DEFINITIONS = "lap_assets.definitions:build_definitions"
"""Where worker processes find the function that makes the graph."""


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
    from lap_assets.engine.worker_pool import WorkerPool

    check(run_context, selection)
    with (
        held(run_context.home.run_lock, wait=False),
        WorkerPool.of(run_context, _DEFINITIONS, selection.jobs) as workers,
    ):
        workers.warm_up()  # imports what this process imports, beside it
        return _run(workers, run_context, terminal, selection, tell_outcome)


def _run(
    workers: "WorkerPool",
    run_context: RunContext,
    terminal: Terminal,
    selection: RunSelection,
    tell_outcome: "TellOutcome | None",
) -> int:
    from lap_assets.commands.run_end import health_notes, report_end, unfinished_in
    from lap_assets.engine.instance import open_instance
    from lap_assets.engine.plan import stale_reasons_for
    from lap_assets.engine.runner import run_pass

    graph, steps = selected_steps(run_context, selection)
    began, started = time.monotonic(), time.time()
    with open_instance(run_context.home) as instance, stopping(run_context, terminal):
        outcome = run_pass(
            workers,
            graph,
            instance,
            run_context,
            steps,
            reasons=stale_reasons_for(run_context, scrapes=selection.scrapes),
            tell=lambda step, why: terminal.say(f"{step}: {why}"),
            watch=lambda: check_disk_space(run_context.home),
            hold=partial(release_hold, run_context, selection, steps),
        )
        unfinished = unfinished_in(graph, instance, steps) if selection.scrapes else {}
    if tell_outcome is not None:
        tell_outcome(outcome)
    for note in health_notes(run_context, started) if selection.scrapes else ():
        terminal.say(note)
    return report_end(outcome, unfinished, terminal, time.monotonic() - began)


def look_ahead(run_context: RunContext, selection: RunSelection) -> "Forecast":
    """What `run` would do, without doing it.

    Raises:
        SettingsError, InputError: something asked for does not exist or cannot be.
    """
    from lap_assets.engine.instance import open_instance
    from lap_assets.engine.plan import forecast, stale_reasons_for
    from lap_assets.engine.status import GraphStatus

    check(run_context, selection)
    graph, steps = selected_steps(run_context, selection)
    with open_instance(run_context.home) as instance:
        statuses = GraphStatus(graph, instance, run_context.home.tables)
        return forecast(steps, statuses, stale_reasons_for(run_context, scrapes=selection.scrapes))
