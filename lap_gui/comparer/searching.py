"""The search behind `remove_duplicates`: from names of files to pairs, the nearest first. No window.

It needs numpy (and torch for an embedder's vectors); only here it is imported, inside functions.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Final, Literal

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import mal_id_of
from lap_assets.pictures.gate import Limits
from lap_gui.review.pair_rows import MEASURES, Pair, poster_name

Mode = Literal["total", "group"]
Candidate = tuple[str, str, float]
Vectors = Any
"""An array of NumPy, or a pair of them: this module does not import it."""
_METRICS: Final = {"ahash": "hamming", "phash": "hamming", "dhash": "hamming", "vit": "cosine"}


@dataclass(frozen=True, slots=True)
class NearFiles:
    """What a search has found: pairs and, in their order, the two names as given with their distance.

    `paths`: where each poster's file is, by its name; `given`: how it was named.
    """

    pairs: list[Pair]
    candidates: list[Candidate]
    paths: dict[str, Path]
    given: dict[str, str]


def near_files(
    root: Path,
    files: Sequence[str],
    files2: Sequence[str] | None = None,
    *,
    mode: str = "total",
    method: str | Vectors = "ahash",
    metric: str | None = None,
    rang: float | tuple[float, float] | None = 2,
    topk: int | None = None,
    model: str | None = None,
) -> NearFiles:
    """Finds the pairs; the arguments are those of `remove_duplicates`.

    Raises:
        InputError: an argument cannot be used.
        FileError: a file of vectors cannot be read.
        SettingsError: no model is named, and a variable of the settings cannot be used.
    """
    from lap_assets.duplicates.file_pairs import file_pairs
    from lap_assets.duplicates.vector_files import given_vectors, metric_of
    from lap_assets.startup import load_settings

    names, sides = _listed(files, files2)
    vectors = given_vectors(method, [len(files)] if files2 is None else [len(files), len(files2)])
    if vectors is not None and files2 is None and len(vectors) == len(files):
        row_of = {name: row for row, name in reversed(list(enumerate(files)))}
        vectors = vectors[[row_of[name] for name in names]]  # a name that is listed twice has one row
    measure = _measure_of(method, metric) if vectors is None else metric_of(vectors, metric)
    if mode not in ("total", "group"):
        raise InputError(f"mode {mode!r} is neither 'total' nor 'group'")
    anime = [mal_id_of(poster_name(name)) for name in names] if mode == "group" else None
    paths = [root / with_slashes(name) for name in names]
    reach = rang if isinstance(rang, tuple) else (0.0, inf if rang is None else rang)
    limits = Limits.from_environment(os.environ)
    if vectors is None and measure == "cosine" and model is None:
        model = load_settings().embedder
    found = file_pairs(paths, measure, reach, groups=anime, sides=sides, model=model, limits=limits, vectors=vectors)
    for problem in found.problems:
        print(f"left out: {problem}", file=sys.stderr)
    told = next((one for one in MEASURES if one == measure), None)
    pairs: dict[frozenset[str], tuple[Pair, Candidate]] = {}
    for one, other, distance in found.pairs if topk is None else nearest(found.pairs, topk):
        first, second = (Poster(poster_name(names[place]), found.sha256[place]) for place in (one, other))
        pair = Pair(first, second, () if told is None else ((told, distance),), told, distance)
        pairs.setdefault(frozenset((first.name, second.name)), (pair, (names[one], names[other], distance)))
    posters = [poster_name(name) for name in names]
    return NearFiles(
        [pair for pair, _ in pairs.values()],
        [candidate for _, candidate in pairs.values()],
        dict(zip(posters, paths, strict=True)),
        dict(zip(posters, names, strict=True)),
    )


def nearest(pairs: Iterable[tuple[int, int, float]], most: int) -> Iterator[tuple[int, int, float]]:
    """Of pairs of files, the nearest ones first, those that are among the `most` nearest ones of either file."""
    seen: Counter[int] = Counter()
    for one, other, distance in pairs:
        if min(seen[one], seen[other]) < most:
            yield one, other, distance
        seen.update((one, other))


def with_slashes(name: str) -> str:
    """The folders before a name are this program's own; only backslashes are turned."""
    return name.replace("\\", "/")


def _listed(files: Sequence[str], files2: Sequence[str] | None) -> tuple[list[str], list[int] | None]:
    """All names, and which list each is from.

    Raises:
        InputError: a name is not a poster's, or means two files.
    """
    names = [*files, *(files2 or ())]
    where: dict[str, str] = {}
    for name in names:
        if where.setdefault(poster_name(name), with_slashes(name)) != with_slashes(name):
            raise InputError(f"{poster_name(name)} is in the list twice, as {where[poster_name(name)]} and as {name}")
    if files2 is None:
        return list(dict.fromkeys(names)), None
    return names, [0] * len(files) + [1] * len(files2)


def _measure_of(method: str, metric: str | None) -> Literal["ahash", "phash", "dhash", "cosine"]:
    """What a method measures.

    Raises:
        InputError: there is no such method, or the metric does not go with it.
    """
    if method not in _METRICS:
        raise InputError(f"method {method!r} is none of {', '.join(_METRICS)}")
    if metric not in (None, _METRICS[method]):
        raise InputError(f"metric {metric!r} does not go with {method}: it takes {_METRICS[method]!r}")
    return next(one for one in MEASURES if one == ("cosine" if method == "vit" else method))
