"""From files to a Comparer's window: what `lap review pairs` and `python -m lap_gui.comparer` share."""

import sys
from collections.abc import Sequence
from pathlib import Path

from lap_gui.comparer.session import Session
from lap_gui.review.lists import Pair, read_list
from lap_gui.review.logs import Logs, logs_at, logs_for_list, reviewer_name
from lap_gui.review.poster_files import PosterFolder, guess_folder
from lap_gui.shared.errors import lacking


def review_pairs(
    lists: Sequence[Path],
    *,
    images: Path | None = None,
    verdicts: Path | None = None,
    reviewer: str | None = None,
    readonly: bool = False,
) -> None:
    """Opens a window on lists of pairs, one after the other, and serves it until it is closed.

    Lines that are left out, and lists without pairs, are told on the terminal.

    Raises:
        ValueError: a list, folder or name makes no sense; the message is one line.
        OSError: the verdicts cannot be read or written, or there is no display.
    """
    try:
        from lap_gui.comparer.window import Comparer
    except ImportError as error:
        raise lacking(error) from None
    pairs = _pairs(lists)
    if not pairs:
        print(f"{', '.join(map(str, lists))}: no pair is left to decide", file=sys.stderr)
        return
    folder = PosterFolder(images if images is not None else guess_folder(lists[0]))
    if not folder.root.is_dir():
        raise ValueError(f"{folder.root}: there is no such folder of pictures; name it with --images")
    logs: Logs = logs_at(verdicts) if verdicts is not None else logs_for_list(lists[0])
    session = Session(pairs, logs, reviewer_name(reviewer), readonly=readonly)
    title = lists[0].name if len(lists) == 1 else f"{len(lists)} lists"
    Comparer(session, folder, title=f"{title} – Comparer", maximized=True).run()


def _pairs(lists: Sequence[Path]) -> list[Pair]:
    """The pairs of all lists, each once, in order."""
    pairs: dict[frozenset[str], Pair] = {}
    for path in lists:
        read = read_list(path)
        for problem in read.problems:
            print(problem, file=sys.stderr)
        for pair in read.pairs:
            pairs.setdefault(frozenset((pair.first.name, pair.second.name)), pair)
    return list(pairs.values())
