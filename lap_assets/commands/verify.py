"""`lap verify` without a folder: check the home, and with `--repair` restore what is missing or changed."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lap_assets.commands.console import Terminal
from lap_assets.commands.exit_statuses import OK
from lap_assets.commands.run import run
from lap_assets.commands.run_selection import RunSelection
from lap_assets.core.files import is_leftover
from lap_assets.core.locks import held, held_since, holder
from lap_assets.core.set_aside import set_aside
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.integrity.issues import Issue, find_issues
from lap_assets.integrity.repair import refetch, relink
from lap_assets.posters.relearn import relearn
from lap_assets.run_context import RunContext
from lap_assets.sites.specs import site_specs


def repair(run_context: RunContext, terminal: Terminal, wrong: list[Issue]) -> list[str]:
    """Repair what can be repaired; return a line for each issue that remains.

    Raises:
        LockHeld: another command is using this home.
    """
    home = run_context.home
    with held(home.run_lock, wait=False):
        lost = _of("poster", wrong)
        unrepaired = [line for spec in site_specs() for line in asyncio.run(refetch(run_context, spec.site, lost))]
        for one in (*_of("image", wrong), *_of("table", wrong)):
            if one.path.exists():
                set_aside(home, one.path)
    # A partition without its table counts as missing, so exactly these are made again, and what changes downstream.
    assets = {"resized_images"} if _of("image", wrong) else set()
    assets |= {_asset_of(one) for one in _of("table", wrong)}
    failed = [asset for asset in sorted(assets) if not _made_again(run_context, terminal, asset, wrong)]
    unrepaired += [f"{asset} could not be made again; `lap run` says why" for asset in failed]
    with held(home.run_lock, wait=False):
        return unrepaired + relink(home, _of("release", wrong))


def _made_again(run_context: RunContext, terminal: Terminal, asset: str, wrong: list[Issue]) -> bool:
    selection = RunSelection(_partitions(asset, wrong), [asset], jobs=1)
    return run(run_context, terminal, selection) == OK


def _of(kind: str, wrong: list[Issue]) -> list[Issue]:
    return [one for one in wrong if one.kind == kind and one.what != "unexpected"]


def _asset_of(one: Issue) -> str:
    return one.path.parent.name if one.path.stem in SUBFOLDERS else one.path.stem


def _partitions(asset: str, wrong: list[Issue]) -> list[str]:
    of_images = {one.path.parent.name for one in _of("image", wrong)} if asset == "resized_images" else set()
    of_tables = {one.path.stem for one in _of("table", wrong) if _asset_of(one) == asset}
    return sorted((of_images | of_tables) & set(SUBFOLDERS))


def verify(run_context: RunContext, terminal: Terminal, *, mend: bool) -> list[str]:
    """Return a line per issue of the home, after repairing it if `mend` is set.

    Files that a current run has written, linked or removed since it began are not judged.
    """
    lock = run_context.home.run_lock
    began = held_since(lock)
    who = holder(lock)
    wrong = find_issues(run_context.home)
    if began is not None:
        judged = [one for one in wrong if not _is_at_hand(one, began)]
        terminal.say(
            f"a run is in progress here ({who}); {len(wrong) - len(judged):,} files that it is changing are not checked"
        )
        wrong = judged
    if not (mend and wrong):
        return [str(one) for one in wrong]
    if broken := _of("state", wrong):
        for one in broken:
            terminal.say(str(one))
        rebuild_databases(run_context, terminal, [one.path for one in broken])
        wrong = find_issues(run_context.home)
    for one in wrong:
        terminal.say(str(one))
    unrepaired = repair(run_context, terminal, wrong) if wrong else []
    left = [str(one) for one in find_issues(run_context.home)]
    return [*unrepaired, *(line for line in left if line not in unrepaired)]


def _is_at_hand(one: Issue, began: float) -> bool:
    """Return whether a run may have made, linked, replaced or removed this file since it began."""
    try:
        status = one.path.lstat()
    except FileNotFoundError:
        if is_leftover(one.path):
            return True  # renamed to its final name meanwhile
        try:
            return one.path.parent.stat().st_mtime >= began  # removing or renaming a file changes its folder
        except OSError:
            return False
    except OSError:
        return False
    return max(status.st_mtime, status.st_ctime) >= began  # a link has the modification time of its poster


def rebuild_databases(run_context: RunContext, terminal: Terminal, broken: Sequence[Path]) -> None:
    """Quarantine damaged databases, and make new ones from the tables and posters.

    Raises:
        LockHeld: another command is using this home.
    """
    home = run_context.home
    with held(home.run_lock, wait=False):
        for path in broken:
            for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm"),
                        path.with_name(f"{path.name}-journal")):  # fmt: skip
                if one.exists():
                    terminal.say(f"{one}: moved to {set_aside(home, one)}")
        for spec in site_specs():
            if home.state / f"{spec.site}.sqlite" in broken:
                count = relearn(home, spec, run_context.settings.picture_limits)
                terminal.say(f"{spec.entry.title}: records of {count:,} posters restored from tables and posters")
        if any(path.is_relative_to(home.dagster) for path in broken):
            _register(run_context, terminal)


def _register(run_context: RunContext, terminal: Terminal) -> None:
    from lap_assets.definitions import build_definitions
    from lap_assets.engine.graph import Graph
    from lap_assets.engine.instance import open_instance
    from lap_assets.engine.rebuild import register_tables

    with open_instance(run_context.home) as instance:
        count = register_tables(Graph(build_definitions(run_context)), instance, run_context.home)
    if count:
        terminal.say(f"{count:,} tables registered again; `lap refresh` makes everything downstream of posters again")
