"""Crowds: many posters with the same three hashes, such as placeholders, handled in linear instead of quadratic cost.

The table of pairs keeps two leaders per crowd, and one pair between the first leader and each other member
(`thinned`). Before the rules act, each member gets the few pairs that can decide about it (`spread_crowds`): the pairs
with the largest poster that nobody has called distinct from it, in its own crowd and in each crowd or single poster
near that crowd. All members have the same distances to any other poster, so the rules remove what they would remove
with every pair in the table, and a person is asked about each member once instead of about all its pairs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

import polars as pl

from lap_assets.core.verdicts.lines import DECIDING
from lap_assets.core.verdicts.sizes import SizeKey
from lap_assets.duplicates.tables import PAIRS
from lap_assets.duplicates.verdict_effects import Pair, ordered

CROWD: Final = 16
"""More than this many posters with the same hashes are a crowd."""

_CODES: Final = ("ahash", "phash", "dhash")
_LEADERS: Final = 2  # from different anime, since a rule may cover only pairs of different anime


_Codes = tuple[int, int, int]
_Side = _Codes | str
"""A crowd by its codes, or a single poster by its name."""


class _Member(NamedTuple):
    name: str
    mal_id: int
    codes: _Codes


def thinned(posters: pl.DataFrame, lower: pl.DataFrame | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the posters to search for pairs, and a pair of each omitted poster with the first leader of its crowd.

    Args:
        posters: as returned by `tables.readable_posters`.
        lower: the posters of lower subfolders, which count toward the size of a crowd.

    Returns:
        The remaining `posters`, and pairs as `first`, `second`, `same` (whether both are of the same anime).
    """
    every = posters if lower is None else pl.concat([posters.select(_CODES), lower.select(_CODES)])
    crowds = every.group_by(_CODES).len("members").filter(pl.col("members") > CROWD).drop("members")
    others = posters.join(crowds, on=_CODES, how="anti", maintain_order="left")
    crowded = posters.join(crowds, on=_CODES, how="semi").sort("name")
    firsts = crowded.unique([*_CODES, "mal_id"], keep="first", maintain_order=True)
    leaders = firsts.group_by(_CODES, maintain_order=True).head(_LEADERS)
    first = leaders.group_by(_CODES, maintain_order=True).first().select(*_CODES, first="name", leads="mal_id")
    members = crowded.join(first, on=_CODES).filter(pl.col("name") != pl.col("first"))
    pairs = members.select("first", second="name", same=pl.col("mal_id") == pl.col("leads"))
    return pl.concat([others, leaders.select(others.columns)]).sort("name"), pairs


def spread_crowds(
    pairs: pl.DataFrame,
    readable: pl.DataFrame,
    sizes: Mapping[str, SizeKey],
    outcomes: Mapping[Pair, str],
    structure: float,
) -> pl.DataFrame:
    """Return `PAIRS` with the pairs of crowd members in place of their leaders' pairs; unchanged without crowds.

    Args:
        pairs: `PAIRS`.
        readable: as returned by `tables.readable_posters`.
        sizes: the size order.
        outcomes: the combined outcome of the verdicts on each pair.
        structure: the least structure of a picture (`Rules.structure`).
    """
    crowds = _Crowds(pairs, readable, sizes, structure)
    if not crowds.of:
        return pairs
    kept, near = crowds.without_leaders(pairs, outcomes)
    decided = {pair for pair, outcome in outcomes.items() if outcome in DECIDING}
    found = {
        ordered(one.name, other.name): [(a ^ b).bit_count() for a, b in zip(one.codes, other.codes, strict=True)]
        for one, other in crowds.deciding_pairs(near, decided)
    }
    rows = [(*pair, *distances) for pair, distances in found.items()]
    pairs_of_members = pl.DataFrame(rows, [column for column in PAIRS.items() if column[0] != "cosine"], orient="row")
    cosines = pairs.select("first", "second", "cosine").drop_nulls("cosine")
    added = pairs_of_members.join(kept, on=["first", "second"], how="anti")
    spread = added.join(cosines, on=["first", "second"], how="left")
    return pl.concat([kept.select(PAIRS.names()), spread.select(PAIRS.names())]).sort("first", "second")


class _Crowds:
    """The crowds among the posters of some pairs. `of` maps each member's name to its crowd's codes."""

    def __init__(
        self, pairs: pl.DataFrame, readable: pl.DataFrame, sizes: Mapping[str, SizeKey], structure: float
    ) -> None:
        paired = pl.concat([pairs["first"], pairs["second"]]).unique().implode()
        known = readable.filter(pl.col("name").is_in(paired))
        large = known.group_by(_CODES).len("members").filter(pl.col("members") > CROWD)
        crowds = set(large.select(_CODES).iter_rows())
        enough = (pl.col("structure") >= structure).fill_null(value=True)
        self._sizes = sizes
        self._by_name: dict[str, _Member] = {}
        self._parts: defaultdict[_Codes, defaultdict[bool, list[_Member]]] = defaultdict(lambda: defaultdict(list))
        self._of_anime: defaultdict[tuple[_Codes, bool, int], list[_Member]] = defaultdict(list)
        self.of: dict[str, _Codes] = {}
        rows = known.select("name", "mal_id", enough, *_CODES).iter_rows() if crowds else ()
        for name, mal_id, is_enough, *codes in sorted(rows, key=lambda row: sizes[row[0]]):
            member = self._by_name[name] = _Member(name, mal_id, (codes[0], codes[1], codes[2]))
            if member.codes in crowds:
                self.of[name] = member.codes
                self._parts[member.codes][is_enough].append(member)
                self._of_anime[member.codes, is_enough, mal_id].append(member)

    def without_leaders(
        self, pairs: pl.DataFrame, outcomes: Mapping[Pair, str]
    ) -> tuple[pl.DataFrame, set[tuple[_Side, _Side]]]:
        """Return the pairs that stay unchanged, and which crowds and single posters are near each other."""
        names = pl.Series("name", list(self.of), dtype=pl.String).implode()
        touches = pl.col("first").is_in(names) | pl.col("second").is_in(names)
        stay: list[tuple[Any, ...]] = []
        near: set[tuple[_Side, _Side]] = set()
        for row in pairs.filter(touches).iter_rows():
            first, second = (self.of.get(name, name) for name in row[:2])
            if row[2] is not None or first == second:
                near |= {(first, second), (second, first)}
            if (row[2] is None and first != second) or row[:2] in outcomes:
                stay.append(row)
        return pl.concat([pairs.filter(~touches), pl.DataFrame(stay, pairs.schema, orient="row")]), near

    def deciding_pairs(
        self, near: Iterable[tuple[_Side, _Side]], decided: AbstractSet[Pair]
    ) -> Iterator[tuple[_Member, _Member]]:
        """Yield each poster with the largest poster of each nearby crowd (its own included), if that one is larger."""
        for ours, theirs in near:
            for member in self._members(ours):
                for others, of_anime in self._choices(theirs, member):
                    yield from ((member, other) for other in self._larger(member, others, decided, same=False))
                    yield from ((member, other) for other in self._larger(member, of_anime, decided, same=True))

    def _members(self, side: _Side) -> list[_Member]:
        return (
            [self._by_name[side]]
            if isinstance(side, str)
            else [one for part in self._parts[side].values() for one in part]
        )

    def _choices(self, side: _Side, member: _Member) -> Iterator[tuple[Sequence[_Member], Sequence[_Member]]]:
        """Yield a single poster, or each part of a crowd (by enough structure): all posters, and same-anime ones."""
        if isinstance(side, str):
            yield [self._by_name[side]], [self._by_name[side]]
            return
        for is_enough, part in self._parts[side].items():
            yield part, self._of_anime.get((side, is_enough, member.mal_id), ())

    def _larger(
        self, member: _Member, others: Sequence[_Member], decided: AbstractSet[Pair], *, same: bool
    ) -> Iterator[_Member]:
        """Yield the largest of `others` that is larger than `member`, in the given scope and without a decision."""
        for other in others:
            if self._sizes[other.name] >= self._sizes[member.name]:
                return
            if (other.mal_id == member.mal_id) == same and ordered(member.name, other.name) not in decided:
                yield other
                return
