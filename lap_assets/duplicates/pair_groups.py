"""Connected groups of pairs: posters not joined by a pair or verdict do not influence each other.

Pairs are processed a few groups at a time, so that memory grows with the largest group instead of with all pairs.
Belongs here: finding and batching the groups. Processing a group is in `resolution`.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_PAIRS: Final = 250_000
"""Approximate number of pairs processed at a time; a larger group is not cut."""
_NAME: Final = {"first": pl.String, "second": pl.String}


class PairGroups(NamedTuple):
    """Some groups: all their pairs and all their posters."""

    pairs: pl.DataFrame
    names: pl.Series


def pair_groups(pairs: pl.DataFrame, joined: Iterable[tuple[str, str]], most: int = MOST_PAIRS) -> Iterator[PairGroups]:
    """Yield whole groups of pairs, about `most` pairs at a time.

    Args:
        pairs: rows with the names `first` and `second`, in any order.
        joined: names joined by something other than a pair; they need not be in a pair.
        most: the approximate number of pairs.
    """
    others = pl.DataFrame(list(joined), _NAME, orient="row")
    links = pl.concat([pairs.select("first", "second"), others])
    names = pl.concat([links["first"], links["second"]]).unique().sort()
    kind = pl.Enum(names)
    first, second = (links[end].cast(kind).to_physical().to_numpy() for end in _NAME)
    labels = connected(len(names), first, second)
    counts = np.bincount(labels[first[: pairs.height]], minlength=len(names))
    part_of = np.maximum(np.cumsum(counts) - 1, 0) // max(1, most)
    part = part_of[labels]
    of_pairs = pl.Series(part[first[: pairs.height]])
    for number in np.unique(part):
        yield PairGroups(pairs.filter(of_pairs == number), names.filter(pl.Series(part == number)))


def connected(count: int, one: NDArray[np.integer], other: NDArray[np.integer]) -> NDArray[np.int64]:
    """Label each of `count` items with the lowest item of its group; `one[n]` and `other[n]` are in one group."""
    labels = np.arange(count)
    while True:
        ends = labels[one], labels[other]
        lower = np.minimum(*ends)
        joined = labels.copy()
        for end in ends:
            np.minimum.at(joined, end, lower)
        while not np.array_equal(joined, jumped := joined[joined]):
            joined = jumped
        if np.array_equal(joined, labels):
            return labels
        labels = joined
