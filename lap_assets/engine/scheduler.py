"""Runs what has causes to run, upstream first, several steps side by side where the graph allows.

Each step is looked at when everything before it is done, so nothing runs that need not: what came out the same
upstream leaves what follows fresh.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import dagster as dg

from lap_assets.engine.causes import Causes
from lap_assets.engine.crew import Crew
from lap_assets.engine.graph import Graph, Slot, Step
from lap_assets.engine.standing import Standings
from lap_assets.run_context import RunContext

_LISTEN: Final = 0.5


@dataclass(slots=True)
class Outcome:
    """What a command did: steps that ran, steps that failed and why, steps that could not be tried for it."""

    ran: list[Step] = field(default_factory=list)
    failed: dict[Step, str] = field(default_factory=dict)
    held_back: list[Step] = field(default_factory=list)
    stopped: bool = False


class Scheduler:
    """One pass over some steps."""

    def __init__(
        self,
        graph: Graph,
        instance: dg.DagsterInstance,
        run_context: RunContext,
        crew: Crew,
        *,
        causes: Causes,
        tell: Callable[[Step, str], None],
        watch: Callable[[], None],
    ) -> None:
        """`tell` hears of each step that starts, and why; `watch` is called again and again, and may raise."""
        self._causes = causes
        self._graph = graph
        self._instance = instance
        self._run_context = run_context
        self._crew = crew
        self._tell = tell
        self._watch = watch
        self._outcome = Outcome()
        self._standings = Standings(graph, instance)

    def run(self, steps: Sequence[Step]) -> Outcome:
        """Runs what has to run. On `run_context.stop`, lets running steps reach a good place and starts no more."""
        # Steps that take turns (a site's above all) start first, so that their turns never stand idle.
        waiting = sorted(steps, key=lambda step: step.pool is None)
        open_slots = {slot for step in steps for slot in step.slots}
        asked = False
        while waiting or self._crew.busy:
            self._watch()
            if self._run_context.stop.is_set() and not asked:
                asked = self._outcome.stopped = True
                waiting.clear()
                self._crew.ask_to_stop()
            waiting = self._start_ready(waiting, open_slots)
            if self._crew.busy:
                ended = self._crew.wait(_LISTEN)
                if ended is not None:
                    self._note(ended.step, ended.error, open_slots)
            elif waiting and not self._has_ready(waiting, open_slots):
                self._outcome.held_back.extend(waiting)
                waiting.clear()
        return self._outcome

    def _start_ready(self, waiting: list[Step], open_slots: set[Slot]) -> list[Step]:
        """Starts what can start; what is fresh is done at once. Gives what is left to wait."""
        left = []
        for step in waiting:
            if self._crew.is_full or not self._is_ready(step, open_slots):
                left.append(step)
                continue
            causes = self._causes(step, self._standings)
            if causes:
                self._tell(step, causes[0])
                self._crew.start(step)
            else:
                open_slots.difference_update(step.slots)
        return left

    def _has_ready(self, waiting: list[Step], open_slots: set[Slot]) -> bool:
        return any(self._is_ready(step, open_slots) for step in waiting)

    def _is_ready(self, step: Step, open_slots: set[Slot]) -> bool:
        if step.pool is not None and any(other.pool == step.pool for other in self._crew.busy):
            return False
        return not step.needs & open_slots

    def _note(self, step: Step, error: str | None, open_slots: set[Slot]) -> None:
        self._standings = Standings(self._graph, self._instance)  # what was known is out of date now
        if error is None:
            self._outcome.ran.append(step)
            open_slots.difference_update(step.slots)
        else:
            self._outcome.failed[step] = error  # its slots stay open, so nothing that needs them starts
