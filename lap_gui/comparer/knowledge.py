"""What people's words say about the posters of a list, and what follows from them. No files, no Tk.

A verdict is about content, as in the graph: it speaks of every poster of its anime with the same bytes; where both of
its posters hold the same bytes, of its two names alone. Posters of a bare list, which tells no sha256, go by name.
Words of one pair that disagree count for nothing, but for their dispute.

A pair is passed over

- if one of its posters was removed, by a verdict or a mark: what is gone need not be compared. The graph brings back
  what still matters, against the survivor;
- if it follows that the two are distinct: A is distinct from B, and B is the same picture as C by a chain of
  duplicates, so A is distinct from C. Not where that chain leads to a contradiction (A the same as C by another way).

Two posters that are both kept and the same picture by a chain of duplicates do not follow: nobody has said which of
them goes. "Both removed" says nothing of sameness, nor do marks.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import Literal

from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.log import Mark, PairVerdict
from lap_gui.review.lists import Poster
from lap_gui.review.said import Word

Both = frozenset[Poster]
State = Literal["open", "left", "decided", "removed", "follows"]
"""A pair is to be asked ("open"), was left open by this reviewer ("left"), or needs nobody any more."""
_DECIDING = ("duplicate", "distinct", "both_removed")


@dataclass(slots=True)
class _Content:
    """All standing words on one pair of contents, and what they did when they were last taken in."""

    words: dict[str, PairVerdict] = field(default_factory=dict)
    effects: list[tuple[str, Poster, Poster]] = field(default_factory=list)
    pairs: set[Both] = field(default_factory=set)


class Knowledge:
    """What is said of the posters of a list. `hear` takes in each change of what stands."""

    def __init__(self, posters: Iterable[Poster]) -> None:
        self._holders: defaultdict[tuple[int, str], set[Poster]] = defaultdict(set)
        self._bare: dict[str, Poster] = {}
        for poster in set(posters):
            if poster.sha256:
                self._holders[_content(poster)].add(poster)
            else:
                self._bare[poster.name] = poster
        self._contents: defaultdict[object, _Content] = defaultdict(_Content)
        self._about: defaultdict[Both, set[object]] = defaultdict(set)
        self._edges: dict[str, defaultdict[Poster, Counter[Poster]]] = {
            "same": defaultdict(Counter),
            "apart": defaultdict(Counter),
        }
        self._gone: Counter[Poster] = Counter()

    def hear(self, before: Word | None, after: Word | None) -> set[Poster]:
        """One word stands no more, another stands now. Gives the posters of which something else may hold now."""
        touched: set[Poster] = set()
        for word, sign in ((before, -1), (after, 1)):
            if isinstance(word, Mark):
                marked = self._speaks_of(Poster(word.name, word.sha256))
                for poster in marked:
                    self._gone[poster] += sign
                touched |= marked
            elif word is not None:
                content = self._contents[word.key]
                if sign > 0:
                    content.words[word.reviewer] = word
                else:
                    content.words.pop(word.reviewer, None)
                touched |= self._retake(word.key, content)
        return touched

    def state(self, first: Poster, second: Poster, reviewer: str) -> State:
        """How a pair stands for a reviewer."""
        words = self.words(first, second)
        deciding = [word for word in words if word.verdict in _DECIDING]
        disputed = self.is_disputed(first, second)
        if deciding and not disputed:
            return "decided"
        if self._gone[first] or self._gone[second]:
            return "removed"
        if self._follows_apart(first, second):
            return "follows"
        mine = [word for word in words if word.reviewer == reviewer]
        if disputed:
            return "left" if words[-1].reviewer == reviewer else "open"
        return "left" if mine else "open"

    def words(self, first: Poster, second: Poster) -> list[PairVerdict]:
        """All that stands on a pair, the latest last."""
        keys = self._about.get(frozenset((first, second)), set())
        found = [word for key in keys for word in self._contents[key].words.values()]
        return sorted(found, key=lambda word: word.moment)

    def is_disputed(self, first: Poster, second: Poster) -> bool:
        """Whether standing words decide the pair in different ways."""
        keys = self._about.get(frozenset((first, second)), set())
        return any(_is_disputed(self._contents[key]) for key in keys)

    def is_gone(self, poster: Poster) -> bool:
        """Whether a verdict or mark removes it."""
        return self._gone[poster] > 0

    def _retake(self, key: object, content: _Content) -> set[Poster]:
        """Takes in the words of one pair of contents anew."""
        touched: set[Poster] = set()
        for kind, one, other in content.effects:
            touched |= self._class(one) | self._class(other)
            self._apply(kind, one, other, -1)
        for both in content.pairs:
            touched |= both
            self._about[both].discard(key)
        disputed = _is_disputed(content)
        content.effects, content.pairs = [], set()
        for word in content.words.values():
            for first, second in self._pairs_of(word):
                content.pairs.add(frozenset((first, second)))
                touched |= {first, second}
                if not disputed:
                    content.effects += _effects(word, first, second)
        for both in content.pairs:
            self._about[both].add(key)
        for kind, one, other in content.effects:
            self._apply(kind, one, other, 1)
            touched |= self._class(one) | self._class(other)
        return touched

    def _apply(self, kind: str, one: Poster, other: Poster, sign: int) -> None:
        if kind == "gone":
            self._gone[one] += sign
            return
        for start, end in ((one, other), (other, one)):
            ends = self._edges[kind][start]
            ends[end] += sign
            if not ends[end]:
                del ends[end]

    def _speaks_of(self, end: Poster) -> set[Poster]:
        """The posters of the list that a verdict's end means; that end itself is one of them, in the list or not."""
        bare = self._bare.get(end.name)
        return {*self._holders.get(_content(end), ()), *([end] if bare is None else [bare])}

    def _pairs_of(self, word: PairVerdict) -> Iterator[tuple[Poster, Poster]]:
        first, second = Poster(word.first, word.first_sha256), Poster(word.second, word.second_sha256)
        if word.first_sha256 == word.second_sha256:
            yield self._bare.get(first.name, first), self._bare.get(second.name, second)
        else:
            yield from product(self._speaks_of(first), self._speaks_of(second))

    def _class(self, start: Poster) -> set[Poster]:
        """All that are the same picture as `start`, by duplicates."""
        found, waiting = {start}, deque([start])
        while waiting:
            for other in self._edges["same"].get(waiting.popleft(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def _follows_apart(self, first: Poster, second: Poster) -> bool:
        ours, theirs = self._class(first), self._class(second)
        if second in ours or self._is_torn(ours) or self._is_torn(theirs):
            return False
        return any(not theirs.isdisjoint(self._edges["apart"].get(one, ())) for one in ours)

    def _is_torn(self, members: set[Poster]) -> bool:
        """Whether it is also said that two of the same picture are distinct."""
        return any(not members.isdisjoint(self._edges["apart"].get(one, ())) for one in members)


def _is_disputed(content: _Content) -> bool:
    return len({word.decision for word in content.words.values() if word.verdict in _DECIDING}) > 1


def _effects(word: PairVerdict, first: Poster, second: Poster) -> list[tuple[str, Poster, Poster]]:
    if word.verdict == "distinct":
        return [("apart", first, second)]
    if word.verdict == "both_removed":
        return [("gone", first, first), ("gone", second, second)]
    if word.verdict == "duplicate":
        removed = first if word.removed == word.first else second
        return [("same", first, second), ("gone", removed, removed)]
    return []


@lru_cache(maxsize=1 << 16)
def _content(poster: Poster) -> tuple[int, str]:
    return PosterName.parse(poster.name).mal_id, poster.sha256
