"""Searches for the same pairs with faiss and numpy, to count and time them."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]

_BLOCK: Final = 1024


@contextmanager
def _one_faiss_thread() -> Iterator[Any]:
    faiss: Any = import_module("faiss")
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield faiss
    finally:
        faiss.omp_set_num_threads(threads)


def faiss_codes(codes: Codes, limit: int) -> int:
    """Return the number of pairs found by faiss, which returns each pair twice, and every code with itself."""
    with _one_faiss_thread() as faiss:
        index = faiss.IndexBinaryFlat(64)
        rows = codes.view(np.uint8).reshape(-1, 8)
        index.add(rows)
        _, _, found = index.range_search(rows, limit + 1)
    return (len(found) - codes.size) // 2


def numpy_codes(codes: Codes, limit: int) -> int:
    """Return the number of pairs found by numpy, block by block."""
    found = 0
    for start in range(0, codes.size, _BLOCK):
        block = codes[start : start + _BLOCK]
        within = np.bitwise_count(block[:, None] ^ codes[None, start:]) <= limit
        found += int(np.count_nonzero(np.triu(within, 1)))
    return found


def bare_product(vectors: NDArray[np.float32]) -> None:
    """Compute only the product of unit vectors, in blocks, without searching it."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for start in range(0, len(unit), 2 * _BLOCK):
        for column in range(start, len(unit), 4 * _BLOCK):
            np.matmul(unit[start : start + 2 * _BLOCK], unit[column : column + 4 * _BLOCK].T)


def faiss_vectors(vectors: NDArray[np.float32]) -> int:
    """Return the number of pairs found by faiss on all threads, like numpy's product."""
    faiss: Any = import_module("faiss")
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    index = faiss.IndexFlatIP(unit.shape[1])
    index.add(unit)
    _, _, found = index.range_search(unit, 0.68)
    return (len(found) - len(unit)) // 2
