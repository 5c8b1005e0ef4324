"""Jobs: `refresh_stale`, which does from the UI what `lap refresh` does from the command line, with Dagster's runs."""

import dagster as dg

from lap_assets.core.locks import held
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Graph
from lap_assets.engine.launched_runs import LaunchedRuns
from lap_assets.engine.plan import as_rows, stale_reasons_for
from lap_assets.engine.runner import run_pass
from lap_assets.engine.scheduler import PassOutcome
from lap_assets.run_context import RunContext


class RefreshConfig(dg.Config):
    """How many runs are asked for at a time; dagster.yaml says how many of all runs work side by side."""

    jobs: int = 4


@dg.op(description="Asks for a run of each step that is missing, stale or failed, upstream first, until all is fresh.")
def make_what_is_stale(
    context: dg.OpExecutionContext, run_context: dg.ResourceParam[RunContext], config: RefreshConfig
) -> None:
    """One pass over the graph; canceling it cancels the runs that it asked for.

    Raises:
        Failure: steps failed.
    """
    outcome = _refresh(context, run_context, config.jobs)
    made = outcome.ran
    context.log.info(f"{len(made)} steps made, {len(outcome.failed)} failed, {len(outcome.held_back)} held back")
    context.add_output_metadata({"made": len(made), "steps": dg.MetadataValue.json(as_rows(made))})
    if outcome.failed:
        reasons = "; ".join(f"{step}: {error}" for step, error in outcome.failed.items())
        raise dg.Failure(reasons, allow_retries=False)


@dg.job(
    executor_def=dg.in_process_executor,
    description="Makes what is missing, stale or failed, and nothing else. Launch it whenever something is stale. "
    "Each step is a run of its own, tagged lap/refresh; terminating this run terminates them.",
)
def refresh_stale() -> None:
    """The job: one op."""
    make_what_is_stale()


def _refresh(context: dg.OpExecutionContext, run_context: RunContext, jobs: int) -> PassOutcome:
    logged = run_context.logging_to(context.log.info)
    graph = Graph(context.repository_def.asset_graph)
    with held(run_context.home.run_lock, wait=False):
        return run_pass(
            LaunchedRuns(context, jobs),
            graph,
            context.instance,
            logged,
            graph.steps(graph.unasked, SUBFOLDERS),
            reasons=stale_reasons_for(logged, scrapes=False),
            tell=lambda step, why: context.log.info(f"{step}: {why}"),
        )
