"""The meaning of active verdicts for posters: which are removed, what replaces them, and the state of each pair.

The graph and the review tools share these rules:

- Different decisions on one pair are a conflict; they have no other effect.
- "duplicate" removes one poster in favor of the other, "both_removed" removes two outright, and a mark removes its
  poster outright, if the table of rules has the rule for marks.
- If removals form a circle, its largest poster stays (`cycles`).
- An undecided pair with a removed poster need not be compared.
- A pair is distinct by implication ("follows") if a chain of duplicates links one of its posters to a poster from which
  the other is distinct, unless such a chain contradicts itself. (The graph still lists such a pair, because nobody
  decided it; the Comparer does not ask about it.) Marks and "both_removed" do not link posters.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from lap_assets.core.verdicts.active import time_order
from lap_assets.core.verdicts.contents import Contents, Poster, PosterPair
from lap_assets.core.verdicts.cycles import resolve_cycles
from lap_assets.core.verdicts.lines import DECIDING, AnyVerdict, Mark, PairVerdict
from lap_assets.core.verdicts.links import Links
from lap_assets.core.verdicts.outcomes import Outcome, disagree, outcome_of
from lap_assets.core.verdicts.sizes import SizeKey

PairState = Literal["open", "left_open", "conflict", "decided", "removed", "follows"]
"""A pair is undecided ("open"), skipped or unsure ("left_open"), decided differently by several reviewers ("conflict"),
or needs no review: it is decided, one of its posters is removed, or it is distinct by implication ("follows")."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal by a person: the verdict, and the poster that replaces the removed one (None: no replacement)."""

    verdict: AnyVerdict
    partner: Poster | None


@dataclass(frozen=True, slots=True)
class Removals:
    """All removals by people, and the circles among them (the first poster of a circle stays)."""

    of: dict[Poster, Removal]
    circles: tuple[tuple[Poster, ...], ...]


@dataclass(slots=True, eq=False)
class _PairOfContents:
    """The active verdicts on one pair of contents, by reviewer, with the affected pairs and the applied effects."""

    verdicts: dict[str, PairVerdict] = field(default_factory=dict)
    pairs: AbstractSet[frozenset[Poster]] = frozenset()
    effects: Sequence[tuple[PairVerdict, Poster, Poster]] = ()


class VerdictIndex:
    """The meaning of the active verdicts for some posters; `apply` updates it when a verdict changes."""

    def __init__(
        self,
        posters: Iterable[Poster],
        verdicts: Iterable[AnyVerdict] = (),
        *,
        marks_act: bool = True,
        complete: bool = False,
        size_key: Callable[[Poster], SizeKey] | None = None,
    ) -> None:
        """Start with these active verdicts.

        Args:
            posters: the posters of interest.
            verdicts: active verdicts (`read_verdicts(…).active`).
            marks_act: whether a mark removes its poster.
            complete: whether `posters` are all existing posters (`contents.Contents`).
            size_key: the size order, used only for removals that form a circle; names decide by default.
        """
        self.contents = Contents(posters, complete=complete)
        self._marks_act = marks_act
        self._size_key = size_key or (lambda poster: (0, 0, 0, poster.name))
        self._by_content: defaultdict[object, _PairOfContents] = defaultdict(_PairOfContents)
        self._on_pair: dict[frozenset[Poster], list[_PairOfContents]] = {}
        self._concerned: set[Poster] = set()  # by any verdict so far, also by those taken back
        self._links = Links()
        for verdict in verdicts:
            self._change(verdict, 1)

    def apply(self, previous: AnyVerdict | None, current: AnyVerdict | None) -> set[Poster]:
        """Replace an active verdict by another; return the posters whose pairs may have changed state."""
        touched: set[Poster] = set()
        for verdict, sign in ((previous, -1), (current, 1)):
            if verdict is not None:
                touched |= self._around(verdict)
                self._change(verdict, sign)
                touched |= self._around(verdict)
        return touched

    def state(self, first: Poster, second: Poster, reviewer: str | None = None) -> PairState:
        """Return the state of a pair, from the point of view of one reviewer if given.

        Args:
            first: a poster.
            second: another poster.
            reviewer: only this reviewer's "skip" and "unsure" make the pair "left_open", and a conflict is "left_open"
                if the latest verdict is this reviewer's. With None, anybody's "skip" and "unsure" count.
        """
        if first not in self._concerned and second not in self._concerned:  # most pairs of a list
            return "open"
        verdicts = self.verdicts_on(first, second)
        outcome = outcome_of(verdicts)
        if outcome in DECIDING:
            return "decided"
        if self.is_removed(first) or self.is_removed(second):
            return "removed"
        if self._links.is_distinct_by_chain(first, second):
            return "follows"
        if outcome == "conflict":
            return "left_open" if verdicts[-1].reviewer == reviewer else "conflict"
        return "left_open" if any(reviewer in (None, verdict.reviewer) for verdict in verdicts) else "open"

    def outcomes(self) -> Iterator[tuple[PosterPair, Outcome]]:
        """Yield every pair with a verdict, sorted by name, and the outcome of its verdicts."""
        for pair in self._on_pair:
            first, second = sorted(pair)
            if (outcome := outcome_of(self.verdicts_on(first, second))) is not None:
                yield (first, second), outcome

    def verdicts_on(self, first: Poster, second: Poster) -> list[PairVerdict]:
        """Return the active verdicts on a pair, the latest last."""
        contents = self._on_pair.get(frozenset((first, second)))
        if not contents:  # most pairs of a list
            return []
        found = [one for each in contents for one in each.verdicts.values()]
        return sorted(found, key=time_order) if len(found) > 1 else found

    def is_removed(self, poster: Poster) -> bool:
        """Return whether people removed the poster."""
        if poster in self._links.outright:
            return True
        if poster not in self._links.replaced_by:
            return False
        group = self._links.same_picture(poster)
        replaced = {one: partners for one in group if (partners := self._links.replaced_by.get(one))}
        return poster in resolve_cycles(replaced, group & self._links.outright.keys(), self._size_key).partners

    def removing(self, poster: Poster) -> list[AnyVerdict]:
        """Return the verdicts that remove the poster, disregarding circles, the latest last."""
        found = [*self._links.outright.get(poster, {}).values()]
        found += [one for ones in self._links.replaced_by.get(poster, {}).values() for one in ones.values()]
        return sorted(found, key=time_order)

    def removals(self) -> Removals:
        """Return every removal by people."""
        replaced, outright = self._links.replaced_by, self._links.outright
        resolved = resolve_cycles(replaced, outright.keys(), self._size_key)
        latest = {
            poster: max((outright[poster] if partner is None else replaced[poster][partner]).values(), key=time_order)
            for poster, partner in resolved.partners.items()
        }
        return Removals(
            {poster: Removal(latest[poster], partner) for poster, partner in resolved.partners.items()},
            resolved.circles,
        )

    def _around(self, verdict: AnyVerdict) -> set[Poster]:
        """Return the posters that a verdict applies to, and those linked to them by duplicates."""
        if isinstance(verdict, Mark):
            named = set(self.contents.holders(verdict.name, verdict.sha256))
        else:
            named = {poster for pair in self._by_content[verdict.key].pairs for poster in pair}
        return {one for poster in named for one in self._links.same_picture(poster)}

    def _change(self, verdict: AnyVerdict, sign: int) -> None:
        if isinstance(verdict, Mark):
            if self._marks_act:
                for poster in self.contents.holders(verdict.name, verdict.sha256):
                    self._links.remove_outright(poster, verdict, sign)
                    self._concerned.add(poster)
            return
        content = self._by_content[verdict.key]
        if sign > 0:
            content.verdicts[verdict.reviewer] = verdict
        else:
            content.verdicts.pop(verdict.reviewer, None)
        self._renew(content)

    def _renew(self, content: _PairOfContents) -> None:
        """Undo the effects of the verdicts on one pair of contents, and apply their present effects."""
        for pair in content.pairs:
            self._on_pair[pair].remove(content)
        for effect in content.effects:
            self._links.pair(*effect, -1)
        verdicts = content.verdicts.values()
        applied = [(verdict, first, second) for verdict in verdicts for first, second in self.contents.pairs(verdict)]
        content.effects = [] if disagree(verdicts) else applied
        content.pairs = {frozenset((first, second)) for _, first, second in applied}
        for pair in content.pairs:
            self._on_pair.setdefault(pair, []).append(content)
            self._concerned |= pair
        for effect in content.effects:
            self._links.pair(*effect, 1)
