"""One reviewer's way through one list: the current pair, the verdicts, undo and redo. No pictures, no Tk.

Every verdict is saved before the next pair is asked. The logs determine where the reviewer stopped.
"""

from collections.abc import Callable, Sequence
from itertools import chain, islice

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.index import VerdictIndex
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict, Verdict
from lap_assets.core.verdicts.outcomes import outcome_of
from lap_assets.core.verdicts.sizes import Side, SizeKey
from lap_gui.comparer.queue import Queue
from lap_gui.comparer.verdicts import verdict_on
from lap_gui.review.eta import Pace
from lap_gui.review.logs import Logs
from lap_gui.review.outlook import FoundPairs, Outlook, ReviewProgress
from lap_gui.review.pair_rows import Pair
from lap_gui.review.recorder import Recorder


def _by_name(poster: Poster) -> SizeKey:
    return (0, 0, 0, poster.name)


class ReviewSession:
    """A list, the verdicts on it, and this reviewer's next ones.

    `problems`: the unreadable lines of the logs.
    """

    def __init__(
        self,
        pairs: Sequence[Pair],
        logs: Logs,
        reviewer: str,
        *,
        readonly: bool = False,
        marks_act: bool = True,
        size_key: Callable[[Poster], SizeKey] | None = None,
        alone: bool = False,
    ) -> None:
        """Read the logs.

        Args:
            pairs: what to review.
            logs: where verdicts are read and written.
            reviewer: the author of new verdicts.
            readonly: whether to write nothing.
            marks_act: whether a mark removes its poster (the rule for marks).
            size_key: the size order of posters, used only if removals form a cycle.
            alone: whether to ignore other people's verdicts, so that two people answer independently.

        Raises:
            OSError: a log cannot be read.
        """
        self._names = {frozenset((pair.first.name, pair.second.name)) for pair in pairs}
        self.recorder = Recorder(logs, reviewer, self._concerns, readonly=readonly)
        self.problems = self.recorder.problems
        self.size_key = size_key or _by_name
        posters = dict.fromkeys(chain.from_iterable((pair.first, pair.second) for pair in pairs))
        self.alone = alone
        counting = [one for one in self.recorder.active if self._counts(one)]
        self.index = VerdictIndex(posters, counting, marks_act=marks_act, size_key=size_key)
        self.queue = Queue(pairs, self.index, reviewer)
        self.recorder.changed = self._changed
        mine = [one for one in self.recorder.active if one.reviewer == reviewer]
        self.pace = Pace(one.moment.timestamp() for one in mine)
        self.found = FoundPairs(self.recorder.active)
        self._has_probabilities = any(pair.probability is not None for pair in pairs)
        self.last: PairVerdict | None = None

    @property
    def position(self) -> int | None:
        """The position in the list of the current pair; None at the end."""
        return self.queue.current

    @property
    def pair(self) -> Pair | None:
        """The current pair."""
        return None if self.position is None else self.queue.pairs[self.position]

    def ahead(self, count: int) -> list[Pair]:
        """Return the current pair and those that probably come next."""
        return [self.queue.pairs[position] for position in islice(self.queue.waiting(), count)]

    def decide(self, verdict: Verdict, sha256s: tuple[str, str], removed: Side | None = None) -> bool:
        """Record a verdict on the current pair, whose contents (first, second) were shown.

        Returns:
            Whether it was recorded; False if somebody else decided the pair since it was shown.

        Raises:
            InputError: no pair is left.
            OSError: it could not be written; then the pair is still asked.
        """
        position = self.position
        if position is None:
            raise InputError("there is no pair left to decide")
        pair = self.queue.pairs[position]
        reopened = self.queue.is_reopened
        if self.catch_up() and (not self.queue.is_waiting(position) or self.queue.is_reopened != reopened):
            return False
        name = None if removed is None else pair.first.name if removed == "first" else pair.second.name
        line = verdict_on(pair, self.recorder.reviewer, verdict, name, sha256s=sha256s)
        self.recorder.record(line)
        self.queue.answered(position)
        self.pace.decided()
        self.last = line
        return True

    def record_all(self, verdicts: Sequence[PairVerdict]) -> None:
        """Record verdicts on several pairs as one step for undo.

        Raises:
            OSError: a log could not be written; verdicts in the other logs count.
        """
        self.recorder.record_all(verdicts)
        self.last = None

    def catch_up(self) -> bool:
        """Read what others decided since the last call. Returns whether there was anything.

        Raises:
            OSError: a log cannot be read.
        """
        return self.recorder.catch_up() > 0

    def undo(self) -> AnyVerdict | None:
        """Take the last verdict back, so that its pair is asked again (unless it needs no decision).

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        verdict = self.recorder.undo()
        self.queue.ask_next(self.queue.positions_about(verdict))
        self.last = None
        return verdict

    def redo(self) -> AnyVerdict | None:
        """Redo the step undone last.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        verdict = self.recorder.redo()
        for position in self.queue.positions_about(verdict):
            self.queue.answered(position)
        self.last = verdict if isinstance(verdict, PairVerdict) else None
        return verdict

    def verdicts_on(self, pair: Pair) -> list[PairVerdict]:
        """Return everybody's active verdicts on a pair."""
        return self.index.verdicts_on(*pair.posters)

    def in_conflict(self, pair: Pair) -> bool:
        """Return whether reviewers decided a pair differently."""
        return outcome_of(self.verdicts_on(pair)) == "conflict"

    @property
    def progress(self) -> ReviewProgress:
        """The progress of the review."""
        counts, total = self.queue.counts, len(self.queue.pairs)
        left = self.queue.left
        unseen = len(self.queue.unseen)
        done = counts["decided"] + counts["removed"] + counts["follows"]
        return ReviewProgress(total, left, done, counts["left_open"], unseen, self.pace.seconds_for(left))

    @property
    def outlook(self) -> Outlook | None:
        """The duplicates found and probably left; None for a list without probabilities."""
        if not self._has_probabilities:
            return None
        left = self.queue.tally.left()
        return Outlook(len(self.found), left, self.pace.seconds_for(left.pairs))

    def undecided(self) -> list[Pair]:
        """Return the undecided pairs in the order of the list."""
        return [pair for position, pair in enumerate(self.queue.pairs) if self.queue.is_undecided(position)]

    def removed(self) -> list[str]:
        """Return the names of the list's posters that people removed, in the order of the list."""
        names = dict.fromkeys(poster for pair in self.queue.pairs for poster in pair.posters)
        return list(dict.fromkeys(poster.name for poster in names if self.index.is_removed(poster)))

    def _changed(self, before: AnyVerdict | None, after: AnyVerdict | None) -> None:
        before, after = (one if one is not None and self._counts(one) else None for one in (before, after))
        self.found.change(before, after)
        self.queue.refresh(self.index.apply(before, after))

    def _counts(self, verdict: AnyVerdict) -> bool:
        return not self.alone or verdict.reviewer == self.recorder.reviewer

    def _concerns(self, verdict: AnyVerdict) -> bool:
        return isinstance(verdict, PairVerdict) and frozenset(verdict.names) in self._names
