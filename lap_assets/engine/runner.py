"""One pass over a home: check the requirements, run the steps that have reasons to run, end the step runner."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.plan import StaleReasons, forecast
from lap_assets.engine.preflight import check_ready
from lap_assets.engine.records import Records
from lap_assets.engine.scheduler import PassOutcome, Scheduler, StepRunner
from lap_assets.engine.status import GraphStatus
from lap_assets.run_context import RunContext


def run_pass(
    runner: AbstractContextManager[StepRunner],
    graph: Graph,
    records: Records,
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
    with _no_run_left_open(records), runner as pool:
        statuses = GraphStatus(graph, records, run_context.home.tables)
        ahead = forecast(steps, statuses, reasons)
        if not ahead.certain:
            return PassOutcome()
        check_ready(run_context, ahead)
        with run_context.progress.task("steps", len(ahead.certain) + len(ahead.possible)) as advance:
            scheduler = Scheduler(
                statuses,
                run_context,
                pool,
                reasons=reasons,
                on_start=on_start,
                watch=watch,
                hold=hold,
                advance=advance,
            )
            return scheduler.run(steps)


@contextmanager
def _no_run_left_open(records: Records) -> Iterator[None]:
    """Close runs that killed workers left open: those of earlier passes, and of this one if it is interrupted."""
    records.close_abandoned_runs()
    try:
        yield
    finally:
        records.close_abandoned_runs()
