"""The condition on every asset that may be made unasked: it is out of date, and what it is made from is there.

It looks at how things stand, not at what happened since: a lost run or a lost cursor loses nothing, and what was made
the same again starts nothing.
"""

from functools import lru_cache, partial
from typing import Any

import dagster as dg
from dagster._core.definitions.events import AssetKeyPartitionKey

from lap_assets.core.sites import sites
from lap_assets.engine.automation_targets import AutomationTargets
from lap_assets.engine.graph import Graph
from lap_assets.engine.plan import review_changes
from lap_assets.engine.status import GraphStatus
from lap_assets.run_context import RunContext


def on_request() -> frozenset[str]:
    """The assets that ask the sites for their catalogs: they run when a person or a schedule asks for them.

    Unasked, only a catalog whose table is lost is made again.
    """
    return frozenset(entry.catalog_asset for entry in sites())


class OutOfDate(dg.AutomationCondition[dg.AssetKey]):
    """True for partitions that are stale or missing, or failed fewer than `LAP_ATTEMPTS` times, and can be made now."""

    def __init__(self, run_context: RunContext) -> None:
        self._run_context = run_context

    @property
    def name(self) -> str:
        """What the UI calls it."""
        return "out_of_date"

    @property
    def description(self) -> str:
        """What the UI says of it."""
        return "stale, missing or failed (a bounded number of times), with all inputs present"

    def evaluate(self, context: Any) -> dg.AutomationResult[dg.AssetKey]:
        """Keeps the candidates that are to be made now."""
        view, key = context.asset_graph_view, context.key
        targets = _look(view, self._run_context)
        asset = key.to_user_string()
        candidates = context.candidate_subset.expensively_compute_asset_partitions()
        chosen = {one for one in candidates if targets.includes((asset, one.partition_key))}
        subset = view.get_asset_subset_from_asset_partitions(
            key, {AssetKeyPartitionKey(key, one.partition_key) for one in chosen}
        )
        return dg.AutomationResult(context, subset)


@lru_cache(maxsize=1)
def _look(view: Any, run_context: RunContext) -> AutomationTargets:
    """One look at the event log, and at people's files, for all assets of one evaluation."""
    graph = Graph(view.asset_graph)
    statuses = GraphStatus(graph, view.instance, run_context.home.tables)
    automatic = frozenset(graph.unasked) - on_request()
    changed = partial(review_changes, statuses=statuses, run_context=run_context)
    return AutomationTargets(statuses, automatic, run_context.settings.attempts, lambda slot: bool(changed(slot)))
