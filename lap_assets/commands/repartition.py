"""`lap repartition`: bring a home to its table of subfolders, after that was changed."""

from lap_assets.commands.console import Terminal
from lap_assets.commands.home import check_writable
from lap_assets.core.locks import held
from lap_assets.core.subfolders import first_ids
from lap_assets.posters.repartition import (
    changed_subfolders,
    holding_others,
    move_files,
    move_rows,
    record_subfolders,
    recorded_subfolders,
)
from lap_assets.run_context import RunContext


def repartition(run_context: RunContext, terminal: Terminal) -> int:
    """Moves files and rows, and marks what changed as stale; returns the exit status.

    Raises:
        SettingsError: the home cannot be written.
        LockHeld: a command works on this home.
    """
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph
    from lap_assets.engine.instance import instance_of, mark_changed

    home = run_context.home
    check_writable(home)
    before = recorded_subfolders(home)
    changed = changed_subfolders(before) if before is not None else holding_others(home)
    if before == first_ids() or (before is None and not changed):
        terminal.say("nothing to do: the home has the present subfolders")
        return 0
    with held(home.run_lock, wait=False), instance_of(home) as instance:
        files, rows = move_files(home), move_rows(home)
        marked = mark_changed(Graph(build_definitions(run_context)), instance, changed)
        record_subfolders(home)
    terminal.say(
        f"{files:,} files and {rows:,} rows moved, {marked} partitions marked as stale; `lap run` makes them again"
    )
    return 0
