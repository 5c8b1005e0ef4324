"""The automation condition of every asset that is made by default: it is out of date, and its inputs are ready.

It evaluates the present state, not past events: a lost run or cursor does no harm, and an unchanged result starts
nothing.
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
    """Return the catalog assets, which run only when a person or a schedule requests them.

    Automation makes a catalog again only if its table is lost.
    """
    return frozenset(entry.catalog_asset for entry in sites())


class OutOfDate(dg.AutomationCondition[dg.AssetKey]):
    """True for partitions that are stale, missing, or failed fewer than `LAP_ATTEMPTS` times, and can be made now."""

    def __init__(self, run_context: RunContext) -> None:
        self._run_context = run_context

    @property
    def name(self) -> str:
        """The name in the UI."""
        return "out_of_date"

    @property
    def description(self) -> str:
        """The description in the UI."""
        return "stale, missing or failed (a bounded number of times), with all inputs present"

    def evaluate(self, context: Any) -> dg.AutomationResult[dg.AssetKey]:
        """Select the candidates that should be made now."""
        view, key = context.asset_graph_view, context.key
        targets = _targets(view, self._run_context)
        asset = key.to_user_string()
        candidates = context.candidate_subset.expensively_compute_asset_partitions()
        chosen = {one for one in candidates if targets.includes((asset, one.partition_key))}
        subset = view.get_asset_subset_from_asset_partitions(
            key, {AssetKeyPartitionKey(key, one.partition_key) for one in chosen}
        )
        return dg.AutomationResult(context, subset)


@lru_cache(maxsize=1)
def _targets(view: Any, run_context: RunContext) -> AutomationTargets:
    """Read the event log and people's files once for all assets of an evaluation."""
    graph = Graph(view.asset_graph)
    statuses = GraphStatus(graph, view.instance, run_context.home.tables)
    automatic = frozenset(graph.made_by_default) - on_request()
    changed = partial(review_changes, statuses=statuses, run_context=run_context)
    return AutomationTargets(statuses, automatic, run_context.settings.attempts, lambda slot: bool(changed(slot)))
