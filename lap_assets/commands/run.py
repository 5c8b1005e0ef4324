"""`lap run` and `lap refresh`: make what is missing, stale or failed, upstream first; `lap run` also makes due work."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lap_assets.commands.console import Terminal
from lap_assets.commands.run_selection import RunSelection, check, release_hold, selected_steps
from lap_assets.commands.stopping import stopping
from lap_assets.core.disk_space import check_disk_space
from lap_assets.core.home import Home
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext

if TYPE_CHECKING:
    from lap_assets.engine.plan import Forecast
    from lap_assets.engine.scheduler import PassOutcome
    from lap_assets.engine.worker_pool import WorkerPool

    OnOutcome = Callable[[PassOutcome], None]

_DEFINITIONS = "lap_assets.definitions:build_definitions"
"""The function that builds the definitions in a worker process."""


def run(
    run_context: RunContext, terminal: Terminal, selection: RunSelection, on_outcome: "OnOutcome | None" = None
) -> int:
    """Run the graph, or a part of it, and return the exit status.

    Raises:
        SettingsError, InputError: a setting or option is invalid.
        LockHeld: another command is using this home.
        NotReady: weights, settings, a device or disk space are missing; nothing was started.
        DiskFull: the disk filled up during the run.
    """
    from lap_assets.engine.worker_pool import WorkerPool

    check(run_context, selection)
    with (
        held(run_context.home.run_lock, wait=False),
        WorkerPool.of(run_context, _DEFINITIONS, selection.jobs) as workers,
    ):
        if _is_work_likely(run_context.home):
            workers.warm_up()  # the worker imports its modules while this process imports its own
        return _run(workers, run_context, terminal, selection, on_outcome)


def _is_work_likely(home: Home) -> bool:
    """Return whether files of people are newer than the event log, or there is none.

    A guess that saves time and decides nothing: without it, the first worker starts when the plan has a step for it.
    """
    logged = max(map(_changed_at, (home.event_log, home.event_log.with_name(f"{home.event_log.name}-wal"))))
    return not logged or any(_changed_at(path) > logged for path in (*home.labels.glob("*"), *home.verdicts.glob("*")))


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # removed meanwhile, or unreadable: then the plan says so
        return 0.0


def _run(
    workers: "WorkerPool",
    run_context: RunContext,
    terminal: Terminal,
    selection: RunSelection,
    on_outcome: "OnOutcome | None",
) -> int:
    from lap_assets.commands.run_end import health_notes, report_end, unfinished_in
    from lap_assets.engine.plan import stale_reasons_for
    from lap_assets.engine.records import open_records
    from lap_assets.engine.runner import run_pass

    graph, steps = selected_steps(run_context, selection)
    began, started = time.monotonic(), time.time()
    with open_records(run_context.home) as records, stopping(run_context, terminal):
        outcome = run_pass(
            workers,
            graph,
            records,
            run_context,
            steps,
            reasons=stale_reasons_for(run_context, scrapes=selection.scrapes),
            on_start=lambda step, why: terminal.say(f"{step}: {why}"),
            watch=lambda: check_disk_space(run_context.home),
            hold=partial(release_hold, run_context, selection, steps),
        )
        unfinished = unfinished_in(graph, records, steps) if selection.scrapes else {}
    if on_outcome is not None:
        on_outcome(outcome)
    for note in health_notes(run_context, started) if selection.scrapes else ():
        terminal.say(note)
    return report_end(outcome, unfinished, terminal, time.monotonic() - began)


def look_ahead(run_context: RunContext, selection: RunSelection) -> "Forecast":
    """Return what `run` would do, without doing it.

    Raises:
        SettingsError, InputError: a setting or option is invalid.
    """
    from lap_assets.engine.plan import forecast, stale_reasons_for
    from lap_assets.engine.records import open_records
    from lap_assets.engine.status import GraphStatus

    check(run_context, selection)
    graph, steps = selected_steps(run_context, selection)
    with open_records(run_context.home) as records:
        statuses = GraphStatus(graph, records, run_context.home.tables)
        return forecast(steps, statuses, stale_reasons_for(run_context, scrapes=selection.scrapes))
