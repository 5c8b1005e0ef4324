"""Checks and conversion of vectors that a caller computed for its files. No pictures.

Bits have the form of the original scripts: a row of 0 and 1 (or booleans) for each file.
"""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import InputError

Metric = Literal["hamming", "cosine"]
_BITS: Final = 64


def given_codes(vectors: NDArray[Any], metric: Metric, count: int) -> NDArray[Any]:
    """Convert the rows for the search: 64-bit codes of shape (count,), or float64 vectors of shape (count, d).

    Args:
        vectors: shape (count, d); for "hamming" 0 and 1, with d at most 64; for "cosine" finite numbers.
        metric: the measure between two rows.
        count: the number of files.

    Raises:
        InputError: the shape is wrong, or the metric does not apply to the values.
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
        raise InputError("vectors with numbers other than 0 and 1: expected bits for 'hamming'")
    weights = np.left_shift(np.uint64(1), np.arange(bits.shape[1], dtype=np.uint64))
    packed: NDArray[np.uint64] = (bits.astype(np.uint64) * weights).sum(axis=1, dtype=np.uint64)
    return packed
