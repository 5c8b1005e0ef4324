"""Near-duplicates among given files, without tables: hashing or embedding, and the search.

For programs that have a list of files and no home. The graph's own way is `hash_table`, `embedding_table` and
`candidate_pairs`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import PictureError
from lap_assets.core.files import sha256_of
from lap_assets.duplicates.hashing import hash_images
from lap_assets.duplicates.search import cosine_pairs, hamming_pairs

Measure = Literal["ahash", "phash", "dhash", "cosine"]
HASHES: Final = ("ahash", "phash", "dhash")


class NearPair(NamedTuple):
    """Two files by their place in the list (first < second), and how far they lie apart."""

    first: int
    second: int
    distance: float


@dataclass(frozen=True, slots=True)
class FilePairs:
    """Pairs, the nearest first; the contents' sha256 by place (of the readable ones); what could not be read."""

    pairs: tuple[NearPair, ...]
    sha256: dict[int, str]
    problems: tuple[str, ...]


def file_pairs(
    paths: Sequence[Path],
    measure: Measure,
    reach: tuple[float, float],
    *,
    groups: Sequence[object] | None = None,
    sides: Sequence[int] | None = None,
    model: str | None = None,
) -> FilePairs:
    """Finds all pairs whose distance lies within `reach`, both ends included.

    Args:
        paths: the files.
        measure: one of the three hashes (bits), or "cosine" of the vectors of an embedder.
        reach: the least and the largest distance; (0, 0) finds equal ones alone.
        groups: only files of the same group are compared, where it is given.
        sides: 0 or 1 for each file; only files of different sides are compared, where it is given.
        model: the embedder's name, for "cosine"; the settings' one if None.

    Raises:
        ValueError: an unknown measure, a range that makes no sense, or no such model.
    """
    if measure not in (*HASHES, "cosine"):
        raise ValueError(f"{measure!r} is no measure: there are {', '.join((*HASHES, 'cosine'))}")
    low, high = reach
    if not 0 <= low <= high:
        raise ValueError(f"a range of distances goes from 0 or more to no less than that, not from {low} to {high}")
    codes, sha256, problems = _vectors(paths, model) if measure == "cosine" else _hashes(paths, measure)
    places = np.array(sorted(sha256), dtype=np.int64)
    together: defaultdict[object, list[int]] = defaultdict(list)
    for row, place in enumerate(places.tolist()):
        together[None if groups is None else groups[place]].append(row)
    found: list[NearPair] = []
    for rows in together.values():
        for i, j, distance in _within(codes, np.array(rows), sides, places, high, bits=measure != "cosine"):
            one, other = sorted((int(places[i]), int(places[j])))
            if distance >= low and paths[one] != paths[other]:
                found.append(NearPair(one, other, distance))
    found.sort(key=lambda pair: (pair.distance, paths[pair.first].name, paths[pair.second].name))
    return FilePairs(tuple(found), sha256, problems)


def _hashes(paths: Sequence[Path], measure: str) -> tuple[NDArray[Any], dict[int, str], tuple[str, ...]]:
    hashed = hash_images(paths)
    fine = {place: one for place, one in enumerate(hashed) if not isinstance(one, PictureError)}
    codes = np.array([getattr(one, measure) for one in fine.values()], dtype=np.uint64)
    problems = tuple(str(one) for one in hashed if isinstance(one, PictureError))
    return codes, {place: one.sha256 for place, one in fine.items()}, problems


def _vectors(paths: Sequence[Path], model: str | None) -> tuple[NDArray[Any], dict[int, str], tuple[str, ...]]:
    from lap_assets.models import load_embedder
    from lap_assets.models.batching import Unreadable
    from lap_assets.settings import Settings

    embedder = load_embedder(model or Settings.load().embedder)
    made = list(embedder.over(paths))
    fine = {place: one for place, one in enumerate(made) if not isinstance(one, Unreadable)}
    vectors = np.stack(list(fine.values())) if fine else np.empty((0, embedder.dimensions), np.float32)
    problems = tuple(one.problem for one in made if isinstance(one, Unreadable))
    return vectors, {place: sha256_of(paths[place]) for place in fine}, problems


def _within(
    codes: NDArray[Any],
    rows: NDArray[np.int64],
    sides: Sequence[int] | None,
    places: NDArray[np.int64],
    high: float,
    *,
    bits: bool,
) -> list[tuple[int, int, float]]:
    """Pairs of rows of `codes`, with their distances: within `rows`, or between its two sides."""
    if sides is None:
        ours, theirs = rows, None
    else:
        side = np.array([sides[int(places[row])] for row in rows])
        ours, theirs = rows[side == 0], rows[side == 1]
    others = None if theirs is None else codes[theirs]
    if bits:
        i, j, distance = hamming_pairs(codes[ours], others, max_distance=int(high))
        far: list[float] = distance.tolist()
    else:
        i, j, cosine = cosine_pairs(codes[ours], others, max_distance=high)
        far = cosine.astype(np.float64).round(6).tolist()
    ends = ours if theirs is None else theirs
    return list(zip(ours[i].tolist(), ends[j].tolist(), far, strict=True))
