"""Events that mark partitions as stale after the id ranges of their subfolders changed."""

from collections.abc import Sequence
from typing import Final

import dagster as dg
from dagster._core.definitions.data_version import CODE_VERSION_TAG

from lap_assets.engine.graph import Graph
from lap_assets.engine.status import GraphStatus

_NOTE: Final = "before another cut"


def mark_changed(graph: Graph, instance: dg.DagsterInstance, subfolders: Sequence[str]) -> int:
    """Mark these subfolders' partitions as stale because their id ranges changed; return how many were marked.

    Earlier events stay. A mark is an event with the partition's data version and a code version that no asset has.
    """
    statuses = GraphStatus(graph, instance, None)
    marked = 0
    for asset in graph.assets:
        if not graph.is_partitioned(asset):
            continue
        for key in subfolders:
            version = statuses.version((asset, key))
            if version is None:
                continue
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    asset,
                    partition=key,
                    description=f"The ids of subfolder {key} changed: its content was moved and will be made again.",
                    tags={"dagster/data_version": version, CODE_VERSION_TAG: _NOTE},
                )
            )
            marked += 1
    return marked
