"""Plans for searching 64-bit codes for close pairs without comparing all codes, if that is cheaper.

Pigeonhole principle: cut the 64 bits into m parts and allow part p a radius r(p). If the sum of r(p) + 1 over the parts
exceeds the requested distance, every pair within that distance is within r(p) bits in at least one part. So it is
enough to compare codes whose part differs in at most r(p) bits, and those are in a few buckets of a list sorted by that
part (multi-index hashing: Norouzi, Punjani, Fleet, CVPR 2012). The cost of a plan is estimated from histograms of the
codes, so skewed and random codes get different plans. Belongs here: choosing a plan; the search is in `hamming`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]

_PARTS: Final = range(12, 3, -1)  # fewer parts would need tables of more than 2^16 buckets
_WIDEST_RADIUS: Final = 3
_SAMPLE: Final = 50_000
# Measured on `hamming_kernel`, in nanoseconds: a strip of 64 comparisons, and starting on one bucket.
_STRIP_COST: Final = 9.0
_BUCKET_COST: Final = 2.0
_PLANNING_COST: Final = 1e8


@dataclass(frozen=True, slots=True)
class CodePart:
    """Bits `shift` … `shift + width - 1` of the rearranged codes, searched up to `radius` differing bits."""

    shift: int
    width: int
    radius: int

    @property
    def mask(self) -> int:
        """The part's bits within the 64-bit code."""
        return ((1 << self.width) - 1) << self.shift

    def flips(self) -> NDArray[np.int64]:
        """Return the numbers to xor with a bucket's number for all buckets within the radius, itself included."""
        return np.array(list(_flips(self.width, self.radius)), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """The parts to search one after the other; without parts, every code is compared with every other."""

    parts: tuple[CodePart, ...]
    cut: int

    def arrange(self, codes: Codes) -> Codes:
        """Reorder the bits of the codes so that each part's bits are adjacent; distances do not change.

        Neighboring bits of an image hash are correlated, so a part takes every `cut`-th bit.
        """
        return _arranged(codes, self.cut) if self.parts else codes


def plan_search(codes: Codes, others: Codes, max_distance: int, *, one_list: bool) -> SearchPlan:
    """Return the cheapest plan that finds every pair within `max_distance`."""
    best, lowest = SearchPlan((), 1), _cost_of_all(codes.size, others.size, one_list=one_list)
    if lowest < _PLANNING_COST:
        return best
    left, right = _sample(codes), _sample(others)
    scale = (codes.size / left.size, others.size / right.size)
    for cut in _PARTS:
        if max_distance // cut > _WIDEST_RADIUS or _least_cost(cut, max_distance, codes.size) > lowest:
            continue
        arranged = _arranged(left, cut)
        other_arranged = arranged if one_list else _arranged(right, cut)
        parts, cost = _plan_with(cut, arranged, other_arranged, max_distance, scale)
        cost = cost / 2 if one_list else cost
        if cost < lowest:
            best, lowest = SearchPlan(parts, cut), cost
    return best


def _cost_of_all(left: int, right: int, *, one_list: bool) -> float:
    return left * right / 64 * _STRIP_COST / (2 if one_list else 1)


def _least_cost(cut: int, max_distance: int, count: int) -> float:
    """Return a lower bound on a plan's cost: only starting on buckets, half of which an earlier part has covered."""
    radius = (max_distance + 1) // cut - 1
    width = 64 // cut
    flips = sum(comb(width, bits) for bits in range(radius + 1))
    return cut * flips * min(count, 1 << width) * _BUCKET_COST / 2


def _plan_with(
    cut: int, left: Codes, right: Codes, max_distance: int, scale: tuple[float, float]
) -> tuple[tuple[CodePart, ...], float]:
    """Distribute the radii over `cut` parts: the larger radius goes to the parts where it adds the least cost."""
    base, larger = divmod(max_distance + 1, cut)
    low = list(_parts(cut, base - 1))
    high = list(_parts(cut, base))
    low_costs = [_cost(part, left, right, scale) for part in low]
    high_costs = [_cost(part, left, right, scale) for part in high] if larger else low_costs
    by_increase = sorted(range(cut), key=lambda p: high_costs[p] - low_costs[p])
    raised = set(by_increase[:larger])
    chosen = [high[p] if p in raised else low[p] for p in range(cut)]
    cost = sum(high_costs[p] if p in raised else low_costs[p] for p in range(cut))
    return tuple(part for part in chosen if part.radius >= 0), cost


def _parts(cut: int, radius: int) -> Iterator[CodePart]:
    shift = 0
    for first_bit in range(cut):
        width = len(range(first_bit, 64, cut))
        yield CodePart(shift, width, radius)
        shift += width


def _cost(part: CodePart, left: Codes, right: Codes, scale: tuple[float, float]) -> float:
    if part.radius < 0:
        return 0.0
    ours = _histogram(left, part) * scale[0]
    theirs = _histogram(right, part) * scale[1]
    buckets = np.arange(ours.size)
    strips = np.where(theirs > 0, theirs / 64 + 1, 0)
    flips = part.flips()
    compared = sum(float((ours * strips[buckets ^ flip]).sum()) for flip in flips)
    return compared * _STRIP_COST + np.count_nonzero(ours) * flips.size * _BUCKET_COST


def _histogram(codes: Codes, part: CodePart) -> NDArray[np.float64]:
    values = (codes >> np.uint64(part.shift)) & np.uint64((1 << part.width) - 1)
    return np.bincount(values.astype(np.int64), minlength=1 << part.width).astype(np.float64)


def _arranged(codes: Codes, cut: int) -> Codes:
    arranged = np.zeros_like(codes)
    order = [bit for first_bit in range(cut) for bit in range(first_bit, 64, cut)]
    for to, bit in enumerate(order):
        arranged |= ((codes >> np.uint64(bit)) & np.uint64(1)) << np.uint64(to)
    return arranged


def _sample(codes: Codes) -> Codes:
    return codes[:: max(1, codes.size // _SAMPLE)]


def _flips(width: int, radius: int) -> Iterator[int]:
    for bits in range(min(radius, width) + 1):
        for chosen in combinations(range(width), bits):
            yield sum(1 << bit for bit in chosen)
