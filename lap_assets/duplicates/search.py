"""Pair search: which codes or vectors are close to each other. Exact, complete, each pair once.

Belongs here: the two functions that other programs call, and checks of their arguments. The search itself is in
`hamming` and `cosine`.
"""

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lap_assets.duplicates import cosine, hamming

__all__ = ["cosine_pairs", "hamming_pairs"]

Indices = NDArray[np.int64]


def hamming_pairs(
    codes: NDArray[np.uint64], others: NDArray[np.uint64] | None = None, *, max_distance: int
) -> tuple[Indices, Indices, NDArray[np.uint8]]:
    """Return all pairs of 64-bit codes that differ in at most `max_distance` bits, equal codes included.

    Args:
        codes: shape (n,), uint64.
        others: shape (m,), uint64; if given, pairs are between the two lists, else within `codes`.
        max_distance: bits, 0 or more.

    Returns:
        Three arrays of equal length: i (into `codes`), j (into `others`, or into `codes` with i < j) and the distance
        in bits; sorted by (i, j), int64, int64 and uint8. Memory is proportional to the number of pairs found.

    Raises:
        ValueError: wrong shape or dtype, or a distance that is not a whole number of 0 or more.
    """
    _check_codes("codes", codes)
    if others is not None:
        _check_codes("others", others)
    if not isinstance(max_distance, Integral) or isinstance(max_distance, bool) or max_distance < 0:
        raise ValueError(f"max_distance must be a whole number of bits, 0 or more, not {max_distance!r}")
    return hamming.find_pairs(codes, others, min(int(max_distance), 64))


def cosine_pairs(
    vectors: NDArray[np.floating[Any]], others: NDArray[np.floating[Any]] | None = None, *, max_distance: float
) -> tuple[Indices, Indices, NDArray[np.float32]]:
    """Return all pairs of vectors whose cosine distance (1 - cosine, never below 0) is at most `max_distance`.

    The distance is computed in float64 from the given vectors, compared, and then rounded to float32; distances below
    1e-12 (rounding error) count as 0. So the float64 distance decides about a pair at the threshold, on any device.

    Args:
        vectors: shape (n, d), floating point.
        others: shape (m, d); if given, pairs are between the two lists, else within `vectors`.
        max_distance: 0 or more.

    Returns:
        i, j and distance as in `hamming_pairs`: int64, int64 and float32, sorted by (i, j).

    Raises:
        ValueError: wrong shape or dtype, a row of length zero or with NaN or infinity, or a negative distance.
    """
    _check_vectors("vectors", vectors)
    if others is not None:
        _check_vectors("others", others)
        if others.shape[1] != vectors.shape[1]:
            raise ValueError(f"others have {others.shape[1]} numbers per row, vectors have {vectors.shape[1]}")
    if not isinstance(max_distance, Real) or isinstance(max_distance, bool) or not max_distance >= 0:
        raise ValueError(f"max_distance must be a number of 0 or more, not {max_distance!r}")
    return cosine.find_pairs(vectors, others, min(float(max_distance), 2.0))


def _check_codes(name: str, codes: object) -> None:
    if not isinstance(codes, np.ndarray) or codes.ndim != 1 or codes.dtype != np.uint64:
        raise ValueError(f"{name} must be a one-dimensional numpy array of uint64, not {_described(codes)}")
    if codes.size >= 1 << 31:
        raise ValueError(f"{name} holds {codes.size:,} codes; the search takes fewer than 2^31")


def _check_vectors(name: str, vectors: object) -> None:
    if not isinstance(vectors, np.ndarray) or vectors.ndim != 2 or vectors.dtype.kind != "f":
        raise ValueError(f"{name} must be a two-dimensional numpy array of floats, not {_described(vectors)}")
    lengths = cosine.row_lengths(vectors)
    bad = np.flatnonzero(~np.isfinite(lengths) | (lengths == 0))
    if bad.size:
        what = "a length of zero" if lengths[bad[0]] == 0 else "NaN or infinity in it"
        raise ValueError(f"{name}: row {bad[0]} has {what} ({bad.size} such rows); leave such rows out")


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} with shape {value.shape}"
    return f"a {type(value).__name__}"
