"""Opens a Comparer's window on files, for `lap review pairs` and `python -m lap_gui.comparer`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.estimates import SURE
from lap_assets.core.garbage import permanent
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.lines import partition_of
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.lists import read_list
from lap_gui.review.logs import Logs, logs_at, logs_for_list, reviewer_name
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import QUEUE, PosterFolder, guess_folder, review_folder
from lap_gui.shared.errors import lacking


def review_pairs(
    lists: Sequence[Path],
    *,
    partition: str | None = None,
    images: Path | None = None,
    verdicts: Path | None = None,
    reviewer: str | None = None,
    readonly: bool = False,
    marks_act: bool = True,
    sure: float = SURE,
    alone: bool = False,
    close_at_end: bool = False,
) -> None:
    """Open a window on lists of pairs, one after the other, and run it until it is closed.

    Skipped lines, and lists without pairs, are reported on the terminal.

    Args:
        lists: the lists of pairs.
        partition: the subfolder whose pairs are shown; all if None.
        images: the folder of posters; guessed from the first list if None.
        verdicts: the file or folder of logs; the home's, or a file beside the list, if None.
        reviewer: the reviewer's name; the login name if None.
        readonly: whether to save nothing.
        marks_act: whether marks remove posters (the rule for marks).
        alone: whether to ignore other people's verdicts, so that two people answer independently.
        sure: the least probability of pairs that `A` accepts.
        close_at_end: whether deciding the last pair closes the window.

    Raises:
        InputError: a folder, name or probability is invalid.
        FileError: a list, or a `keys.toml` beside it, cannot be used.
        NoWindow: there is no display, Tk or Pillow.
        OSError: the verdicts cannot be read or written.
    """
    try:
        from lap_gui.comparer.commands import KEYS
        from lap_gui.comparer.window import Comparer
        from lap_gui.review.poster_view import size_keys
        from lap_gui.shared.own_keys import with_own_keys
    except ImportError as error:
        raise lacking(error) from None
    if not 0.5 <= sure <= 1:
        raise InputError(f"--sure {sure:g}: expected a probability from 0.5 to 1")
    with permanent():
        pairs = read_pairs(lists, partition)
    if not pairs:
        where = "" if partition is None else f" in subfolder {partition}"
        print(f"{', '.join(map(str, lists))}: no pair is left to decide{where}", file=sys.stderr)
        return
    folder = PosterFolder(images if images is not None else guess_folder(lists[0]))
    if not folder.root.is_dir():
        raise InputError(f"{folder.root}: there is no such folder of pictures; name it with --images")
    logs: Logs = logs_at(verdicts) if verdicts is not None else logs_for_list(lists[0])
    with permanent():
        session = ReviewSession(
            pairs,
            logs,
            reviewer_name(reviewer),
            readonly=readonly,
            marks_act=marks_act,
            size_key=size_keys(folder),
            alone=alone,
        )
    keys = with_own_keys("comparer", KEYS, review_folder(lists[0]))
    title = lists[0].name if len(lists) == 1 or lists[0].name == QUEUE else f"{len(lists)} lists"
    Comparer(
        session, folder, title=f"{title} – Comparer", maximized=True, sure=sure, keys=keys, closes_at_end=close_at_end
    ).run()


def read_pairs(lists: Sequence[Path], partition: str | None = None) -> list[Pair]:
    """Return the pairs of all lists (of one subfolder: the higher one of a pair's two), each once, in order.

    If a home's queue cannot be used, that is reported and the lists by subfolder after it are used.

    Raises:
        FileError: a list cannot be used.
        InputError: the subfolder does not exist.
    """
    if partition is not None and partition not in SUBFOLDERS:
        raise InputError(f"no partition {partition!r}: there are {', '.join(SUBFOLDERS)}")
    pairs: dict[frozenset[str], Pair] = {}
    for path in lists:
        try:
            read = read_list(path)
        except FileError as error:
            if path.name != QUEUE or len(lists) == 1:
                raise
            print(
                f"{error}; using the lists by subfolder; `lap run --only review_queue` remakes the queue",
                file=sys.stderr,
            )
            continue
        for problem in read.problems:
            print(problem, file=sys.stderr)
        for names, pair in read.by_names.items():
            if partition is None or partition == partition_of(*names):
                pairs.setdefault(names, pair)
    return list(pairs.values())
