"""One reviewer's way through one list: what is asked, what is said, undo and redo. No pictures, no Tk.

Each word is on the disk before the next pair is asked. Where one stopped is in the logs themselves.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from lap_assets.core.verdicts.log import PairVerdict, Verdict
from lap_gui.comparer.knowledge import Knowledge
from lap_gui.comparer.queue import Queue
from lap_gui.review.eta import seconds_left
from lap_gui.review.lists import Pair, Poster
from lap_gui.review.logs import Logs
from lap_gui.review.recorder import Recorder
from lap_gui.review.said import Word

Side = Literal["first", "second"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one is. `left`: to be asked; `done`: decided, following or removed; `open`: left open on purpose."""

    total: int
    left: int
    done: int
    open: int
    unseen: int
    seconds_left: float | None


class Session:
    """A list, what is known, and what this reviewer says.

    `problems`: what in the logs could not be read.
    """

    def __init__(self, pairs: Sequence[Pair], logs: Logs, reviewer: str, *, readonly: bool = False) -> None:
        """Reads the logs.

        Raises:
            OSError: one cannot be read.
        """
        self._names = {frozenset((pair.first.name, pair.second.name)) for pair in pairs}
        self.recorder = Recorder(logs, reviewer, self._concerns, readonly=readonly)
        self.problems = self.recorder.problems
        self._knowledge = Knowledge({poster for pair in pairs for poster in pair.posters})
        for word in self.recorder.words:
            self._knowledge.hear(None, word)
        self.asked = Queue(pairs, self._knowledge, reviewer)
        self.recorder.changed = self._changed
        self.recorder.prepare((pair.first.name, pair.second.name) for pair in pairs)
        self._moments: list[float] = []
        self.last: PairVerdict | None = None

    @property
    def place(self) -> int | None:
        """The place in the list of the pair that is asked now; None at the end."""
        return self.asked.current

    @property
    def pair(self) -> Pair | None:
        """The pair that is asked now."""
        return None if self.place is None else self.asked.pairs[self.place]

    def ahead(self, count: int) -> list[Pair]:
        """The pair that is asked now and those that come next, as far as one can tell."""
        return [self.asked.pairs[place] for place in islice(self.asked.waiting(), count)]

    def say(self, verdict: Verdict, sha256s: tuple[str, str], removed: Side | None = None) -> None:
        """Says what the pair is that is asked now, of which these contents (first, second) were shown.

        Raises:
            ValueError: there is no pair to say anything about.
            OSError: it could not be written; then the pair is still asked.
        """
        place = self.place
        if place is None:
            raise ValueError("there is no pair left to decide")
        pair = self.asked.pairs[place]
        word = PairVerdict(
            reviewer=self.recorder.reviewer,
            first=pair.first.name,
            first_sha256=sha256s[0],
            second=pair.second.name,
            second_sha256=sha256s[1],
            verdict=verdict,
            removed=None if removed is None else pair.first.name if removed == "first" else pair.second.name,
            measure=pair.measure,
            distance=pair.distance,
        )
        self.recorder.say(word)
        self.asked.answered(place)
        self._moments.append(time.monotonic())
        self.last = word

    def undo(self) -> Word | None:
        """Takes the last word back, so that its pair is asked again (if nothing else decides it).

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        word = self.recorder.undo()
        self.asked.bring(self._places(word))
        self.last = None
        return word

    def redo(self) -> Word | None:
        """Says again what was taken back last.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        word = self.recorder.redo()
        for place in self._places(word):
            self.asked.answered(place)
        self.last = word if isinstance(word, PairVerdict) else None
        return word

    def said_of(self, pair: Pair) -> list[PairVerdict]:
        """What stands on a pair, by anybody."""
        return self._knowledge.words(pair.first, pair.second)

    def is_disputed(self, pair: Pair) -> bool:
        """Whether reviewers disagree on a pair."""
        return self._knowledge.is_disputed(pair.first, pair.second)

    @property
    def progress(self) -> Progress:
        """How far one is."""
        counts, total = self.asked.counts, len(self.asked.pairs)
        left = self.asked.left
        unseen = len(self.asked.unseen)
        done = counts["decided"] + counts["removed"] + counts["follows"]
        return Progress(total, left, done, counts["left"], unseen, seconds_left(self._moments, left))

    def removed(self) -> list[str]:
        """The names of the list's posters that are removed by what stands, in the order of the list."""
        names = dict.fromkeys(poster for pair in self.asked.pairs for poster in pair.posters)
        return list(dict.fromkeys(poster.name for poster in names if self._knowledge.is_gone(poster)))

    def _changed(self, before: Word | None, after: Word | None) -> None:
        self.asked.refresh(self._knowledge.hear(before, after))

    def _concerns(self, word: Word) -> bool:
        return isinstance(word, PairVerdict) and frozenset(word.names) in self._names

    def _places(self, word: Word | None) -> Iterable[int]:
        if not isinstance(word, PairVerdict):
            return ()
        ends = (Poster(word.first, word.first_sha256), Poster(word.second, word.second_sha256))
        return {
            place
            for one in (ends[0], Poster(word.first))
            for other in (ends[1], Poster(word.second))
            for place in self.asked.places_of(one, other)
        }
