"""One pass over a home: lock it, start workers, run what has causes to run, let go. For commands and for jobs."""

import os
from collections.abc import Callable, Sequence

import dagster as dg

from lap_assets.core.locks import held
from lap_assets.engine.causes import Causes
from lap_assets.engine.crew import Crew
from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.instance import close_abandoned_runs
from lap_assets.engine.scheduler import Outcome, Scheduler
from lap_assets.run_context import RunContext


def run_pass(
    graph: Graph,
    instance: dg.DagsterInstance,
    run_context: RunContext,
    steps: Sequence[Step],
    *,
    definitions: str,
    causes: Causes,
    jobs: int,
    tell: Callable[[Step, str], None],
    watch: Callable[[], None] = lambda: None,
) -> Outcome:
    """Runs what has to run of `steps` in at most `jobs` processes; `tell` hears of each that starts, and why.

    `definitions`: `module:function` of what makes the graph's definitions of a run context, for the worker processes.

    Raises:
        LockHeld: another pass works on this home.
    """
    environment = {**os.environ, **run_context.settings.as_environment()}
    with (
        held(run_context.home.state / "run.lock", wait=False),
        Crew(jobs, definitions, environment, run_context.home.state / "logs", run_context.progress) as crew,
    ):
        close_abandoned_runs(instance)
        return Scheduler(graph, instance, run_context, crew, causes=causes, tell=tell, watch=watch).run(steps)
