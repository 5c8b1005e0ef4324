"""One pass over a home: check the requirements, run the steps that have reasons to run, end the step runner."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import dagster as dg

from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.instance import no_run_left_open
from lap_assets.engine.plan import StaleReasons, forecast
from lap_assets.engine.preflight import check_ready
from lap_assets.engine.scheduler import PassOutcome, Scheduler, StepRunner
from lap_assets.engine.status import GraphStatus
from lap_assets.run_context import RunContext


def run_pass(
    runner: AbstractContextManager[StepRunner],
    graph: Graph,
    instance: dg.DagsterInstance,
    run_context: RunContext,
    steps: Sequence[Step],
    *,
    reasons: StaleReasons,
    on_start: Callable[[Step, str], None],
    watch: Callable[[], None] = lambda: None,
    hold: Callable[[Step], str | None] = lambda _: None,
) -> PassOutcome:
    """Run those of `steps` that have reasons to run; `on_start` receives each started step and its reason.

    The caller holds the home's run lock. `runner` executes the steps and is closed at the end of the pass.

    Raises:
        NotReady: weights, settings, a device or disk space are missing; nothing was started.
    """
    with no_run_left_open(instance), runner as pool:
        ahead = forecast(steps, GraphStatus(graph, instance, run_context.home.tables), reasons)
        if not ahead.certain:
            return PassOutcome()
        check_ready(run_context, ahead)
        with run_context.progress.task("steps", len(ahead.certain) + len(ahead.possible)) as advance:
            scheduler = Scheduler(
                graph,
                instance,
                run_context,
                pool,
                reasons=reasons,
                on_start=on_start,
                watch=watch,
                hold=hold,
                advance=advance,
            )
            return scheduler.run(steps)
