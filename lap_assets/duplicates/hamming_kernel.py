"""The compiled inner loop of the Hamming search. Importing it imports numba; only loops belong here.

The first call in a new environment compiles for some seconds; the machine code is cached on disk for later calls.
"""

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

_TILE = 4096  # codes of the inner list that fit in the first-level cache: 32 KB
STRIP = 64
"""Codes whose matches are counted at once with vector instructions, before any is checked by itself."""


def _count_bits(typing_context: Any, value: Any) -> Any:  # noqa: ARG001
    """Count the set bits of a 64-bit word with LLVM's ctpop, which becomes vector code if the CPU supports it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


_popcount: Any = intrinsic(_count_bits)


@njit(cache=True, nogil=True)
def _found_earlier(differing: np.uint64, masks: NDArray[np.uint64], limits: NDArray[np.uint64]) -> bool:
    for q in range(masks.size):  # noqa: SIM110 (any() of a generator does not compile)
        if _popcount(differing & masks[q]) <= limits[q]:
            return True
    return False


@njit(cache=True, nogil=True)
def _grown(hits: NDArray[np.int64]) -> NDArray[np.int64]:
    larger = np.empty(2 * hits.size, np.int64)
    larger[: hits.size] = hits
    return larger


@njit(cache=True, nogil=True)
def bucket_pairs(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    left_starts: NDArray[np.int64],
    right_starts: NDArray[np.int64],
    flips: NDArray[np.int64],
    one_list: bool,
    limit: np.uint64,
    earlier_masks: NDArray[np.uint64],
    earlier_limits: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """Return the pairs of codes within `limit` bits, from buckets whose numbers differ by one of `flips` (xor).

    Codes are sorted by bucket; bucket v of `left` is `left[left_starts[v]:left_starts[v + 1]]`. With `one_list`,
    both lists are identical and each unordered pair is found once. A pair that differs in at most `earlier_limits[q]`
    bits under `earlier_masks[q]`, for any q, is left out because an earlier search found it.

    `right` must continue for `STRIP` arbitrary codes after the last bucket.

    Returns:
        `left position << 32 | right position` of each pair, in no particular order.
    """
    hits = np.empty(1024, np.int64)
    found = 0
    for bucket in range(left_starts.size - 1):
        a0, a1 = left_starts[bucket], left_starts[bucket + 1]
        if a0 == a1:
            continue
        for flip in flips:
            other = bucket ^ flip
            if one_list and other < bucket:
                continue
            b0, b1 = right_starts[other], right_starts[other + 1]
            within = one_list and other == bucket
            for tile in range(b0, b1, _TILE):
                tile_end = min(tile + _TILE, b1)
                for i in range(a0, a1):
                    code = left[i]
                    start = max(tile, i + 1) if within else tile
                    for strip in range(start, tile_end, STRIP):
                        codes = right[strip : strip + STRIP]
                        close = np.uint64(0)
                        for k in range(STRIP):  # always whole, so that it is unrolled into vector instructions
                            close += np.uint64(_popcount(code ^ codes[k]) <= limit)
                        if close == 0:
                            continue
                        if found + STRIP > hits.size:
                            hits = _grown(hits)
                        for k in range(min(STRIP, tile_end - strip)):
                            differing = code ^ codes[k]
                            if _popcount(differing) <= limit and not _found_earlier(
                                differing, earlier_masks, earlier_limits
                            ):
                                hits[found] = (i << 32) | (strip + k)
                                found += 1
    return hits[:found]
