"""Jobs: `refresh_stale`, which does from the UI what `lap refresh` does from the command line."""

from pathlib import Path

import dagster as dg

from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import Graph
from lap_assets.engine.plan import as_rows, stale_reasons_for
from lap_assets.engine.runner import PassOutcome, run_pass
from lap_assets.run_context import RunContext


class RefreshConfig(dg.Config):
    """How many steps run side by side."""

    jobs: int = 2


def refresh_job(definitions: str) -> dg.JobDefinition:
    """The job. `definitions`: `module:function` of what makes the graph's definitions of a run context."""

    @dg.op(description="Makes what is missing, stale or failed, upstream first, until all is fresh.")
    def make_what_is_stale(
        context: dg.OpExecutionContext, run_context: dg.ResourceParam[RunContext], config: RefreshConfig
    ) -> None:
        """One pass over the graph; each step is a run of its own, to be seen among the runs.

        Raises:
            Failure: steps failed, or this Dagster is not the home's own.
        """
        outcome = _refresh(context, run_context, definitions, config.jobs)
        made = outcome.ran
        context.log.info(f"{len(made)} steps made, {len(outcome.failed)} failed, {len(outcome.held_back)} held back")
        context.add_output_metadata({"made": len(made), "steps": dg.MetadataValue.json(as_rows(made))})
        if outcome.failed:
            reasons = "; ".join(f"{step}: {error}" for step, error in outcome.failed.items())
            raise dg.Failure(reasons, allow_retries=False)

    @dg.job(
        executor_def=dg.in_process_executor,
        description="Makes what is missing, stale or failed, and nothing else. Launch it whenever something is stale.",
    )
    def refresh_stale() -> None:
        """The job: one op."""
        make_what_is_stale()

    return refresh_stale


def _refresh(context: dg.OpExecutionContext, run_context: RunContext, definitions: str, jobs: int) -> PassOutcome:
    own, here = run_context.home.dagster, context.instance.root_directory
    if Path(here).resolve() != own.resolve():
        raise dg.Failure(f"this Dagster keeps its records in {here}, the home in {own}: set DAGSTER_HOME")
    logged = run_context.logging_to(context.log.info)
    graph = Graph(context.repository_def.asset_graph)
    return run_pass(
        graph,
        context.instance,
        logged,
        graph.steps(graph.assets, SUBFOLDERS),
        definitions=definitions,
        reasons=stale_reasons_for(logged, scrapes=False),
        jobs=jobs,
        tell=lambda step, why: context.log.info(f"{step}: {why}"),
    )
