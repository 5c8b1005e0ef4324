"""What Dagster is told when the ids are cut into other subfolders: whose partitions are not what they were."""

from collections.abc import Sequence
from typing import Final

import dagster as dg
from dagster._core.definitions.data_version import CODE_VERSION_TAG

from lap_assets.engine.graph import Graph
from lap_assets.engine.standing import Standings

_NOTE: Final = "before another cut"


def mark_changed(graph: Graph, instance: dg.DagsterInstance, subfolders: Sequence[str]) -> int:
    """Notes in the history of these partitions that their ids changed, so that they are stale; gives how many.

    Their earlier events stay. A note is an event with the data version that the partition had, and with no asset's
    code version.
    """
    standings = Standings(graph, instance)
    marked = 0
    for asset in graph.assets:
        if not graph.is_partitioned(asset):
            continue
        for key in subfolders:
            version = standings.version((asset, key))
            if version is None:
                continue
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    asset,
                    partition=key,
                    description=f"The ids of subfolder {key} changed: what it held was moved, and is made again.",
                    tags={"dagster/data_version": version, CODE_VERSION_TAG: _NOTE},
                )
            )
            marked += 1
    return marked
