"""`remove_duplicates`: search, comparison and result in one call, with the original's arguments.

`searching` does the search.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_gui.comparer.searching import Candidate, Mode, Vectors, near_files
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.review.logs import Logs, logs_at, reviewer_name
from lap_gui.review.poster_files import ListedPosters, home_around
from lap_gui.review.poster_view import size_keys
from lap_gui.shared.other_names import also_called

_ORIGINAL: Final = {"rdir": "root_dir", "files1": "files", "emb": "method", "dist": "metric"}


@also_called(_ORIGINAL)
def remove_duplicates(
    root_dir: str | Path,
    files: Sequence[str],
    files2: Sequence[str] | None = None,
    mode: Mode = "total",
    method: str | Vectors = "ahash",
    metric: str | None = None,
    rang: float | tuple[float, float] | None = 2,
    topk: int | None = None,
    chunk_size: int | None = None,
    *,
    model: str | None = None,
    verdicts: str | Path | None = None,
    reviewer: str | None = None,
    marks_act: bool = True,
    close_at_end: bool = False,
) -> tuple[list[str], list[Candidate]]:
    """Show near pairs of files, the nearest first, and return the confirmed duplicates.

    The original's argument names also work: `rdir`, `files1`, `emb`, `dist`.

    Args:
        root_dir: the folder to which the names are relative.
        files: names of posters below it, with either slash.
        files2: if given, pairs are between the two lists, otherwise within `files`.
        mode: "total" compares all; "group" only posters of the same anime.
        method: "ahash", "phash", "dhash" (differing bits), "vit" (vectors of an embedder), or your own vectors: an
            array with one row per file; for two lists a pair of arrays, or one with all rows; "file:A.npy" or
            "file:A.npy;B.npy" reads them.
        metric: "hamming" for hashes and arrays of 0 and 1, "cosine" for vectors.
        rang: the largest distance, or the least and the largest; 0 means only equal ones, None sets no limit.
        topk: only pairs among the `topk` nearest ones of either file; None: all.
        chunk_size: accepted but not needed: memory depends on the number of pairs found.
        model: the embedder's name; the one in the settings if None.
        verdicts: the file in which verdicts are saved and resumed; the home's, or one beside the pictures, if None.
        reviewer: the reviewer's name; the login name if None.
        marks_act: whether marks of the Explorer and the Labeler remove posters.
        close_at_end: whether deciding the last pair closes the window.

    Returns:
        The names (as given) of the files to remove, and all candidates: two names and their distance.

    Raises:
        InputError: an argument is invalid.
        SettingsError: no model is named, and a setting is invalid.
        NoWindow: there is no display.
        OSError: verdicts cannot be read or written.
    """
    for what, number in (("topk", topk), ("chunk_size", chunk_size)):
        if number is not None and number < 1:
            raise InputError(f"{what}={number}: expected 1 or more, or None")
    root = Path(root_dir)
    found = near_files(
        root, files, files2, mode=mode, method=method, metric=metric, rang=rang, topk=topk, model=model
    )  # fmt: skip
    if not found.pairs:
        print(f"{root}: no pair of files is within range; there is nothing to compare", file=sys.stderr)
        return [], []
    pictures, name = ListedPosters(found.paths), reviewer_name(reviewer)
    session = ReviewSession(found.pairs, _logs(root, verdicts), name, marks_act=marks_act, size_key=size_keys(pictures))
    title = f"{method if isinstance(method, str) else 'vectors'} – Comparer"
    Comparer(session, pictures, title=title, maximized=True, closes_at_end=close_at_end).run()
    return [found.given[name] for name in session.removed()], found.candidates


def _logs(root: Path, verdicts: str | Path | None) -> Logs:
    if verdicts is not None:
        return logs_at(Path(verdicts))
    home = home_around(root)
    return Logs(root / "duplicates.verdicts.jsonl") if home is None else Logs(home / "review" / "verdicts", True)
