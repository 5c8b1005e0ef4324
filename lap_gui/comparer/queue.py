"""Which pair comes next: the list's order, without pairs that nobody need decide. No files, no Tk.

Pairs that cannot be shown are passed over and counted. Those that were left open ("skip", "unsure") come again only
when the reviewer asks for them, after all others. A pair that nobody need decide comes again when it is reopened.
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

    `tally`: what the undecided pairs promise, of those whose list gives a probability.
    """

    def __init__(self, pairs: Sequence[Pair], index: VerdictIndex, reviewer: str) -> None:
        self.pairs = list(pairs)
        self._index, self._reviewer = index, reviewer
        self._touching: defaultdict[Poster, list[int]] = defaultdict(list)
        for place, pair in enumerate(self.pairs):
            for poster in pair.posters:
                self._touching[poster].append(place)
        self._states: list[PairState] = [self._state(pair) for pair in self.pairs]
        self._counts = Counter(self._states)
        self.tally = Tally()
        for place in range(len(self.pairs)):
            self._tell(place, 1)
        self._unseen: dict[int, str] = {}
        self._again: set[int] = set()
        self._front: list[int] = []
        self._reopened: tuple[int, object] | None = None
        self._low = 0

    def add(self, pair: Pair) -> int:
        """A further pair, at the end. Returns its position."""
        place = len(self.pairs)
        self.pairs.append(pair)
        for poster in pair.posters:
            self._touching[poster].append(place)
        self._states.append(self._state(pair))
        self._counts[self._states[place]] += 1
        self._tell(place, 1)
        return place

    def refresh(self, posters: Iterable[Poster]) -> None:
        """Recomputes the state of the pairs that contain these posters."""
        for place in {place for poster in posters for place in self._touching.get(poster, ())}:
            now = self._state(self.pairs[place])
            self._tell(place, -1)
            self._counts[self._states[place]] -= 1
            self._counts[now] += 1
            self._states[place] = now
            self._tell(place, 1)
            self._low = min(self._low, place)
        if self._reopened is not None and self._standing(self._reopened[0]) != self._reopened[1]:
            self._reopened = None

    def waiting(self) -> Iterator[int]:
        """The positions of the pairs that are still to be asked, in the order of the list."""
        while self._low < len(self.pairs) and not self.is_waiting(self._low):
            self._low += 1
        front = [place for place in self._front if self.is_waiting(place)]
        rest = (place for place in range(self._low, len(self.pairs)) if self.is_waiting(place))
        return chain(front, (place for place in rest if place not in front))

    @property
    def current(self) -> int | None:
        """The position of the pair to ask now; None at the end."""
        return next(self.waiting(), None)

    def pass_over(self, place: int, why: str) -> None:
        """This pair cannot be shown."""
        self._unseen[place] = why
        if self._reopened is not None and place == self._reopened[0]:
            self._reopened = None

    def answered(self, place: int) -> None:
        """A pair that is asked again was answered, or left open once more."""
        self._again.discard(place)

    def ask_again(self) -> int:
        """Asks again about the pairs that were left open. Returns their number."""
        self._again |= {place for place, state in enumerate(self._states) if state == "left_open"}
        self._low = 0
        return len(self._again)

    def bring(self, places: Iterable[int]) -> None:
        """Asks about this pair next, unless nobody need decide it; also if it was left open before."""
        for place in places:
            self._front = [place]
            self._again.add(place)
            self._unseen.pop(place, None)
            self._low = min(self._low, place)

    def reopen(self, place: int) -> None:
        """Asks about this pair next, whatever was decided, until that changes or another pair is reopened."""
        self._reopened = None
        self.bring([place])
        if self._states[place] not in _ASKED:
            self._again.discard(place)
            self._reopened = (place, self._standing(place))

    @property
    def is_reopened(self) -> bool:
        """Whether a pair is reopened, and still is as it was then."""
        return self._reopened is not None

    def leave_reopened(self) -> bool:
        """A pair that was reopened stays as it was decided. Returns whether there is any."""
        was_open, self._reopened = self.is_reopened, None
        return was_open

    def ask_first(self, places: Iterable[int]) -> None:
        """Asks about these pairs before all others, in this order."""
        self._front = list(places)

    def state(self, place: int) -> PairState:
        """The state of a pair."""
        return self._states[place]

    def places_of(self, one: Poster, other: Poster) -> list[int]:
        """The positions of a pair in the list, in either order."""
        return [place for place in self._touching.get(one, ()) if other in self.pairs[place].posters]

    def places_about(self, verdict: AnyVerdict | None) -> set[int]:
        """The positions of the pair that a verdict is about; none for a mark."""
        if not isinstance(verdict, PairVerdict):
            return set()
        ends = (Poster(verdict.first, verdict.first_sha256), Poster(verdict.second, verdict.second_sha256))
        return {
            place
            for one in (ends[0], Poster(verdict.first))
            for other in (ends[1], Poster(verdict.second))
            for place in self.places_of(one, other)
        }

    @property
    def counts(self) -> Counter[PairState]:
        """How many pairs are in each state, counting those that cannot be shown."""
        return Counter(self._counts)

    @property
    def unseen(self) -> dict[int, str]:
        """Pairs that would have to be asked but cannot be shown, and why."""
        return {place: why for place, why in self._unseen.items() if self._states[place] in (*_ASKED, "left_open")}

    @property
    def left(self) -> int:
        """How many are still to be asked."""
        again = sum(self._states[place] == "left_open" and place not in self._unseen for place in self._again)
        asked = sum(self._counts[state] for state in _ASKED)
        hidden = sum(self._states[place] in _ASKED for place in self._unseen)
        return asked - hidden + again + self.is_reopened

    def _tell(self, place: int, sign: int) -> None:
        """Counts an undecided pair in the tally (1), or takes it out (-1)."""
        probability = self.pairs[place].probability
        if probability is not None and self.is_undecided(place):
            self.tally.count(probability, sign)

    def is_undecided(self, place: int) -> bool:
        """Whether nobody decided the pair, or several differently, and it follows from nothing."""
        return self._states[place] in _UNDECIDED

    def is_waiting(self, place: int) -> bool:
        """Whether the pair is still to be asked."""
        if place in self._unseen:
            return False
        if self._reopened is not None and place == self._reopened[0]:
            return True
        return self._states[place] in _ASKED or (self._states[place] == "left_open" and place in self._again)

    def _standing(self, place: int) -> object:
        """What holds of a pair: its state and the verdicts on it."""
        pair = self.pairs[place]
        return self._states[place], [verdict.id for verdict in self._index.verdicts_on(*pair.posters)]

    def _state(self, pair: Pair) -> PairState:
        return self._index.state(pair.first, pair.second, self._reviewer)
