"""Vectors that a caller brings along for its files, checked, in the form of the search. No pictures.

Bits are given as the original's scripts make them: a row of 0 and 1 (or truth values) for each file.
"""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import InputError

Metric = Literal["hamming", "cosine"]
_BITS: Final = 64


def given_codes(vectors: NDArray[Any], metric: Metric, count: int) -> NDArray[Any]:
    """The rows as the search takes them: 64-bit codes of shape (count,), or vectors of shape (count, d) in float64.

    Args:
        vectors: shape (count, d); for "hamming" of 0 and 1 and d at most 64, for "cosine" of finite numbers.
        metric: what is measured between two rows.
        count: how many files there are.

    Raises:
        InputError: another shape, or values that cannot be measured.
    """
    if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1]:
        raise InputError(f"vectors of shape {vectors.shape}: expected a row for each of the {count} files")
    if vectors.dtype.kind not in "buif":
        raise InputError(f"vectors of {vectors.dtype}: expected numbers")
    if metric == "hamming":
        return _packed(vectors)
    found = vectors.astype(np.float64)
    unfit = ~np.isfinite(found).all(axis=1) | ~found.any(axis=1)
    if unfit.any():
        raise InputError(
            f"row {int(unfit.argmax())} of the vectors has no direction: expected finite numbers, not all 0"
        )
    return found


def _packed(bits: NDArray[Any]) -> NDArray[np.uint64]:
    if bits.shape[1] > _BITS:
        raise InputError(f"vectors of {bits.shape[1]} bits: expected at most {_BITS} for 'hamming'")
    if not np.isin(bits, (0, 1)).all():
        raise InputError("vectors with other numbers than 0 and 1: expected bits for 'hamming'")
    weights = np.left_shift(np.uint64(1), np.arange(bits.shape[1], dtype=np.uint64))
    packed: NDArray[np.uint64] = (bits.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    return packed
