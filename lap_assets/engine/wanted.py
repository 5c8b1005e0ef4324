"""Which partitions are to be made unasked: what is stale or missing, or failed less often than is allowed.

A partition waits while anything that it is made from is missing, wrong, being made, or to be made first. So whatever
was lost on the way (a run, a tick, a cursor) is noticed the next time somebody looks.
"""

from collections.abc import Callable, Collection

from lap_assets.engine.graph import Slot
from lap_assets.engine.standing import Standings, Status


class Wanted:
    """A look at one moment."""

    def __init__(
        self,
        standings: Standings,
        automatic: Collection[str],
        attempts: int,
        changed: Callable[[Slot], bool] = lambda _: False,
    ) -> None:
        """`automatic`: the assets that may be made unasked. `attempts`: how often one is tried.

        `changed` tells whether files that the graph does not know of (people's decisions) are others by now.
        """
        self._standings = standings
        self._automatic = automatic
        self._attempts = attempts
        self._changed = changed
        self._pending: dict[Slot, bool] = {}

    def now(self, slot: Slot) -> bool:
        """Whether the partition is to be made now."""
        return self._is_pending(slot) and not any(
            self._holds_up(needed) for needed in self._standings.graph.needs(slot)
        )

    def _is_pending(self, slot: Slot) -> bool:
        """Whether the partition is to be made, now or once what it is made from is there."""
        if slot not in self._pending:
            self._pending[slot] = slot[0] in self._automatic and self._lacks(slot)
        return self._pending[slot]

    def _lacks(self, slot: Slot) -> bool:
        standing = self._standings.of(slot)
        if standing.status is Status.FAILED:
            return not standing.called_off and self._standings.tries(slot) < self._attempts
        if standing.status is Status.RUNNING:
            return False
        return standing.status is not Status.FRESH or self._changed(slot)

    def _holds_up(self, needed: Slot) -> bool:
        status = self._standings.of(needed).status
        if status in (Status.MISSING, Status.RUNNING) or self._is_pending(needed):
            return True
        return self._standings.ledger.latest(needed) is None or self._standings.has_failed_checks(needed)
