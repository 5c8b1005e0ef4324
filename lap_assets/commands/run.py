"""`lap run`: make what is missing, stale, failed or due, upstream first."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from lap_assets.commands.console import Terminal
from lap_assets.commands.home import check_kind, check_writable, complain_of_a_full_disk
from lap_assets.locks import held
from lap_assets.posters.subfolders import SUBFOLDERS, id_range
from lap_assets.settings import SettingsError
from lap_assets.sites.access import user_agent
from lap_assets.workplace import Workplace

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from lap_assets.engine.graph import Graph, Step

OK, FAILED, UNFINISHED, INTERRUPTED = 0, 1, 3, 130


def run(workplace: Workplace, terminal: Terminal, *, partitions: Sequence[str], only: Sequence[str], jobs: int) -> int:
    """Runs the graph, or a part of it; gives the exit status.

    Raises:
        SettingsError, ValueError: something asked for does not exist or cannot be.
        LockHeld: another command works on this home.
        DiskFull: there is no room to work in, or none was left on the way.
    """
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.crew import Crew
    from lap_assets.engine.graph import Graph
    from lap_assets.engine.instance import close_abandoned_runs, open_instance
    from lap_assets.engine.scheduler import Scheduler

    for key in partitions:
        id_range(key)
    check_writable(workplace.home)
    check_kind(workplace.home, workplace.settings)
    user_agent(workplace.settings)
    graph = Graph(build_definitions(workplace))
    if unknown := sorted(set(only) - set(graph.assets)):
        raise SettingsError(f"no asset {unknown[0]!r}: there are {', '.join(graph.assets)}")
    steps = graph.steps(only or graph.assets, partitions or SUBFOLDERS)
    environment = {**os.environ, **workplace.settings.as_environment()}
    began = time.monotonic()
    with (
        held(workplace.home.state / "run.lock", wait=False),
        open_instance(workplace.home) as instance,
        _stopping(workplace, terminal),
        Crew(jobs, environment, workplace.home.state / "logs", terminal) as crew,
    ):
        close_abandoned_runs(instance)
        scheduler = Scheduler(
            graph,
            instance,
            workplace,
            crew,
            tell=lambda step, why: terminal.say(f"{step}: {why}"),
            watch=lambda: complain_of_a_full_disk(workplace.home),
        )
        outcome = scheduler.run(steps)
        unfinished = _unfinished(graph, instance, steps)
    for step, error in outcome.failed.items():
        terminal.say(f"FAILED {step}: {error}")
    if outcome.held_back:
        terminal.say(f"{len(outcome.held_back)} steps wait for those that failed; `lap run` goes on from here")
    for slot, why in unfinished.items():
        terminal.say(f"unfinished {slot}: {why}")
    seconds = time.monotonic() - began
    if outcome.stopped:
        terminal.say(f"stopped after {len(outcome.ran)} steps; all that was done is kept, run it again to go on")
        return INTERRUPTED
    is_idle = not outcome.ran and not outcome.failed
    terminal.say(f"nothing to do ({seconds:.1f} s)" if is_idle else f"{len(outcome.ran)} steps in {seconds:.0f} s")
    return FAILED if outcome.failed else UNFINISHED if unfinished else OK


def _unfinished(graph: "Graph", instance: "DagsterInstance", steps: "Sequence[Step]") -> dict[str, str]:
    """Scrapes that ended early, and why; the same reason once."""
    from lap_assets.assets.catalog import UNFINISHED as MARK
    from lap_assets.engine.standing import Standings

    standings = Standings(graph, instance)
    found: dict[str, str] = {}
    for step in steps:
        if step.pool is None:
            continue
        why = standings.metadata(step.slots[0], MARK)
        if why and why not in found.values():
            found[str(step)] = str(why)
    return found


@contextmanager
def _stopping(workplace: Workplace, terminal: Terminal) -> Iterator[None]:
    """The first Ctrl-C asks to stop at a good place, the second stops at once."""

    def ask(_: int, __: FrameType | None) -> None:
        if workplace.stop.is_set():
            raise KeyboardInterrupt
        workplace.stop.set()
        terminal.say("stopping at the next good place; Ctrl-C again stops at once")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
