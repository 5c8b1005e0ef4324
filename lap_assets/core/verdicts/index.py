"""What active verdicts mean for posters: who is removed and for whom, and what state each pair has.

The one set of rules that the graph and the review tools share:

- Verdicts on one pair that decide it differently are a conflict; they have no other effect.
- "duplicate" removes one poster in favour of the other, "both_removed" removes two outright, and a mark removes its
  poster outright, if the table of rules has the rule for marks.
- Removals that form a circle leave the largest poster of it (`cycles`).
- A pair that nobody decided but one of whose posters is removed need not be compared.
- It follows that a pair is distinct if one of its posters is the same picture, by a chain of duplicates, as a poster
  that the other is distinct from; not where such a chain contradicts itself. (The graph goes on listing such a pair,
  because nobody decided it; the Comparer does not ask about it.) Marks and "both_removed" say nothing of sameness.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
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
"""A pair is to be decided ("open"), was skipped or is unsure ("left_open"), is decided differently by several reviewers
("conflict"), or needs nobody: it is decided, one of its posters is removed, or it follows that it is distinct."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal by a person: the verdict, and the poster that replaces the removed one (None: nothing does)."""

    verdict: AnyVerdict
    partner: Poster | None


@dataclass(frozen=True, slots=True)
class Removals:
    """All removals by people, and the circles among them (the poster that stays comes first)."""

    of: dict[Poster, Removal]
    circles: tuple[tuple[Poster, ...], ...]


@dataclass(slots=True)
class _PairOfContents:
    """The active verdicts on one pair of contents by reviewer, the pairs they are about, and the effects they had."""

    verdicts: dict[str, PairVerdict] = field(default_factory=dict)
    pairs: set[frozenset[Poster]] = field(default_factory=set)
    effects: list[tuple[PairVerdict, Poster, Poster]] = field(default_factory=list)


class VerdictIndex:
    """What the active verdicts mean for some posters. `apply` takes in each change of what is active."""

    def __init__(
        self,
        posters: Iterable[Poster],
        verdicts: Iterable[AnyVerdict] = (),
        *,
        marks_act: bool = True,
        complete: bool = False,
        size_key: Callable[[Poster], SizeKey] | None = None,
    ) -> None:
        """Starts with these active verdicts.

        Args:
            posters: the posters to answer about.
            verdicts: active verdicts (`read_verdicts(…).active`).
            marks_act: whether a mark removes its poster.
            complete: whether `posters` are all there are (`contents.Contents`).
            size_key: the size order, asked only where removals form a circle; else the names decide there.
        """
        self.contents = Contents(posters, complete=complete)
        self._marks_act = marks_act
        self._size_key = size_key or (lambda poster: (0, 0, 0, poster.name))
        self._by_content: defaultdict[object, _PairOfContents] = defaultdict(_PairOfContents)
        self._keys: defaultdict[frozenset[Poster], set[object]] = defaultdict(set)
        self._links = Links()
        for verdict in verdicts:
            self._change(verdict, 1)

    def apply(self, before: AnyVerdict | None, after: AnyVerdict | None) -> set[Poster]:
        """One verdict is active no longer, another is now. Returns the posters whose pairs may have changed state."""
        touched: set[Poster] = set()
        for verdict, sign in ((before, -1), (after, 1)):
            if verdict is not None:
                touched |= self._around(verdict)
                self._change(verdict, sign)
                touched |= self._around(verdict)
        return touched

    def state(self, first: Poster, second: Poster, reviewer: str | None = None) -> PairState:
        """The state of a pair; for one reviewer, who is asked unless the last verdict on an open pair is theirs.

        Args:
            first: a poster.
            second: another one.
            reviewer: whose "skip" and "unsure" leave the pair open; anybody's if None.
        """
        verdicts = self.verdicts_on(first, second)
        outcome = outcome_of(verdicts) if verdicts else None
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
        """Every pair that some verdict is about, by name, and what the verdicts on it come to."""
        for pair, keys in self._keys.items():
            first, second = sorted(pair)
            if keys and (outcome := outcome_of(self.verdicts_on(first, second))) is not None:
                yield (first, second), outcome

    def verdicts_on(self, first: Poster, second: Poster) -> list[PairVerdict]:
        """The active verdicts on a pair, the latest last."""
        keys = self._keys.get(frozenset((first, second)))
        if not keys:  # most pairs of a list
            return []
        return sorted((one for key in keys for one in self._by_content[key].verdicts.values()), key=time_order)

    def is_removed(self, poster: Poster) -> bool:
        """Whether people removed it."""
        if poster in self._links.outright:
            return True
        if poster not in self._links.replaced_by:
            return False
        group = self._links.same_picture(poster)
        replaced = {one: partners for one in group if (partners := self._links.replaced_by.get(one))}
        return poster in resolve_cycles(replaced, group & self._links.outright.keys(), self._size_key).partners

    def removing(self, poster: Poster) -> list[AnyVerdict]:
        """The verdicts that would remove it, circles aside, the latest last."""
        found = [*self._links.outright.get(poster, {}).values()]
        found += [one for ones in self._links.replaced_by.get(poster, {}).values() for one in ones.values()]
        return sorted(found, key=time_order)

    def removals(self) -> Removals:
        """Every poster that people removed."""
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
        """The posters that a verdict is about, and those that are the same pictures by duplicates."""
        if isinstance(verdict, Mark):
            named = self.contents.holders(verdict.name, verdict.sha256)
        else:
            named = {poster for pair in self._by_content[verdict.key].pairs for poster in pair}
        return {one for poster in named for one in self._links.same_picture(poster)}

    def _change(self, verdict: AnyVerdict, sign: int) -> None:
        if isinstance(verdict, Mark):
            if self._marks_act:
                for poster in self.contents.holders(verdict.name, verdict.sha256):
                    self._links.remove_outright(poster, verdict, sign)
            return
        content = self._by_content[verdict.key]
        if sign > 0:
            content.verdicts[verdict.reviewer] = verdict
        else:
            content.verdicts.pop(verdict.reviewer, None)
        self._renew(verdict.key, content)

    def _renew(self, key: object, content: _PairOfContents) -> None:
        """Undoes what the verdicts on one pair of contents did, and does what they mean now."""
        for effect in content.effects:
            self._links.pair(*effect, -1)
        for pair in content.pairs:
            self._keys[pair].discard(key)
        content.pairs, content.effects = set(), []
        in_conflict = disagree(content.verdicts.values())
        for verdict in content.verdicts.values():
            for first, second in self.contents.pairs(verdict):
                content.pairs.add(frozenset((first, second)))
                if not in_conflict:
                    content.effects.append((verdict, first, second))
        for pair in content.pairs:
            self._keys[pair].add(key)
        for effect in content.effects:
            self._links.pair(*effect, 1)
