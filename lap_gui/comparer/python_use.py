"""`remove_duplicates`: search, comparison and result in one call, with the original's arguments.

The search needs numpy (and torch for vectors); only this module imports it, inside a function. The window does not.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import mal_id_of
from lap_assets.pictures.gate import Limits
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.review.lists import MEASURES, Pair, poster_name
from lap_gui.review.logs import Logs, logs_at, reviewer_name
from lap_gui.review.poster_files import ListedPosters, home_around
from lap_gui.review.poster_view import size_keys

Mode = Literal["total", "group"]
Candidate = tuple[str, str, float]
_METRICS: Final = {"ahash": "hamming", "phash": "hamming", "dhash": "hamming", "vit": "cosine"}


def remove_duplicates(
    root_dir: str | Path,
    files: Sequence[str],
    files2: Sequence[str] | None = None,
    mode: Mode = "total",
    method: str = "ahash",
    metric: str | None = None,
    rang: float | tuple[float, float] = 2,
    *,
    model: str | None = None,
    verdicts: str | Path | None = None,
    reviewer: str | None = None,
    marks_act: bool = True,
) -> tuple[list[str], list[Candidate]]:
    """Shows near pairs of files, the nearest first, and returns what was confirmed.

    Args:
        root_dir: the folder that the names are relative to.
        files: names of posters below it, with either slash.
        files2: if given, pairs are between the two lists, else within `files`.
        mode: "total" compares all; "group" only posters of the same anime.
        method: "ahash", "phash", "dhash" (bits that differ), or "vit": vectors of an embedder.
        metric: "hamming" for hashes, "cosine" for vectors.
        rang: the largest distance, or the least and the largest; 0 means only equal ones.
        model: the embedder's name; the one of the settings if None.
        verdicts: the file in which verdicts are saved and resumed; the home's, or one beside the pictures, if None.
        reviewer: the reviewer's name; the login name if None.
        marks_act: whether marks of the Explorer and the Labeler remove posters.

    Returns:
        The names (as given) of the files to remove, and all candidates: two names and their distance.

    Raises:
        InputError: an argument cannot be used.
        SettingsError: no model is named, and a variable of the settings cannot be used.
        NoWindow: there is no display.
        OSError: verdicts cannot be read or written.
    """
    root = Path(root_dir)
    names, sides = _listed(files, files2)
    found = _search(root, names, sides, mode, method, metric, rang, model)
    pairs, candidates = found
    if not pairs:
        print(f"{root}: no pair of files is so near; there is nothing to compare", file=sys.stderr)
        return [], []
    given = {poster_name(name): name for name in names}
    pictures = ListedPosters({name: root / _with_slashes(path) for name, path in given.items()})
    name = reviewer_name(reviewer)
    session = ReviewSession(pairs, _logs(root, verdicts), name, marks_act=marks_act, size_key=size_keys(pictures))
    Comparer(session, pictures, title=f"{method} – Comparer", maximized=True).run()
    return [given[name] for name in session.removed()], candidates


def _listed(files: Sequence[str], files2: Sequence[str] | None) -> tuple[list[str], list[int] | None]:
    """All names, and which list each is from.

    Raises:
        InputError: a name is not a poster's, or means two files.
    """
    names = [*files, *(files2 or ())]
    where: dict[str, str] = {}
    for name in names:
        if where.setdefault(poster_name(name), _with_slashes(name)) != _with_slashes(name):
            raise InputError(f"{poster_name(name)} is in the list twice, as {where[poster_name(name)]} and as {name}")
    if files2 is None:
        return list(dict.fromkeys(names)), None
    return names, [0] * len(files) + [1] * len(files2)


def _search(
    root: Path,
    names: Sequence[str],
    sides: Sequence[int] | None,
    mode: str,
    method: str,
    metric: str | None,
    rang: float | tuple[float, float],
    model: str | None,
) -> tuple[list[Pair], list[Candidate]]:
    from lap_assets.duplicates.file_pairs import file_pairs
    from lap_assets.startup import load_settings

    if method not in _METRICS:
        raise InputError(f"method {method!r} is none of {', '.join(_METRICS)}")
    if metric not in (None, _METRICS[method]):
        raise InputError(f"metric {metric!r} does not go with {method}: it takes {_METRICS[method]!r}")
    if mode not in ("total", "group"):
        raise InputError(f"mode {mode!r} is neither 'total' nor 'group'")
    measure = next(one for one in MEASURES if one == ("cosine" if method == "vit" else method))
    anime = [mal_id_of(poster_name(name)) for name in names] if mode == "group" else None
    paths = [root / _with_slashes(name) for name in names]
    reach = rang if isinstance(rang, tuple) else (0.0, rang)
    limits = Limits.from_environment(os.environ)
    if method == "vit" and model is None:
        model = load_settings().embedder
    found = file_pairs(paths, measure, reach, groups=anime, sides=sides, model=model, limits=limits)
    for problem in found.problems:
        print(f"left out: {problem}", file=sys.stderr)
    pairs: dict[frozenset[str], tuple[Pair, Candidate]] = {}
    for one, other, distance in found.pairs:
        first, second = (Poster(poster_name(names[place]), found.sha256[place]) for place in (one, other))
        pair = Pair(first, second, ((measure, distance),), measure, distance)
        pairs.setdefault(frozenset((first.name, second.name)), (pair, (names[one], names[other], distance)))
    return [pair for pair, _ in pairs.values()], [candidate for _, candidate in pairs.values()]


def _logs(root: Path, verdicts: str | Path | None) -> Logs:
    if verdicts is not None:
        return logs_at(Path(verdicts))
    home = home_around(root)
    return Logs(root / "duplicates.verdicts.jsonl") if home is None else Logs(home / "review" / "verdicts", True)


def _with_slashes(name: str) -> str:
    """The folders before a name are this program's own; only backslashes are turned."""
    return name.replace("\\", "/")
