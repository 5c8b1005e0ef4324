"""One pass over a home: lock it, start workers, check what is lacking, run what has reasons to run, let go."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import dagster as dg

from lap_assets.core.locks import held
from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.instance import no_run_left_open
from lap_assets.engine.plan import StaleReasons, forecast
from lap_assets.engine.preflight import check_ready
from lap_assets.engine.scheduler import PassOutcome, Scheduler, StepRunner
from lap_assets.engine.status import GraphStatus
from lap_assets.engine.worker_pool import WorkerPool
from lap_assets.run_context import RunContext


def run_pass(
    graph: Graph,
    instance: dg.DagsterInstance,
    run_context: RunContext,
    steps: Sequence[Step],
    *,
    definitions: str,
    reasons: StaleReasons,
    jobs: int,
    tell: Callable[[Step, str], None],
    watch: Callable[[], None] = lambda: None,
    hold: Callable[[Step], str | None] = lambda _: None,
) -> PassOutcome:
    """Runs what has to run of `steps` in at most `jobs` processes; `tell` gets each that starts, and its reason.

    `definitions`: `module:function` of what makes the graph's definitions of a run context, for the worker processes.

    Raises:
        LockHeld: another pass works on this home.
        NotReady: what is due lacks weights, settings, a device or room; nothing was started.
    """
    environment = {**os.environ, **run_context.settings.as_environment()}
    logs = run_context.home.state / "logs"
    return run_pass_in(
        WorkerPool(jobs, definitions, environment, logs, run_context.progress),
        graph,
        instance,
        run_context,
        steps,
        reasons=reasons,
        tell=tell,
        watch=watch,
        hold=hold,
    )


def run_pass_in(
    runner: AbstractContextManager[StepRunner],
    graph: Graph,
    instance: dg.DagsterInstance,
    run_context: RunContext,
    steps: Sequence[Step],
    *,
    reasons: StaleReasons,
    tell: Callable[[Step, str], None],
    watch: Callable[[], None] = lambda: None,
    hold: Callable[[Step], str | None] = lambda _: None,
) -> PassOutcome:
    """The same, by what carries out the steps; it is ended with the pass, however that ends.

    Raises:
        LockHeld: another pass works on this home.
        NotReady: what is due lacks weights, settings, a device or room; nothing was started.
    """
    with held(run_context.home.state / "run.lock", wait=False), no_run_left_open(instance), runner as pool:
        ahead = forecast(steps, GraphStatus(graph, instance, run_context.home.tables), reasons)
        if not ahead.certain:
            return PassOutcome()
        check_ready(run_context, ahead)
        with run_context.progress.task("steps", len(ahead.certain) + len(ahead.possible)) as advance:
            scheduler = Scheduler(
                graph, instance, run_context, pool, reasons=reasons, tell=tell, watch=watch, hold=hold, advance=advance
            )
            return scheduler.run(steps)
