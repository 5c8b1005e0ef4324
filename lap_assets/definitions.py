"""What Dagster loads: assets, checks, automation and resources, assembled. No logic of its own."""

from typing import Any

import dagster as dg

from lap_assets.assets import decisions
from lap_assets.assets.boxes import box_assets
from lap_assets.assets.catalog import catalog_assets
from lap_assets.assets.decisions import resolution_assets
from lap_assets.assets.duplicates import embedding_assets, hash_assets
from lap_assets.assets.images import image_assets
from lap_assets.assets.models import chosen_embedder, chosen_face_detector, chosen_head_detector, chosen_upscaler
from lap_assets.assets.posters import poster_assets
from lap_assets.assets.refined import refined_assets
from lap_assets.assets.release import release_assets
from lap_assets.assets.review import review_assets
from lap_assets.assets.training import training_assets
from lap_assets.automation.condition import OutOfDate
from lap_assets.automation.jobs import refresh_stale
from lap_assets.automation.schedules import schedules
from lap_assets.automation.sensors import keep_fresh, people_decided
from lap_assets.automation.stock import home_status, take_stock
from lap_assets.automation.training import train_again
from lap_assets.checks import asset_checks
from lap_assets.core.home import Home
from lap_assets.duplicates.rules import rules_from
from lap_assets.queues import ON_REQUEST
from lap_assets.run_context import STOP, RunContext
from lap_assets.settings import Settings
from lap_assets.startup import load_run_context

OWNER = "team:lap"


def build_definitions(run_context: RunContext) -> dg.Definitions:
    """Return the definitions of the whole graph for `run_context`."""
    settings = run_context.settings
    rules = rules_from(settings.rules)
    out_of_date = OutOfDate(run_context)
    assets: list[Any] = [
        *catalog_assets(),
        *poster_assets(),
        *dg.load_assets_from_modules([decisions]),
        *hash_assets(rules),
        *embedding_assets(chosen_embedder(settings), rules),
        *resolution_assets(rules),
        *review_assets(rules),
        *image_assets(chosen_upscaler(settings)),
        *box_assets(chosen_face_detector(settings), chosen_head_detector(settings)),
        *refined_assets(),
        *release_assets(settings),
        *training_assets(settings),
    ]

    def finished(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec.replace_attributes(
            owners=[OWNER], automation_condition=None if ON_REQUEST in spec.tags else out_of_date
        )

    return dg.Definitions(
        assets=[*dg.with_source_code_references(dg.map_asset_specs(finished, assets)), home_status],
        asset_checks=asset_checks(),
        jobs=[refresh_stale],
        sensors=[keep_fresh, people_decided, train_again, take_stock],
        schedules=schedules(),
        executor=_executor(settings),
        resources={
            "run_context": run_context,
            "io_manager": _table_store(run_context.home),
        },
    )


def _table_store(home: Home) -> dg.IOManagerDefinition:
    """Return the IO manager of the home's tables, loaded when a step first needs it."""

    @dg.io_manager(description="Stores tables as Parquet files in the home's folder of tables.")
    def table_store(context: dg.InitResourceContext) -> dg.IOManager:
        from lap_assets.table_store import TableStore

        store = TableStore(base_dir=str(home.tables))
        store.setup_for_execution(context)
        return store

    return table_store


def _executor(settings: Settings) -> dg.ExecutorDefinition:
    """Return the executor of a run's steps: the run's own process, or a cluster's workers."""
    if settings.broker_url is None:
        return dg.in_process_executor
    from lap_assets.cluster.executor import cluster_executor

    return cluster_executor


@dg.definitions
def defs() -> dg.Definitions:
    """Return the graph that the UI and the daemon load, with the environment's settings."""
    return build_definitions(load_run_context(stop=STOP))
