"""One pass over a home: lock it, start workers, run what has causes to run, let go. For commands and for jobs."""

import os
from collections.abc import Callable, Sequence

import dagster as dg

from lap_assets.engine.causes import Causes
from lap_assets.engine.crew import Crew
from lap_assets.engine.graph import Graph, Step
from lap_assets.engine.instance import close_abandoned_runs
from lap_assets.engine.scheduler import Outcome, Scheduler
from lap_assets.locks import held
from lap_assets.workplace import Workplace


def run_pass(
    graph: Graph,
    instance: dg.DagsterInstance,
    workplace: Workplace,
    steps: Sequence[Step],
    *,
    causes: Causes,
    jobs: int,
    tell: Callable[[Step, str], None],
    watch: Callable[[], None] = lambda: None,
) -> Outcome:
    """Runs what has to run of `steps` in at most `jobs` processes; `tell` hears of each that starts, and why.

    Raises:
        LockHeld: another pass works on this home.
    """
    environment = {**os.environ, **workplace.settings.as_environment()}
    with (
        held(workplace.home.state / "run.lock", wait=False),
        Crew(jobs, environment, workplace.home.state / "logs", workplace.progress) as crew,
    ):
        close_abandoned_runs(instance)
        return Scheduler(graph, instance, workplace, crew, causes=causes, tell=tell, watch=watch).run(steps)
