"""Which partitions automation makes now, as things stand."""

from collections.abc import Callable, Collection

from lap_assets.engine.graph import AssetPartition
from lap_assets.engine.status import GraphStatus, Status


class AutomationTargets:
    """The partitions that automation makes now: stale or missing, or failed less often than is allowed.

    A partition waits while anything that it is made from is missing, wrong, being made, or to be made first. Since this
    looks at the present state, whatever was lost (a run, a tick, a cursor) is noticed at the next evaluation.
    """

    def __init__(
        self,
        statuses: GraphStatus,
        automatic: Collection[str],
        attempts: int,
        changed: Callable[[AssetPartition], bool] = lambda _: False,
    ) -> None:
        """`automatic`: the assets that automation may make; others only
        where their table is lost. `attempts`: how often it tries one.

        `changed`: whether files outside the graph (people's decisions) differ from what the partition was made from.
        """
        self._statuses = statuses
        self._automatic = automatic
        self._attempts = attempts
        self._changed = changed
        self._pending: dict[AssetPartition, bool] = {}

    def includes(self, slot: AssetPartition) -> bool:
        """Whether to make the partition now."""
        return self._is_pending(slot) and not any(self._blocks(needed) for needed in self._statuses.graph.needs(slot))

    def _is_pending(self, slot: AssetPartition) -> bool:
        """Whether the partition has to be made, now or once its inputs are there."""
        if slot not in self._pending:
            may_make = slot[0] in self._automatic or self._statuses.table_problem(slot) is not None
            self._pending[slot] = may_make and self._lacks(slot)
        return self._pending[slot]

    def _lacks(self, slot: AssetPartition) -> bool:
        status = self._statuses.of(slot)
        if status.status is Status.FAILED:
            return not status.canceled and self._statuses.tries(slot) < self._attempts
        if status.status is Status.RUNNING:
            return False
        return status.status is not Status.FRESH or self._changed(slot)

    def _blocks(self, needed: AssetPartition) -> bool:
        status = self._statuses.of(needed).status
        if status in (Status.MISSING, Status.RUNNING) or self._is_pending(needed):
            return True
        if self._statuses.table_problem(needed):
            return True
        return self._statuses.event_log.latest(needed) is None or self._statuses.has_failed_checks(needed)
