"""Links between posters from the effects of verdicts: removed outright, replaced by another, distinct from another."""

from collections import defaultdict, deque
from collections.abc import MutableMapping
from typing import TypeVar

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict

V = TypeVar("V", bound=AnyVerdict)
_Counts = defaultdict[Poster, dict[Poster, int]]
"""For each poster the posters linked to it, and by how many verdicts."""


class Links:
    """Links between posters.

    `outright`: posters removed without a replacement, with the verdicts (by id) that remove them.
    `replaced_by`: posters removed in favor of others, with those others and the verdicts.
    """

    def __init__(self) -> None:
        self.outright: dict[Poster, dict[str, AnyVerdict]] = {}
        self.replaced_by: dict[Poster, dict[Poster, dict[str, PairVerdict]]] = {}
        self._same: _Counts = defaultdict(dict)
        self._distinct: _Counts = defaultdict(dict)

    def pair(self, verdict: PairVerdict, first: Poster, second: Poster, sign: int) -> None:
        """Add (`sign` 1) or remove (-1) the effect of a verdict on two posters, in the verdict's order."""
        if verdict.verdict == "distinct":
            _join(self._distinct, first, second, sign)
        elif verdict.verdict == "both_removed":
            self.remove_outright(first, verdict, sign)
            self.remove_outright(second, verdict, sign)
        elif verdict.verdict == "duplicate":
            removed, kept = (first, second) if verdict.removed == verdict.first else (second, first)
            _join(self._same, first, second, sign)
            partners = self.replaced_by.setdefault(removed, {})
            _put(partners.setdefault(kept, {}), verdict, sign)
            if not partners[kept]:
                del partners[kept]
            if not partners:
                del self.replaced_by[removed]

    def remove_outright(self, poster: Poster, verdict: AnyVerdict, sign: int) -> None:
        """Add (`sign` 1) or remove (-1) a removal without a replacement."""
        verdicts = self.outright.setdefault(poster, {})
        _put(verdicts, verdict, sign)
        if not verdicts:
            del self.outright[poster]

    def same_picture(self, start: Poster) -> set[Poster]:
        """Return all posters linked to `start` by chains of duplicates, and `start` itself."""
        found, waiting = {start}, deque([start])
        while waiting:
            for other in self._same.get(waiting.popleft(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def is_distinct_by_chain(self, first: Poster, second: Poster) -> bool:
        """Return whether posters linked to these two are distinct, and no chain contradicts that."""
        if not self._same.get(first) and not self._same.get(second):  # most pairs have no chain
            return second in self._distinct.get(first, ())
        ours, theirs = self.same_picture(first), self.same_picture(second)
        if second in ours or self._contradicts(ours) or self._contradicts(theirs):
            return False
        return any(not theirs.isdisjoint(self._distinct.get(one, ())) for one in ours)

    def _contradicts(self, members: set[Poster]) -> bool:
        """Return whether two of these linked posters are also distinct."""
        return any(not members.isdisjoint(self._distinct.get(one, ())) for one in members)


def _join(links: _Counts, one: Poster, other: Poster, sign: int) -> None:
    for start, end in ((one, other), (other, one)):
        ends = links[start]
        if count := ends.get(end, 0) + sign:
            ends[end] = count
        else:
            del ends[end]


def _put(verdicts: MutableMapping[str, V], verdict: V, sign: int) -> None:
    if sign > 0:
        verdicts[verdict.id] = verdict
    else:
        verdicts.pop(verdict.id, None)
