"""Exact search for pairs of 64-bit codes within a Hamming distance.

Only distinct codes are compared; the pairs are then expanded to all positions, so posters that share a code cost no
comparisons. Belongs here: pairs of distinct codes, and the expansion. Checking the input is in `search`, choosing a
search plan in `hamming_plan`, the compiled loop in `hamming_kernel`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.duplicates.hamming_plan import CodePart, Codes, SearchPlan, plan_search

Indices = NDArray[np.int64]
Pairs = tuple[Indices, Indices, NDArray[np.uint8]]

_COMPILE_FROM: Final = 30_000_000  # comparisons; with fewer, numpy finishes before the compiled loop is loaded
_CHUNK: Final = 1 << 22  # pairs expanded at a time, and words compared at a time


@dataclass(frozen=True, slots=True)
class _Groups:
    """The distinct codes of a list, ascending, and the positions of each in the list, also ascending."""

    codes: Codes
    starts: Indices
    sizes: Indices
    order: Indices


def find_pairs(codes: Codes, others: Codes | None, max_distance: int) -> Pairs:
    """Return all pairs within `max_distance` (0 … 64), sorted by (i, j)."""
    ours = _group(codes)
    theirs = ours if others is None else _group(others)
    one_list = others is None
    left, right = _distinct_pairs(ours.codes, theirs.codes, max_distance, one_list=one_list)
    counts = ours.sizes[left] * theirs.sizes[right]
    lone = counts == 1
    spread = [(ours.order[ours.starts[left[lone]]], theirs.order[theirs.starts[right[lone]]])]
    left, right = left[~lone], right[~lone]
    spread.extend(_spread(ours, theirs, left[at], right[at]) for at in _chunks(counts[~lone]))
    if one_list:
        spread.extend(_spread_within(ours, at) for at in _chunks(ours.sizes[_rank_group(ours)] - 1))
    return _sorted(spread, codes, codes if others is None else others, one_list=one_list)


def _group(codes: Codes) -> _Groups:
    order = np.argsort(codes, kind="stable")
    ascending = codes[order]
    first = np.ones(codes.size, dtype=bool)
    first[1:] = ascending[1:] != ascending[:-1]
    starts = np.flatnonzero(first)
    return _Groups(ascending[starts], starts, np.diff(starts, append=codes.size), order)


def _distinct_pairs(left: Codes, right: Codes, max_distance: int, *, one_list: bool) -> tuple[Indices, Indices]:
    comparisons = left.size * right.size // (2 if one_list else 1)
    if comparisons < _COMPILE_FROM:
        return _compare_all(left, right, max_distance, one_list=one_list)
    plan = plan_search(left, right, max_distance, one_list=one_list)
    arranged = plan.arrange(left)
    hits = _search(plan, arranged, arranged if one_list else plan.arrange(right), max_distance, one_list=one_list)
    return hits >> 32, hits & 0xFFFFFFFF


def _compare_all(left: Codes, right: Codes, max_distance: int, *, one_list: bool) -> tuple[Indices, Indices]:
    rows = max(1, _CHUNK // max(1, right.size))
    found_left, found_right = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for row in range(0, left.size, rows):
        from_column = row + 1 if one_list else 0
        close = np.bitwise_count(left[row : row + rows, None] ^ right[None, from_column:]) <= max_distance
        i, j = np.nonzero(close)
        i, j = i + row, j + from_column
        once = j > i if one_list else slice(None)
        found_left.append(i[once])
        found_right.append(j[once])
    return np.concatenate(found_left), np.concatenate(found_right)


def _search(plan: SearchPlan, left: Codes, right: Codes, max_distance: int, *, one_list: bool) -> Indices:
    """Return the positions of the pairs, packed as `left << 32 | right`."""
    from lap_assets.duplicates.hamming_kernel import STRIP, bucket_pairs

    beyond = np.zeros(STRIP, np.uint64)
    limit = np.uint64(max_distance)
    if not plan.parts:
        whole = (np.array([0, left.size]), np.array([0, right.size]), np.zeros(1, np.int64))
        nothing = np.empty(0, np.uint64)
        return bucket_pairs(left, np.append(right, beyond), *whole, one_list, limit, nothing, nothing)
    found = []
    for number, part in enumerate(plan.parts):
        masks = np.array([earlier.mask for earlier in plan.parts[:number]], dtype=np.uint64)
        radii = np.array([earlier.radius for earlier in plan.parts[:number]], dtype=np.uint64)
        left_order, left_starts = _buckets(left, part)
        right_order, right_starts = (left_order, left_starts) if one_list else _buckets(right, part)
        hits = bucket_pairs(
            left[left_order],
            np.append(right[right_order], beyond),
            left_starts,
            right_starts,
            part.flips(),
            one_list,
            limit,
            masks,
            radii,
        )
        found.append((left_order[hits >> 32] << 32) | right_order[hits & 0xFFFFFFFF])
    return np.concatenate(found)


def _buckets(codes: Codes, part: CodePart) -> tuple[Indices, Indices]:
    values = ((codes >> np.uint64(part.shift)) & np.uint64((1 << part.width) - 1)).astype(np.uint16)
    starts = np.zeros((1 << part.width) + 1, np.int64)
    np.cumsum(np.bincount(values, minlength=1 << part.width), out=starts[1:])
    return np.argsort(values, kind="stable"), starts


def _rank_group(groups: _Groups) -> Indices:
    """Return the group of each position in `order`."""
    return np.repeat(np.arange(groups.codes.size), groups.sizes)


def _chunks(weights: Indices) -> list[slice]:
    """Cut an array of weights into slices of about `_CHUNK` each (a single weight may exceed it)."""
    if not weights.size:
        return []
    chunk = np.cumsum(weights) // _CHUNK
    edges = [0, *(np.flatnonzero(np.diff(chunk)) + 1).tolist(), weights.size]
    return [slice(start, end) for start, end in pairwise(edges)]


def _spread(ours: _Groups, theirs: _Groups, left: Indices, right: Indices) -> tuple[Indices, Indices]:
    """Pair every position of each left code with every position of its right code."""
    counts = ours.sizes[left] * theirs.sizes[right]
    pair = np.repeat(np.arange(left.size), counts)
    within = np.arange(pair.size) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(within, theirs.sizes[right][pair])
    return ours.order[ours.starts[left][pair] + row], theirs.order[theirs.starts[right][pair] + column]


def _spread_within(groups: _Groups, at: slice) -> tuple[Indices, Indices]:
    """Pair each position in `order[at]` with the later positions of the same code."""
    positions = np.arange(groups.order.size)[at]
    group = _rank_group(groups)[at]
    counts = groups.starts[group] + groups.sizes[group] - 1 - positions
    first = np.repeat(positions, counts)
    second = first + 1 + np.arange(first.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return groups.order[first], groups.order[second]


def _sorted(spread: list[tuple[Indices, Indices]], codes: Codes, others: Codes, *, one_list: bool) -> Pairs:
    """Sort the pairs as packed keys of two 31-bit indices, and add the distances."""
    keys = np.empty(sum(i.size for i, _ in spread), np.int64)
    filled = 0
    while spread:
        i, j = spread.pop()
        low, high = (np.minimum(i, j), np.maximum(i, j)) if one_list else (i, j)
        keys[filled : filled + i.size] = (low << 31) | high
        filled += i.size
    keys.sort()
    first, second = keys >> 31, keys & 0x7FFFFFFF
    distance = np.empty(keys.size, np.uint8)
    for at in range(0, keys.size, _CHUNK):
        part = slice(at, at + _CHUNK)
        distance[part] = np.bitwise_count(codes[first[part]] ^ others[second[part]])
    return first, second, distance
