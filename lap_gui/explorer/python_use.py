"""`browse_groups`: the Explorer in one call, with the original's arguments."""

import sys
from pathlib import Path

from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.opening import candidates_around, posters_of
from lap_gui.explorer.window import Explorer
from lap_gui.review.logs import logs_at, logs_for_folder, reviewer_name
from lap_gui.review.poster_files import PosterFolder
from lap_gui.review.poster_view import size_keys


def browse_groups(
    root_dir: str | Path,
    start: int = 0,
    stop: int | None = None,
    *,
    verdicts: str | Path | None = None,
    reviewer: str | None = None,
    marks_act: bool = True,
    close_at_end: bool = False,
) -> list[str]:
    """Show the posters of one anime after the other, and return those that were marked.

    Args:
        root_dir: a folder of posters, with or without the ten subfolders.
        start: the first anime to show, counted from 0 among those with more than one poster.
        stop: the anime to stop before; None: to the end.
        verdicts: the file in which marks are saved and resumed; the home's, or one beside the pictures, if None.
        reviewer: the reviewer's name; the login name if None.
        marks_act: whether marks remove posters (the rule for marks); they are recorded in any case.
        close_at_end: whether going on from the last anime closes the window, as in the original.

    Returns:
        The marked posters' paths relative to `root_dir`, with slashes, sorted by name.

    Raises:
        InputError: the folder does not exist.
        NoWindow: there is no display.
        OSError: verdicts cannot be read or written.
    """
    root = Path(root_dir)
    files = PosterFolder(root)
    found = files.groups()
    logs = logs_at(Path(verdicts)) if verdicts is not None else logs_for_folder(root)
    marking = Marking(
        logs, reviewer_name(reviewer), posters_of(found, {}), marks_act=marks_act, size_key=size_keys(files)
    )
    groups = Groups(found, candidates_around(root), marking.removed())
    shown = range(len(groups.ids))[start:stop]
    paths = {path.name: path for position in shown for path in groups.paths(position)}
    if not paths:
        print(f"{root}: no anime has more than one poster here; there is nothing to compare", file=sys.stderr)
        return []
    Explorer(
        groups, marking, start=shown.start, stop=shown.stop, title="Explorer", maximized=True,
        closes_at_end=close_at_end,
    ).run()  # fmt: skip
    return [paths[name].relative_to(root).as_posix() for name in marking.marked() if name in paths]
