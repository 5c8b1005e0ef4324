"""The order of pairs: the list's order, without pairs that need no decision. No files, no Tk.

Pairs that cannot be shown are skipped and counted. Pairs left open ("skip", "unsure") are asked again only on request,
after all others. A pair that needs no decision is asked again when it is reopened.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from lap_assets.core.estimates import Tally
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.index import PairState, VerdictIndex
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict
from lap_gui.review.pair_rows import Pair

_ASKED: Final = ("open", "conflict")
_UNDECIDED: Final = (*_ASKED, "left_open")


class Queue:
    """The pairs of a list and the state of each for one reviewer.

    `tally`: sums over the undecided pairs that have a probability.
    """

    def __init__(self, pairs: Sequence[Pair], index: VerdictIndex, reviewer: str) -> None:
        self.pairs = list(pairs)
        self._index, self._reviewer = index, reviewer
        self._touching: defaultdict[Poster, list[int]] = defaultdict(list)
        for position, pair in enumerate(self.pairs):
            self._touching[pair.first].append(position)
            self._touching[pair.second].append(position)
        self._states: list[PairState] = [self._state(pair) for pair in self.pairs]
        self._counts = Counter(self._states)
        self.tally = Tally()
        for pair, state in zip(self.pairs, self._states, strict=True):
            if pair.probability is not None and state in _UNDECIDED:
                self.tally.count(pair.probability)
        self._unseen: dict[int, str] = {}
        self._again: set[int] = set()
        self._front: list[int] = []
        self._reopened: tuple[int, object] | None = None
        self._low = 0

    def add(self, pair: Pair) -> int:
        """Append a pair. Returns its position."""
        position = len(self.pairs)
        self.pairs.append(pair)
        for poster in pair.posters:
            self._touching[poster].append(position)
        self._states.append(self._state(pair))
        self._counts[self._states[position]] += 1
        self._update_tally(position, 1)
        return position

    def refresh(self, posters: Iterable[Poster]) -> None:
        """Recompute the state of the pairs that contain these posters."""
        for position in {position for poster in posters for position in self._touching.get(poster, ())}:
            now = self._state(self.pairs[position])
            self._update_tally(position, -1)
            self._counts[self._states[position]] -= 1
            self._counts[now] += 1
            self._states[position] = now
            self._update_tally(position, 1)
            self._low = min(self._low, position)
        if self._reopened is not None and self._snapshot(self._reopened[0]) != self._reopened[1]:
            self._reopened = None

    def waiting(self) -> Iterator[int]:
        """Return the positions of the pairs still to be asked, in the order of the list."""
        while self._low < len(self.pairs) and not self.is_waiting(self._low):
            self._low += 1
        front = [position for position in self._front if self.is_waiting(position)]
        rest = (position for position in range(self._low, len(self.pairs)) if self.is_waiting(position))
        return chain(front, (position for position in rest if position not in front))

    @property
    def current(self) -> int | None:
        """The position of the pair to ask now; None at the end."""
        return next(self.waiting(), None)

    def skip(self, position: int, why: str) -> None:
        """Skip a pair that cannot be shown."""
        self._unseen[position] = why
        if self._reopened is not None and position == self._reopened[0]:
            self._reopened = None

    def answered(self, position: int) -> None:
        """Record that a pair asked again was answered, or left open once more."""
        self._again.discard(position)

    def ask_again(self) -> int:
        """Ask again about the pairs that were left open. Returns their number."""
        self._again |= {position for position, state in enumerate(self._states) if state == "left_open"}
        self._low = 0
        return len(self._again)

    def ask_next(self, positions: Iterable[int]) -> None:
        """Ask about this pair next, even if it was left open before, unless it needs no decision."""
        for position in positions:
            self._front = [position]
            self._again.add(position)
            self._unseen.pop(position, None)
            self._low = min(self._low, position)

    def reopen(self, position: int) -> None:
        """Ask about this pair next, whatever was decided, until its verdicts change or another pair is reopened."""
        self._reopened = None
        self.ask_next([position])
        if self._states[position] not in _ASKED:
            self._again.discard(position)
            self._reopened = (position, self._snapshot(position))

    @property
    def is_reopened(self) -> bool:
        """Whether a pair is reopened and its verdicts have not changed since."""
        return self._reopened is not None

    def leave_reopened(self) -> bool:
        """Leave a reopened pair as it was decided. Returns whether there was one."""
        was_open, self._reopened = self.is_reopened, None
        return was_open

    def ask_first(self, positions: Iterable[int]) -> None:
        """Ask about these pairs before all others, in this order."""
        self._front = list(positions)

    def state(self, position: int) -> PairState:
        """Return the state of a pair."""
        return self._states[position]

    def positions_of(self, one: Poster, other: Poster) -> list[int]:
        """Return the positions of a pair in the list, in either order."""
        return [position for position in self._touching.get(one, ()) if other in self.pairs[position].posters]

    def positions_about(self, verdict: AnyVerdict | None) -> set[int]:
        """Return the positions of a verdict's pair; none for a mark."""
        if not isinstance(verdict, PairVerdict):
            return set()
        ends = (Poster(verdict.first, verdict.first_sha256), Poster(verdict.second, verdict.second_sha256))
        return {
            position
            for one in (ends[0], Poster(verdict.first))
            for other in (ends[1], Poster(verdict.second))
            for position in self.positions_of(one, other)
        }

    @property
    def counts(self) -> Counter[PairState]:
        """The number of pairs in each state, including those that cannot be shown."""
        return Counter(self._counts)

    @property
    def unseen(self) -> dict[int, str]:
        """Pairs that should be asked but cannot be shown, and why."""
        return {
            position: why for position, why in self._unseen.items() if self._states[position] in (*_ASKED, "left_open")
        }

    @property
    def left(self) -> int:
        """The number of pairs still to be asked."""
        again = sum(self._states[position] == "left_open" and position not in self._unseen for position in self._again)
        asked = sum(self._counts[state] for state in _ASKED)
        hidden = sum(self._states[position] in _ASKED for position in self._unseen)
        return asked - hidden + again + self.is_reopened

    def _update_tally(self, position: int, sign: int) -> None:
        """Add an undecided pair to the tally (1), or remove it (-1)."""
        probability = self.pairs[position].probability
        if probability is not None and self.is_undecided(position):
            self.tally.count(probability, sign)

    def is_undecided(self, position: int) -> bool:
        """Return whether a pair is undecided: open, in conflict or left open, and not implied by other verdicts."""
        return self._states[position] in _UNDECIDED

    def is_waiting(self, position: int) -> bool:
        """Return whether the pair is still to be asked."""
        if position in self._unseen:
            return False
        if self._reopened is not None and position == self._reopened[0]:
            return True
        return self._states[position] in _ASKED or (self._states[position] == "left_open" and position in self._again)

    def _snapshot(self, position: int) -> object:
        """Return a pair's state and the verdicts on it, to detect changes."""
        pair = self.pairs[position]
        return self._states[position], [verdict.id for verdict in self._index.verdicts_on(*pair.posters)]

    def _state(self, pair: Pair) -> PairState:
        return self._index.state(pair.first, pair.second, self._reviewer)
