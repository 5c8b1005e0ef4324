"""Exact search for pairs of float vectors within a cosine distance: blocked matrix products, then an exact recheck.

The products run in float32, on the GPU if torch is installed and sees one, with a threshold widened by the largest
possible float32 error. The distances of the pairs that pass are computed again in float64 from the given vectors, and
those distances decide. So the result does not depend on blocks, threads, the BLAS library or the device.
"""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.floating[Any]]
Singles = NDArray[np.float32]
Indices = NDArray[np.int64]
Pairs = tuple[Indices, Indices, NDArray[np.float32]]

_ROWS: Final = 2048
_COLUMNS: Final = 4096
_RECHECKED: Final = 4096  # pairs computed again at a time
_SAME: Final = 1e-12  # float64 rounding error between equal directions
_WORTH_A_GPU: Final = 1e11  # multiplications; below, loading torch takes longer than the search


def find_pairs(vectors: Vectors, others: Vectors | None, max_distance: float) -> Pairs:
    """Return all pairs within `max_distance` (0 … 2), sorted by (i, j). Rows must be finite and nonzero."""
    lengths = row_lengths(vectors)
    other_lengths = lengths if others is None else row_lengths(others)
    ours = _normalised(vectors, lengths)
    theirs = ours if others is None else _normalised(others, other_lengths)
    slack = 1.1 * (vectors.shape[1] + 16) * 2.0**-24
    right = vectors if others is None else others
    found = []
    for i_all, j_all in _candidates(ours, theirs, 1 - max_distance - slack, one_list=others is None):
        for at in range(0, i_all.size, _RECHECKED):
            i, j = i_all[at : at + _RECHECKED], j_all[at : at + _RECHECKED]
            distance = _distances(vectors[i], right[j], lengths[i] * other_lengths[j])
            kept = distance <= max_distance
            found.append((i[kept], j[kept], distance[kept].astype(np.float32)))
    return _sorted(found)


def row_lengths(vectors: Vectors) -> NDArray[np.float64]:
    """Return the Euclidean length of each row."""
    lengths = np.empty(vectors.shape[0])
    for row in range(0, vectors.shape[0], _ROWS):
        block = vectors[row : row + _ROWS]
        lengths[row : row + _ROWS] = np.sqrt(np.einsum("ij,ij->i", block, block, dtype=np.float64))
    return lengths


def _normalised(vectors: Vectors, lengths: NDArray[np.float64]) -> Singles:
    unit = np.empty(vectors.shape, np.float32)
    for row in range(0, vectors.shape[0], _ROWS):
        unit[row : row + _ROWS] = vectors[row : row + _ROWS] / lengths[row : row + _ROWS, None]
    return unit


def _candidates(ours: Singles, theirs: Singles, least: float, *, one_list: bool) -> Iterator[tuple[Indices, Indices]]:
    """Yield pairs whose float32 product is `least` or more; within one list, only those with i < j."""
    work = ours.shape[0] * theirs.shape[0] * ours.shape[1]
    blocks = _blocks_on_gpu if work > _WORTH_A_GPU and _sees_gpu() else _blocks
    for i, j in blocks(ours, theirs, least, one_list=one_list):
        once = j > i if one_list else slice(None)
        yield i[once], j[once]


def _blocks(ours: Singles, theirs: Singles, least: float, *, one_list: bool) -> Iterator[tuple[Indices, Indices]]:
    product = np.empty(_ROWS * _COLUMNS, np.float32)
    for row in range(0, ours.shape[0], _ROWS):
        for column in range(row if one_list else 0, theirs.shape[0], _COLUMNS):
            left, right = ours[row : row + _ROWS], theirs[column : column + _COLUMNS]
            block = product[: left.shape[0] * right.shape[0]].reshape(left.shape[0], right.shape[0])
            np.matmul(left, right.T, out=block)
            close = np.flatnonzero(block.ravel() >= np.float32(least))
            i, j = np.divmod(close, right.shape[0])
            yield i + row, j + column


def _sees_gpu() -> bool:
    if find_spec("torch") is None:
        return False
    return bool(import_module("torch").cuda.is_available())


def _blocks_on_gpu(
    ours: Singles, theirs: Singles, least: float, *, one_list: bool, device: str = "cuda"
) -> Iterator[tuple[Indices, Indices]]:
    torch: Any = import_module("torch")
    left_all = torch.from_numpy(ours).to(device)
    right_all = left_all if one_list else torch.from_numpy(theirs).to(device)
    # TensorFloat-32 errors would far exceed the slack.
    allowed, torch.backends.cuda.matmul.allow_tf32 = torch.backends.cuda.matmul.allow_tf32, False
    try:
        for row in range(0, ours.shape[0], _ROWS):
            for column in range(row if one_list else 0, theirs.shape[0], 8 * _COLUMNS):
                block = left_all[row : row + _ROWS] @ right_all[column : column + 8 * _COLUMNS].T
                i, j = (block >= least).nonzero(as_tuple=True)
                yield i.cpu().numpy() + row, j.cpu().numpy() + column
    finally:
        torch.backends.cuda.matmul.allow_tf32 = allowed


def _distances(left: Vectors, right: Vectors, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 - cosine of each row of `left` and its row of `right`; `lengths` is the product of their lengths."""
    dots: NDArray[np.float64] = np.einsum("ij,ij->i", left, right, dtype=np.float64)
    distance = 1 - dots / lengths
    distance[distance < _SAME] = 0
    return distance


def _sorted(found: list[Pairs]) -> Pairs:
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    i, j, distance = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort((i << 31) | j)
    return i[order], j[order], distance[order]
