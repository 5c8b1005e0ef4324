"""The partitions that automation makes now, from the present state of the graph."""

from collections.abc import Callable, Collection

from lap_assets.engine.graph import AssetPartition
from lap_assets.engine.status import GraphStatus, Status


class AutomationTargets:
    """The partitions that automation makes now: stale, missing, or failed with attempts left.

    A partition waits while one of its inputs is missing, fails a check, is being made, or must be made first. Only the
    present state counts, so a lost run, tick or cursor is made up for at the next evaluation.
    """

    def __init__(
        self,
        statuses: GraphStatus,
        automatic: Collection[str],
        attempts: int,
        changed: Callable[[AssetPartition], bool] = lambda _: False,
    ) -> None:
        """`automatic`: the assets that automation may make; of other assets, only lost tables are made again.

        `attempts`: the number of tries per partition. `changed`: whether files outside the graph (people's decisions)
        have changed since the partition was made.
        """
        self._statuses = statuses
        self._automatic = automatic
        self._attempts = attempts
        self._changed = changed
        self._pending: dict[AssetPartition, bool] = {}

    def includes(self, slot: AssetPartition) -> bool:
        """Return whether to make the partition now."""
        return self._is_pending(slot) and not any(self._blocks(needed) for needed in self._statuses.graph.needs(slot))

    def _is_pending(self, slot: AssetPartition) -> bool:
        """Return whether the partition must be made, now or once its inputs are ready."""
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
