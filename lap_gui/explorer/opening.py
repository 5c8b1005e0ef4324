"""Opens an Explorer's window on a folder, for `lap review groups` and `python -m lap_gui.explorer`."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.garbage import permanent
from lap_assets.core.verdicts.contents import Poster
from lap_gui.explorer.marking import Marking
from lap_gui.review.lists import read_list
from lap_gui.review.logs import logs_at, logs_for_folder, reviewer_name
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import QUEUE, PosterFolder, home_around
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
    contents: Mapping[str, str] | None = None,
    marks_act: bool = True,
    close_at_end: bool = False,
) -> None:
    """Open a window on the posters of a folder, anime by anime, and run it until it is closed.

    The candidate lists of the home around the folder color the posters that they connect.

    Args:
        folder: a home, its posters, a subfolder, or any folder of posters.
        partition: the subfolder whose anime are shown; all if None.
        start: the anime to start with, counted from 0; where this reviewer stopped if None.
        verdicts: the file or folder of logs; the home's, or a file in the folder, if None.
        reviewer: the reviewer's name; the login name if None.
        readonly: whether to save nothing.
        hidden: posters removed by rules; they are shown on demand.
        contents: the known sha256 of posters; verdicts on the others go by name.
        marks_act: whether marks remove posters (the rule for marks).
        close_at_end: whether going on from the last anime closes the window.

    Raises:
        InputError: the folder, partition or number is invalid.
        FileError: a `keys.toml` in the folder cannot be used.
        NoWindow: there is no display, Tk or Pillow.
        OSError: the verdicts cannot be read or written.
    """
    try:
        from lap_gui.explorer.commands import KEYS
        from lap_gui.explorer.groups import Bookmark, Groups
        from lap_gui.explorer.window import Explorer
        from lap_gui.review.poster_view import size_keys
        from lap_gui.shared.own_keys import with_own_keys
    except ImportError as error:
        raise lacking(error) from None
    files = PosterFolder(folder)
    with permanent():
        found = files.groups(partition)
        name, posters = reviewer_name(reviewer), posters_of(found, contents or {})
        logs = logs_at(verdicts) if verdicts is not None else logs_for_folder(folder)
        marking = Marking(logs, name, posters, readonly=readonly, marks_act=marks_act, size_key=size_keys(files))
        groups = Groups(found, candidates_around(folder), hidden | marking.removed())
    if not groups.ids:
        print(f"{folder}: no anime has more than one poster here; there is nothing to compare", file=sys.stderr)
        return
    if start is not None and not 0 <= start < len(groups.ids):
        raise InputError(
            f"--start {start}: expected 0 to {len(groups.ids) - 1}, the number of anime with several posters"
        )
    bookmark = Bookmark(logs.beside(_BOOKMARKS), name, partition or "all")
    stopped = bookmark.read()
    position = start if start is not None else 0 if stopped is None else groups.position_of(stopped)
    home = home_around(folder)
    keys = with_own_keys("explorer", KEYS, folder if home is None else home / "review")
    Explorer(
        groups, marking, start=0, position=position, hidden=hidden, bookmark=bookmark,
        title=f"{partition or folder.name} – Explorer", maximized=True, keys=keys, closes_at_end=close_at_end,
    ).run()  # fmt: skip


def posters_of(found: Mapping[int, Sequence[Path]], contents: Mapping[str, str]) -> list[Poster]:
    """Return the posters of the groups, with their content if known."""
    return [Poster(path.name, contents.get(path.name, "")) for paths in found.values() for path in paths]


def candidates_around(folder: Path) -> Iterable[Pair]:
    """Yield the pairs of all lists of the home around a folder; none without a home.

    Of the queue, only grouped pairs.
    """
    home = home_around(folder)
    if home is None:
        return
    queue = home / "review" / QUEUE
    for path in [queue] if queue.is_file() else sorted((home / "review" / "candidates").glob("*.csv")):
        try:
            yield from (pair for pair in read_list(path).pairs if pair.group or pair.probability is None)
        except FileError as error:
            print(f"{error}; its candidates are not colored", file=sys.stderr)
