"""`lap worker`: a worker of a cluster for some of its queues; it keeps models loaded."""

import os
from collections.abc import Sequence

from lap_assets.commands.home import check_writable
from lap_assets.core.errors import SettingsError
from lap_assets.posters.repartition import check_subfolders
from lap_assets.queues import RUNS, step_queues
from lap_assets.run_context import RunContext


def work(run_context: RunContext, queues: Sequence[str]) -> int:
    """Process tasks until SIGTERM; return the exit status.

    Raises:
        SettingsError: there is no such queue, no broker, no Dagster home, or the packages for a cluster are missing.
    """
    from lap_assets.cluster.broker import broker_app

    if unknown := sorted(set(queues) - {RUNS, *step_queues()}):
        raise SettingsError(f"--queue {unknown[0]}: expected one of {', '.join((RUNS, *step_queues()))}")
    if RUNS in queues and len(set(queues)) > 1:
        raise SettingsError(f"--queue {RUNS}: cannot share a worker with other queues (a run would wait for itself)")
    check_writable(run_context.home)
    check_subfolders(run_context.home)
    kept = run_context.settings.model_copy(update={"keep_models": True})
    os.environ.update(kept.as_environment())
    home = os.environ.setdefault("DAGSTER_HOME", str(run_context.home.dagster))
    if not os.path.exists(os.path.join(home, "dagster.yaml")):  # noqa: PTH110, PTH118 - a name from the environment
        raise SettingsError(f"DAGSTER_HOME={home}: no dagster.yaml; copy the one from deploy/ into it")
    broker_app(kept)
    from lap_assets.cluster.worker import work as work_on
    from lap_assets.definitions import build_definitions

    return work_on(kept, list(dict.fromkeys(queues)), lambda: build_definitions(RunContext(kept)))
