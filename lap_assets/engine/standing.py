"""How each asset's partition stands: fresh, stale, missing, failed or running, and why.

What is stale is told in `staleness`; here it is put together with failed runs, failed checks and runs under way.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import dagster as dg

from lap_assets.engine.graph import Graph, Slot
from lap_assets.engine.ledger import Ledger
from lap_assets.engine.reasons import reason_of_failure
from lap_assets.engine.staleness import stale_causes


class Status(StrEnum):
    """How a partition of an asset stands."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    FAILED = "failed"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Standing:
    """A partition's status and what caused it, in words. `called_off`: it failed because somebody stopped it."""

    status: Status
    causes: tuple[str, ...] = ()
    called_off: bool = False


class Standings:
    """A look at the instance at one moment; make a new one to look again."""

    def __init__(self, graph: Graph, instance: dg.DagsterInstance) -> None:
        self.graph = graph
        self.ledger = Ledger(graph, instance)
        self._instance = instance
        self._seen: dict[Slot, Standing] = {}

    def of(self, slot: Slot) -> Standing:
        """How this partition stands."""
        if slot not in self._seen:
            self._seen[slot] = self._look(slot)
        return self._seen[slot]

    def version(self, slot: Slot) -> str | None:
        """The data version that the partition has now."""
        return self.ledger.version(slot)

    def metadata(self, slot: Slot, key: str) -> Any | None:
        """A value of the last materialization's metadata."""
        latest = self.ledger.latest(slot)
        value = latest.asset_materialization.metadata.get(key) if latest else None
        return value.value if value is not None else None

    def has_failed_checks(self, slot: Slot) -> bool:
        """Whether a blocking check says that what was made is wrong: nothing may be made from it."""
        return self.ledger.latest(slot) is not None and bool(self._failed_checks(slot))

    def tries(self, slot: Slot) -> int:
        """How many runs have set out to make what stands as failed, since it or anything it is made from changed."""
        numbers = [made.storage_id for needed in self.graph.needs(slot) if (made := self.ledger.latest(needed))]
        own = self.ledger.latest(slot)
        if own is not None and not self.has_failed_checks(slot):
            numbers.append(own.storage_id)
        return self.ledger.attempts(slot, max(numbers, default=0))

    def _look(self, slot: Slot) -> Standing:
        latest = self.ledger.latest(slot)
        if latest is not None and (failed := self._failed_checks(slot)):
            return self._at_it(slot, latest) or Standing(Status.FAILED, failed)
        if (tried := self._unfinished_attempt(slot, latest)) is not None:
            return tried
        if latest is None:
            return Standing(Status.MISSING, ("never made",))
        causes = stale_causes(slot, self.graph, self.ledger)
        return Standing(Status.STALE, causes) if causes else Standing(Status.FRESH)

    def _failed_checks(self, slot: Slot) -> tuple[str, ...]:
        """Blocking checks whose last evaluation said that something is wrong."""
        found = []
        for key in self.graph.blocking_checks(slot[0]):
            evaluation = self.ledger.evaluation(key, slot[1])
            if evaluation is not None and not evaluation.passed:
                found.append(f"check {key.name}: {evaluation.description}")
        return tuple(found)

    def _at_it(self, slot: Slot, latest: Any | None) -> Standing | None:
        tried = self._unfinished_attempt(slot, latest)
        return tried if tried is not None and tried.status is Status.RUNNING else None

    def _unfinished_attempt(self, slot: Slot, latest: Any | None) -> Standing | None:
        """The run that last tried to make the partition, if it is still at it or has failed."""
        attempt = self.ledger.last_attempt(slot)
        if attempt is None or (latest is not None and attempt[1] < latest.storage_id):
            return None
        run = self._instance.get_run_by_id(attempt[0])
        if run is None or run.is_success:
            return None
        if not run.is_finished:
            return Standing(Status.RUNNING, (f"run {run.run_id[:8]} is at it",))
        why = reason_of_failure(self._instance, run.run_id)
        told = f"run {run.run_id[:8]} ended as {run.status.value.lower()}: {why}"
        return Standing(Status.FAILED, (told,), called_off=run.status is dg.DagsterRunStatus.CANCELED)
