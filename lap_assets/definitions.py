"""The one thing that Dagster loads: assets, checks, resources put together. No logic of its own."""

import dagster as dg

from lap_assets.assets import catalog, decisions, images, posters, release
from lap_assets.assets.decisions import resolution_assets
from lap_assets.assets.duplicates import duplicate_assets
from lap_assets.checks import CHECKS
from lap_assets.resources import TableStore
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace


def build_definitions(workplace: Workplace) -> dg.Definitions:
    """The whole graph, working in `workplace`."""
    return dg.Definitions(
        assets=[
            *dg.load_assets_from_modules([catalog, posters, decisions, images, release]),
            *duplicate_assets(workplace.settings),
            *resolution_assets(workplace.settings),
        ],
        asset_checks=CHECKS,
        executor=dg.in_process_executor,
        resources={
            "workplace": workplace,
            "io_manager": TableStore(base_dir=str(workplace.home.tables)),
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The graph that the UI and the daemon load, as the environment's settings say."""
    return build_definitions(Workplace(Settings.load()))
