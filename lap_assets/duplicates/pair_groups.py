"""Pairs cut where nothing connects them: posters that no pair and no verdict joins do not influence each other.

So pairs are worked on a few groups at a time, and what that takes grows with the largest group, not with all pairs.
Belongs here: which posters are joined, and the cut. What happens to a group is in `resolution`.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

MOST_PAIRS: Final = 250_000
"""About how many pairs are worked on at a time; a group with more is not cut."""
_NAME: Final = {"first": pl.String, "second": pl.String}


class PairGroups(NamedTuple):
    """Some groups: all their pairs, and all posters that are joined in them."""

    pairs: pl.DataFrame
    names: pl.Series


def pair_groups(pairs: pl.DataFrame, joined: Iterable[tuple[str, str]], most: int = MOST_PAIRS) -> Iterator[PairGroups]:
    """Cut pairs into whole groups, about `most` pairs at a time.

    Args:
        pairs: rows with the names `first` and `second`, in any order.
        joined: names that something else than a pair joins; neither has to be in a pair.
        most: how many pairs.
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
    """Label `count` items by their group, where `one[n]` and `other[n]` are joined: the group's lowest item."""
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
