"""`lap repartition`: move a home's files and rows after its table of subfolders has changed."""

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
    """Move files and rows, mark the changed partitions as stale, and return the exit status.

    Raises:
        SettingsError: the home is not writable.
        LockHeld: another command is using this home.
    """
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.changed_subfolders import mark_changed
    from lap_assets.engine.graph import Graph
    from lap_assets.engine.instance import instance_of

    home = run_context.home
    check_writable(home)
    previous = recorded_subfolders(home)
    changed = changed_subfolders(previous) if previous is not None else holding_others(home)
    if previous == first_ids() or (previous is None and not changed):
        terminal.say("nothing to do: the home already matches its table of subfolders")
        return 0
    with held(home.run_lock, wait=False), instance_of(home) as instance:
        files, rows = move_files(home), move_rows(home)
        marked = mark_changed(Graph(build_definitions(run_context)), instance, changed)
        record_subfolders(home)
    terminal.say(
        f"{files:,} files and {rows:,} rows moved, {marked} partitions marked as stale; `lap run` makes them again"
    )
    return 0
