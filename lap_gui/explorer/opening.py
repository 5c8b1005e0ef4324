"""From a folder to an Explorer's window: what `lap review groups` and `python -m lap_gui.explorer` share."""

import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path

from lap_gui.explorer.marking import Marking
from lap_gui.review.lists import Pair, read_list
from lap_gui.review.logs import logs_at, logs_for_folder, reviewer_name
from lap_gui.review.poster_files import PosterFolder, home_around
from lap_gui.shared.errors import lacking

_BOOKMARKS = "explorer.json"


def review_groups(
    folder: Path,
    *,
    partition: str | None = None,
    start: int | None = None,
    verdicts: Path | None = None,
    reviewer: str | None = None,
    readonly: bool = False,
    hidden: AbstractSet[str] = frozenset(),
) -> None:
    """Opens a window on the posters of a folder, anime by anime, and serves it until it is closed.

    It begins with the `start`-th anime (0 is the first), or where this reviewer stopped. Lists of candidates in the
    home around the folder colour what they connect.

    Raises:
        ValueError: the folder, partition or number makes no sense; the message is one line.
        OSError: the verdicts cannot be read or written, or there is no display.
    """
    try:
        from lap_gui.explorer.groups import Bookmark, Groups
        from lap_gui.explorer.window import Explorer
    except ImportError as error:
        raise lacking(error) from None
    found = PosterFolder(folder).groups(partition)
    name = reviewer_name(reviewer)
    logs = logs_at(verdicts) if verdicts is not None else logs_for_folder(folder)
    marking = Marking(logs, name, [path.name for paths in found.values() for path in paths], readonly=readonly)
    groups = Groups(found, candidates_around(folder), hidden | marking.removed())
    if not groups.ids:
        print(f"{folder}: no anime has more than one poster here; there is nothing to compare", file=sys.stderr)
        return
    if start is not None and not 0 <= start < len(groups.ids):
        raise ValueError(f"--start {start}: there are the anime 0 to {len(groups.ids) - 1}")
    bookmark = Bookmark(logs.beside(_BOOKMARKS), name, partition or "all")
    stopped = bookmark.read()
    place = start if start is not None else 0 if stopped is None else groups.place_of(stopped)
    Explorer(
        groups, marking, start=0, place=place, hidden=hidden, bookmark=bookmark,
        title=f"{partition or folder.name} – Explorer", maximized=True,
    ).run()  # fmt: skip


def candidates_around(folder: Path) -> Iterable[Pair]:
    """The pairs of all lists of the home that the folder is in; none elsewhere."""
    home = home_around(folder)
    if home is None:
        return
    for path in sorted((home / "review" / "candidates").glob("*.csv")):
        try:
            yield from read_list(path).pairs
        except ValueError as error:
            print(f"{error}; its candidates are not framed", file=sys.stderr)
