"""The order in which the steps of a pass start, and the outcome of each.

A step is judged after all its inputs are done, so nothing runs needlessly: if the inputs have not changed, it is fresh.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final, Protocol

from lap_assets.core.progress import Advance
from lap_assets.engine.graph import AssetPartition, Step
from lap_assets.engine.plan import StaleReasons
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.engine.worker_pool import StepEnd
from lap_assets.run_context import RunContext

_POLL: Final = 0.5  # seconds


@dataclass(slots=True)
class PassOutcome:
    """What a pass did: steps that ran, steps that failed and why, steps held back by failed ones.

    `held`: steps that the caller did not allow to start, and why. `interrupted`: steps that were asked to stop, and
    their progress.
    """

    ran: list[Step] = field(default_factory=list)
    failed: dict[Step, str] = field(default_factory=dict)
    held_back: list[Step] = field(default_factory=list)
    held: dict[Step, str] = field(default_factory=dict)
    interrupted: dict[Step, str] = field(default_factory=dict)
    stopped: bool = False


class StepRunner(Protocol):
    """Executes the steps of a pass: worker processes, or runs that Dagster launches."""

    @property
    def busy(self) -> list[Step]:
        """The steps that are running."""

    @property
    def is_full(self) -> bool:
        """Whether no further step may start."""

    def start(self, step: Step) -> None:
        """Start a step."""

    def ask_to_stop(self) -> None:
        """Ask all steps to stop as soon as no work would be lost."""

    def wait(self, seconds: float) -> StepEnd | None:
        """Wait for at most `seconds`; return the end of a step, if one has ended."""


class Scheduler:
    """One pass over some steps."""

    def __init__(
        self,
        statuses: GraphStatus,
        run_context: RunContext,
        pool: StepRunner,
        *,
        reasons: StaleReasons,
        on_start: Callable[[Step, str], None],
        watch: Callable[[], None],
        hold: Callable[[Step], str | None],
        advance: Advance = lambda _: None,
    ) -> None:
        """`statuses`: the status before the pass. `on_start` receives each started step and its reason.

        `watch` is called repeatedly and may raise.

        `hold` returns why a step must not start, or None; `advance` counts ended steps.
        """
        self._hold = hold
        self._advance = advance
        self._reasons = reasons
        self._run_context = run_context
        self._pool = pool
        self._on_start = on_start
        self._watch = watch
        self._outcome = PassOutcome()
        self._statuses = statuses
        self._runs: dict[Step, tuple[list[Step], GraphStatus]] = {}  # parts, and the status before the start

    def run(self, steps: Sequence[Step]) -> PassOutcome:
        """Run the steps that have reasons. Once `run_context.stop` is set, start no more; running ones stop safely."""
        # Steps of a pool (above all a site's) start first, so that no pool is idle while steps of it wait.
        waiting = sorted(steps, key=lambda step: step.pool is None)
        open_slots = {slot for step in steps for slot in step.slots}
        while waiting or self._pool.busy:
            self._watch()
            if self._run_context.stop.is_set() and not self._outcome.stopped:
                self._outcome.stopped = True
                waiting.clear()
                self._pool.ask_to_stop()
            waiting = self._start_ready(waiting, open_slots)
            if self._pool.busy:
                ended = self._pool.wait(_POLL)
                if ended is not None:
                    self._note(ended, open_slots)
            elif waiting and not self._has_ready(waiting, open_slots):
                self._outcome.held_back.extend(waiting)
                waiting.clear()
        return self._outcome

    def _start_ready(self, waiting: list[Step], open_slots: set[AssetPartition]) -> list[Step]:
        """Start the steps that can start, drop fresh ones, and return those that still wait."""
        left = dict.fromkeys(waiting)
        for step in waiting:
            if step not in left or self._pool.is_full or not self._is_ready(step, open_slots):
                continue
            del left[step]
            if not self._is_due(step, open_slots):
                continue
            parts = [step]
            for other in [one for one in left if step.may_join(one) and self._is_ready(one, open_slots)]:
                del left[other]
                if self._is_due(other, open_slots):
                    parts.append(other)
            self._start(parts)
        return list(left)

    def _is_due(self, step: Step, open_slots: set[AssetPartition]) -> bool:
        """Return whether a step has to run now. The partitions of a fresh step no longer hold others back."""
        if not self._reasons(step, self._statuses):
            open_slots.difference_update(step.slots)
            return False
        if (why := self._hold(step)) is not None:
            self._outcome.held[step] = why  # its slots stay open, so no step that needs them starts
            return False
        return True

    def _start(self, parts: list[Step]) -> None:
        """Start one run that makes all these steps."""
        whole = reduce(Step.joined, parts)
        self._runs[whole] = (parts, self._statuses)
        self._on_start(whole, self._reasons(parts[0], self._statuses)[0])
        self._pool.start(whole)

    def _has_ready(self, waiting: list[Step], open_slots: set[AssetPartition]) -> bool:
        return any(self._is_ready(step, open_slots) for step in waiting)

    def _is_ready(self, step: Step, open_slots: set[AssetPartition]) -> bool:
        if step.pool is not None and any(other.pool == step.pool for other in self._pool.busy):
            return False
        return not step.needs & open_slots

    def _note(self, ended: StepEnd, open_slots: set[AssetPartition]) -> None:
        step, error = ended.step, ended.error
        parts, previous = self._runs.pop(step, ([step], self._statuses))
        self._statuses = self._statuses.after(step.slots)
        self._advance(len(parts))
        made = [step] if error is None else [part for part in parts if self._is_made(part, previous)]
        self._outcome.ran.extend(made)
        for one in made:
            open_slots.difference_update(one.slots)
        if error is not None:  # the slots of failed steps stay open, so no step that needs them starts
            unmade = self._outcome.interrupted if ended.is_stop else self._outcome.failed
            unmade.update({part: error for part in parts if part not in made})

    def _is_made(self, part: Step, previous: GraphStatus) -> bool:
        """Return whether a part of a failed run was made nevertheless."""
        return all(
            self._statuses.of(slot).status is Status.FRESH and _event(self._statuses, slot) != _event(previous, slot)
            for slot in part.slots
        )


def _event(statuses: GraphStatus, slot: AssetPartition) -> int | None:
    latest = statuses.event_log.latest(slot)
    return latest.storage_id if latest is not None else None
