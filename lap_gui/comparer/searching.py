"""The search behind `remove_duplicates`: from file names to pairs, the nearest first. No window.

It needs numpy (and torch for an embedder's vectors), imported only here, inside functions.
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
from lap_assets.core.names import mal_id_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.pictures.gate import Limits
from lap_gui.review.pair_rows import MEASURES, Pair, poster_name

Mode = Literal["total", "group"]
Candidate = tuple[str, str, float]
Vectors = Any
"""A NumPy array, or a pair of them; NumPy is not imported here."""
_METRICS: Final = {"ahash": "hamming", "phash": "hamming", "dhash": "hamming", "vit": "cosine"}


@dataclass(frozen=True, slots=True)
class NearFiles:
    """The result of a search: pairs and, in the same order, their two names as given with their distance.

    `paths`: the file of each poster name; `given`: each name as it was given.
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
    """Find the pairs; the arguments are those of `remove_duplicates`.

    Raises:
        InputError: an argument is invalid.
        FileError: a file of vectors cannot be read.
        SettingsError: no model is named, and a setting is invalid.
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
        raise InputError(f"mode {mode!r}: expected 'total' or 'group'")
    anime = [mal_id_of(poster_name(name)) for name in names] if mode == "group" else None
    paths = [root / with_slashes(name) for name in names]
    reach = rang if isinstance(rang, tuple) else (0.0, inf if rang is None else rang)
    limits = Limits.from_environment(os.environ)
    if vectors is None and measure == "cosine" and model is None:
        model = load_settings().embedder
    found = file_pairs(paths, measure, reach, groups=anime, sides=sides, model=model, limits=limits, vectors=vectors)
    for problem in found.problems:
        print(f"left out: {problem}", file=sys.stderr)
    named = next((one for one in MEASURES if one == measure), None)
    pairs: dict[frozenset[str], tuple[Pair, Candidate]] = {}
    for one, other, distance in found.pairs if topk is None else nearest(found.pairs, topk):
        first, second = (Poster(poster_name(names[index]), found.sha256[index]) for index in (one, other))
        pair = Pair(first, second, () if named is None else ((named, distance),), named, distance)
        pairs.setdefault(frozenset((first.name, second.name)), (pair, (names[one], names[other], distance)))
    posters = [poster_name(name) for name in names]
    return NearFiles(
        [pair for pair, _ in pairs.values()],
        [candidate for _, candidate in pairs.values()],
        dict(zip(posters, paths, strict=True)),
        dict(zip(posters, names, strict=True)),
    )


def nearest(pairs: Iterable[tuple[int, int, float]], most: int) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs that are among the `most` nearest of either file; `pairs` are ordered by distance."""
    seen: Counter[int] = Counter()
    for one, other, distance in pairs:
        if min(seen[one], seen[other]) < most:
            yield one, other, distance
        seen.update((one, other))


def with_slashes(name: str) -> str:
    """Return the name with slashes for backslashes; the folders before the name are the caller's own."""
    return name.replace("\\", "/")


def _listed(files: Sequence[str], files2: Sequence[str] | None) -> tuple[list[str], list[int] | None]:
    """Return all names, and the list that each is from.

    Raises:
        InputError: a name is not a poster's, or refers to two files.
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
    """Return the measure of a method.

    Raises:
        InputError: the method is unknown, or the metric does not fit it.
    """
    if method not in _METRICS:
        raise InputError(f"method {method!r}: expected one of: {', '.join(_METRICS)}")
    if metric not in (None, _METRICS[method]):
        raise InputError(f"metric {metric!r} does not fit {method}: expected {_METRICS[method]!r}")
    return next(one for one in MEASURES if one == ("cosine" if method == "vit" else method))
