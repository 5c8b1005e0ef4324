"""Near-duplicates among a list of files, without tables: hashing or embedding, and the search.

For programs without a home. The graph uses `hash_table`, `embedding_table` and `candidate_pairs` instead.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import InputError, PictureError
from lap_assets.core.files import sha256_of
from lap_assets.duplicates.embedding_table import unit_vector
from lap_assets.duplicates.given_vectors import Metric, given_codes
from lap_assets.duplicates.hashing import hash_images
from lap_assets.duplicates.search import cosine_pairs, hamming_pairs
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits

Measure = Literal["ahash", "phash", "dhash", "cosine", "hamming"]
HASHES: Final = ("ahash", "phash", "dhash")


class NearPair(NamedTuple):
    """Two files by their indices in the list (first < second), and their distance."""

    first: int
    second: int
    distance: float


@dataclass(frozen=True, slots=True)
class FilePairs:
    """Pairs, nearest first; the sha256 of each readable file by index; the problems of unreadable files."""

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
    limits: Limits = DEFAULT_LIMITS,
    vectors: NDArray[Any] | None = None,
) -> FilePairs:
    """Find all pairs whose distance lies within `reach`, both ends included.

    Args:
        paths: the files.
        measure: one of the three hashes (bits), or "cosine" for the vectors of an embedder; with `vectors`, "cosine" or
            "hamming".
        reach: the smallest and the largest distance; (0, 0) finds only equal files.
        groups: a group for each file; if given, only files of the same group are compared.
        sides: 0 or 1 for each file; if given, only files of different sides are compared.
        model: the embedder's name, required for "cosine".
        limits: larger files are not read.
        vectors: a row for each file, as in `given_codes`; without it, hashes or vectors are computed.

    Raises:
        InputError: an unknown measure or model, an invalid range, or vectors that do not fit.
    """
    known = (*HASHES, "cosine") if vectors is None else ("cosine", "hamming")
    if measure not in known:
        raise InputError(f"unknown measure {measure!r}: expected one of {', '.join(known)}")
    low, high = reach
    if not 0 <= low <= high:
        raise InputError(f"invalid range of distances {low} to {high}: expected 0 <= low <= high")
    if vectors is not None:
        codes, sha256, problems = _given(paths, vectors, "cosine" if measure == "cosine" else "hamming")
    elif measure == "cosine":
        codes, sha256, problems = _vectors(paths, model, limits)
    else:
        codes, sha256, problems = _hashes(paths, measure, limits)
    indices = np.array(sorted(sha256), dtype=np.int64)
    together: defaultdict[object, list[int]] = defaultdict(list)
    for row, index in enumerate(indices.tolist()):
        together[None if groups is None else groups[index]].append(row)
    found: list[NearPair] = []
    for rows in together.values():
        for i, j, distance in _within(codes, np.array(rows), sides, indices, high, bits=measure != "cosine"):
            one, other = sorted((int(indices[i]), int(indices[j])))
            if distance >= low and paths[one] != paths[other]:
                found.append(NearPair(one, other, distance))
    found.sort(key=lambda pair: (pair.distance, paths[pair.first].name, paths[pair.second].name))
    return FilePairs(tuple(found), sha256, problems)


def _hashes(
    paths: Sequence[Path], measure: str, limits: Limits
) -> tuple[NDArray[Any], dict[int, str], tuple[str, ...]]:
    hashed = hash_images(paths, limits=limits)
    readable = {index: one for index, one in enumerate(hashed) if not isinstance(one, PictureError)}
    codes = np.array([getattr(one, measure) for one in readable.values()], dtype=np.uint64)
    problems = tuple(str(one) for one in hashed if isinstance(one, PictureError))
    return codes, {index: one.sha256 for index, one in readable.items()}, problems


def _vectors(
    paths: Sequence[Path], model: str | None, limits: Limits
) -> tuple[NDArray[Any], dict[int, str], tuple[str, ...]]:
    from lap_assets.models import load_embedder
    from lap_assets.models.batching import Unreadable

    if model is None:
        raise InputError("no model for the measure 'cosine': name an embedder")
    embedder = load_embedder(model)
    results = [unit_vector(result) for result in embedder.over(paths, limits=limits)]
    readable = {index: one for index, one in enumerate(results) if not isinstance(one, Unreadable)}
    vectors = np.stack(list(readable.values())) if readable else np.empty((0, embedder.dimensions), np.float32)
    problems = tuple(one.problem for one in results if isinstance(one, Unreadable))
    return vectors, {index: sha256_of(paths[index]) for index in readable}, problems


def _given(
    paths: Sequence[Path], vectors: NDArray[Any], metric: Metric
) -> tuple[NDArray[Any], dict[int, str], tuple[str, ...]]:
    codes, sha256, problems = given_codes(vectors, metric, len(paths)), {}, []
    for index, path in enumerate(paths):
        try:
            sha256[index] = sha256_of(path)
        except OSError as error:
            problems.append(f"{path}: {error.strerror or error}")
    return codes[sorted(sha256)], sha256, tuple(problems)


def _within(
    codes: NDArray[Any],
    rows: NDArray[np.int64],
    sides: Sequence[int] | None,
    indices: NDArray[np.int64],
    high: float,
    *,
    bits: bool,
) -> list[tuple[int, int, float]]:
    """Return pairs of rows of `codes` with their distances: within `rows`, or between its two sides."""
    if sides is None:
        ours, theirs = rows, None
    else:
        side = np.array([sides[int(indices[row])] for row in rows])
        ours, theirs = rows[side == 0], rows[side == 1]
    others = None if theirs is None else codes[theirs]
    if bits:
        i, j, distance = hamming_pairs(codes[ours], others, max_distance=int(min(high, 64)))
        far: list[float] = distance.tolist()
    else:
        i, j, cosine = cosine_pairs(codes[ours], others, max_distance=high)
        far = cosine.astype(np.float64).round(6).tolist()
    ends = ours if theirs is None else theirs
    return list(zip(ours[i].tolist(), ends[j].tolist(), far, strict=True))
