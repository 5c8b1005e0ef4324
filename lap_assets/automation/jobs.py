"""Jobs: `refresh_stale`, the counterpart of `lap refresh` in the UI; it launches Dagster runs."""

import dagster as dg

from lap_assets.core.locks import held
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Graph
from lap_assets.engine.launched_runs import LaunchedRuns
from lap_assets.engine.plan import as_rows, stale_reasons_for
from lap_assets.engine.records import InstanceRecords
from lap_assets.engine.runner import run_pass
from lap_assets.engine.scheduler import PassOutcome
from lap_assets.run_context import RunContext


class RefreshConfig(dg.Config):
    """How many runs are requested at a time; dagster.yaml limits how many runs execute in parallel."""

    jobs: int = 4


@dg.op(description="Requests a run of each missing, stale or failed step, upstream first, until everything is fresh.")
def make_what_is_stale(
    context: dg.OpExecutionContext, run_context: dg.ResourceParam[RunContext], config: RefreshConfig
) -> None:
    """Make one pass over the graph; canceling it cancels the runs that it requested.

    Raises:
        Failure: steps failed.
    """
    outcome = _refresh(context, run_context, config.jobs)
    ran = outcome.ran
    context.log.info(f"{len(ran)} steps made, {len(outcome.failed)} failed, {len(outcome.held_back)} held back")
    context.add_output_metadata({"made": len(ran), "steps": dg.MetadataValue.json(as_rows(ran))})
    if outcome.failed:
        reasons = "; ".join(f"{step}: {error}" for step, error in outcome.failed.items())
        raise dg.Failure(reasons, allow_retries=False)


@dg.job(
    executor_def=dg.in_process_executor,
    description="Makes what is missing, stale or failed, and nothing else. Launch it whenever something is stale. "
    "Each step is a separate run, tagged lap/refresh; terminating this run terminates them.",
)
def refresh_stale() -> None:
    """The job, with one op."""
    make_what_is_stale()


def _refresh(context: dg.OpExecutionContext, run_context: RunContext, jobs: int) -> PassOutcome:
    logged = run_context.logging_to(context.log.info)
    graph = Graph(context.repository_def.asset_graph)
    with held(run_context.home.run_lock, wait=False):
        return run_pass(
            LaunchedRuns(context, jobs),
            graph,
            InstanceRecords(context.instance),
            logged,
            graph.steps(graph.made_by_default, SUBFOLDERS),
            reasons=stale_reasons_for(logged, scrapes=False),
            on_start=lambda step, why: context.log.info(f"{step}: {why}"),
        )
