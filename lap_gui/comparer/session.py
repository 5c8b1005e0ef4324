"""One reviewer's way through one list: which pair is asked, the verdicts, undo and redo. No pictures, no Tk.

Every verdict is saved before the next pair is asked. Where the reviewer stopped follows from the logs.
"""

from collections.abc import Callable, Sequence
from itertools import islice

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

    `problems`: what in the logs could not be read.
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
        """Reads the logs.

        Args:
            pairs: what to review.
            logs: where verdicts are read and written.
            reviewer: whose verdicts the new ones are.
            readonly: whether nothing is written.
            marks_act: whether a mark removes its poster (the rule for marks).
            size_key: the size order of posters, asked only where removals form a circle.
            alone: whether others' verdicts count for nothing here, so that two people answer the same independently.

        Raises:
            OSError: a log cannot be read.
        """
        self._names = {frozenset((pair.first.name, pair.second.name)) for pair in pairs}
        self.recorder = Recorder(logs, reviewer, self._concerns, readonly=readonly)
        self.problems = self.recorder.problems
        self.size_key = size_key or _by_name
        posters = {poster for pair in pairs for poster in pair.posters}
        self.alone = alone
        counting = [one for one in self.recorder.active if self._counts(one)]
        self.index = VerdictIndex(posters, counting, marks_act=marks_act, size_key=size_key)
        self.asked = Queue(pairs, self.index, reviewer)
        self.recorder.changed = self._changed
        mine = [one for one in self.recorder.active if one.reviewer == reviewer]
        self.pace = Pace(one.moment.timestamp() for one in mine)
        self.found = FoundPairs(self.recorder.active)
        self._has_probabilities = any(pair.probability is not None for pair in pairs)
        self.last: PairVerdict | None = None

    @property
    def place(self) -> int | None:
        """The position in the list of the pair that is asked now; None at the end."""
        return self.asked.current

    @property
    def pair(self) -> Pair | None:
        """The pair that is asked now."""
        return None if self.place is None else self.asked.pairs[self.place]

    def ahead(self, count: int) -> list[Pair]:
        """The pair that is asked now and those that come next, as far as one can tell."""
        return [self.asked.pairs[place] for place in islice(self.asked.waiting(), count)]

    def decide(self, verdict: Verdict, sha256s: tuple[str, str], removed: Side | None = None) -> bool:
        """Records a verdict on the pair that is asked now, of which these contents (first, second) were shown.

        Returns:
            Whether it was recorded: not where somebody else decided the pair since it was shown.

        Raises:
            InputError: no pair is left.
            OSError: it could not be written; then the pair is still asked.
        """
        place = self.place
        if place is None:
            raise InputError("there is no pair left to decide")
        pair = self.asked.pairs[place]
        reopened = self.asked.is_reopened
        if self.catch_up() and (not self.asked.is_waiting(place) or self.asked.is_reopened != reopened):
            return False
        gone = None if removed is None else pair.first.name if removed == "first" else pair.second.name
        made = verdict_on(pair, self.recorder.reviewer, verdict, gone, sha256s=sha256s)
        self.recorder.record(made)
        self.asked.answered(place)
        self.pace.decided()
        self.last = made
        return True

    def record_all(self, verdicts: Sequence[PairVerdict]) -> None:
        """Records verdicts on several pairs as one step, which undo takes back as one.

        Raises:
            OSError: a log could not be written; what is in the others counts.
        """
        self.recorder.record_all(verdicts)
        self.last = None

    def catch_up(self) -> bool:
        """Takes in what others decided since. Returns whether there was anything.

        Raises:
            OSError: a log cannot be read.
        """
        return self.recorder.catch_up() > 0

    def undo(self) -> AnyVerdict | None:
        """Takes the last verdict back, so that its pair is asked again (unless nobody need decide it).

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        verdict = self.recorder.undo()
        self.asked.bring(self.asked.places_about(verdict))
        self.last = None
        return verdict

    def redo(self) -> AnyVerdict | None:
        """Redoes what was undone last.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        verdict = self.recorder.redo()
        for place in self.asked.places_about(verdict):
            self.asked.answered(place)
        self.last = verdict if isinstance(verdict, PairVerdict) else None
        return verdict

    def verdicts_on(self, pair: Pair) -> list[PairVerdict]:
        """Everybody's active verdicts on a pair."""
        return self.index.verdicts_on(*pair.posters)

    def in_conflict(self, pair: Pair) -> bool:
        """Whether reviewers decided a pair differently."""
        return outcome_of(self.verdicts_on(pair)) == "conflict"

    @property
    def progress(self) -> ReviewProgress:
        """How far the review is."""
        counts, total = self.asked.counts, len(self.asked.pairs)
        left = self.asked.left
        unseen = len(self.asked.unseen)
        done = counts["decided"] + counts["removed"] + counts["follows"]
        return ReviewProgress(total, left, done, counts["left_open"], unseen, self.pace.seconds_for(left))

    @property
    def outlook(self) -> Outlook | None:
        """What was found and what is probably left; None for a list without probabilities."""
        if not self._has_probabilities:
            return None
        left = self.asked.tally.left()
        return Outlook(len(self.found), left, self.pace.seconds_for(left.pairs))

    def undecided(self) -> list[Pair]:
        """The pairs that nobody decided and that follow from nothing, in the order of the list."""
        return [pair for place, pair in enumerate(self.asked.pairs) if self.asked.is_undecided(place)]

    def removed(self) -> list[str]:
        """The names of the list's posters that people removed, in the order of the list."""
        names = dict.fromkeys(poster for pair in self.asked.pairs for poster in pair.posters)
        return list(dict.fromkeys(poster.name for poster in names if self.index.is_removed(poster)))

    def _changed(self, before: AnyVerdict | None, after: AnyVerdict | None) -> None:
        before, after = (one if one is not None and self._counts(one) else None for one in (before, after))
        self.found.change(before, after)
        self.asked.refresh(self.index.apply(before, after))

    def _counts(self, verdict: AnyVerdict) -> bool:
        return not self.alone or verdict.reviewer == self.recorder.reviewer

    def _concerns(self, verdict: AnyVerdict) -> bool:
        return isinstance(verdict, PairVerdict) and frozenset(verdict.names) in self._names
