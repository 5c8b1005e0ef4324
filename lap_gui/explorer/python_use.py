"""`browse_groups`: the Explorer in one call, with the original's arguments."""

import sys
from pathlib import Path

from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.opening import candidates_around
from lap_gui.explorer.window import Explorer
from lap_gui.review.logs import logs_at, logs_for_folder, reviewer_name
from lap_gui.review.poster_files import PosterFolder


def browse_groups(
    root_dir: str | Path,
    start: int = 0,
    stop: int | None = None,
    *,
    verdicts: str | Path | None = None,
    reviewer: str | None = None,
) -> list[str]:
    """Shows the posters of one anime after the other, and gives what was marked among them.

    Args:
        root_dir: a folder of posters, with or without the ten subfolders.
        start: the first anime to show, counted from 0 among those with more than one poster.
        stop: the anime to stop before; None: to the end.
        verdicts: the file that marks go to, and are resumed from; beside the pictures if None, or the home's.
        reviewer: whose marks they are; the login name if None.

    Returns:
        The marked posters' paths relative to `root_dir`, with slashes, sorted by name.

    Raises:
        ValueError: there is no such folder, or no such anime; one line says which.
        OSError: verdicts cannot be read or written, or there is no display.
    """
    root = Path(root_dir)
    found = PosterFolder(root).groups()
    logs = logs_at(Path(verdicts)) if verdicts is not None else logs_for_folder(root)
    marking = Marking(logs, reviewer_name(reviewer), [path.name for paths in found.values() for path in paths])
    groups = Groups(found, candidates_around(root), marking.removed())
    shown = range(len(groups.ids))[start:stop]
    paths = {path.name: path for place in shown for path in groups.paths(place)}
    if not paths:
        print(f"{root}: no anime has more than one poster here; there is nothing to compare", file=sys.stderr)
        return []
    Explorer(groups, marking, start=shown.start, stop=shown.stop, title="Explorer", maximized=True).run()
    return [paths[name].relative_to(root).as_posix() for name in marking.marked() if name in paths]
