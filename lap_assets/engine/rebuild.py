"""Rebuilding Dagster's event log from the existing tables after it was lost.

Manifests and catalogs count as made; everything downstream counts as made by unknown code, so that the next refresh
makes it again. Unchanged results make nothing else stale, and rows that a model has made are reused.
"""

from collections.abc import Sequence
from typing import Final

import dagster as dg
from dagster._core.definitions.data_version import CODE_VERSION_TAG

from lap_assets.assets.posters import VERSIONED
from lap_assets.core.errors import TableError
from lap_assets.core.home import Home
from lap_assets.engine.event_log import EventLog
from lap_assets.engine.graph import Graph
from lap_assets.resources import table_path
from lap_assets.sites.specs import site_specs
from lap_assets.table_files import read_table
from lap_assets.versions import content_version

_UNKNOWN: Final = "before the records were lost"


def register_tables(graph: Graph, instance: dg.DagsterInstance, home: Home) -> int:
    """Register every existing table that is not in the event log; return their number."""
    events, scraped = EventLog(graph, instance), _scraped()
    registered = 0
    for asset in graph.assets:  # upstream first, so that the order of the events shows which inputs were there
        for slot in graph.slots(asset):
            if events.latest(slot) is not None:
                continue
            try:
                table = read_table(table_path(home.tables, *slot))
            except TableError:
                continue
            version = content_version(table, scraped.get(asset)).value
            code = {} if asset in scraped else {CODE_VERSION_TAG: _UNKNOWN}
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    asset,
                    partition=slot[1],
                    description="registered again from its table: the records were lost",
                    tags={"dagster/data_version": version, **code},
                )
            )
            registered += 1
    return registered


def _scraped() -> dict[str, Sequence[str] | None]:
    """Return the assets that ask the sites, each with the columns of its data version (None: all)."""
    found: dict[str, Sequence[str] | None] = {}
    for spec in site_specs():
        found[spec.entry.catalog_asset] = spec.catalog.versioned
        found[spec.entry.posters_asset] = VERSIONED
    return found
