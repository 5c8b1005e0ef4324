"""Duplicates found and probably left, in words, for titles and `lap review status`. Standard library only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lap_assets.core.estimates import ProbablyLeft
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict
from lap_gui.review.eta import describe


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """Progress of a review, in pairs.

    `left`: still to be asked; `done`: need no decision; `open`: left open on purpose.
    """

    total: int
    left: int
    done: int
    open: int
    unseen: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """`found`: pairs that people called duplicates. `seconds`: for the rest at this reviewer's pace, if known."""

    found: int
    left: ProbablyLeft
    seconds: float | None

    def __str__(self) -> str:
        left = self.left
        expected, low, high = (f"{share * 100:.0f}" for share in left.missed(self.found))
        parts = [
            f"{self.found:,} duplicate{'' if self.found == 1 else 's'} found",
            f"about {left.expected:,.0f} left ({left.low:,} to {left.high:,}) in {left.pairs:,} pairs",
            f"stopping now misses {expected} % ({low} to {high})",
            f"the rest takes {describe(self.seconds)}" if self.seconds is not None and left.pairs else "",
        ]
        return ", ".join(part for part in parts if part)


class FoundPairs:
    """Counts the pairs, by content, that active verdicts call duplicates."""

    def __init__(self, verdicts: Iterable[AnyVerdict] = ()) -> None:
        self._pairs: Counter[object] = Counter()
        for verdict in verdicts:
            self.change(None, verdict)

    def __len__(self) -> int:
        return sum(number > 0 for number in self._pairs.values())

    def change(self, before: AnyVerdict | None, after: AnyVerdict | None) -> None:
        """Replace an active verdict (None: none) by another."""
        for verdict, sign in ((before, -1), (after, 1)):
            if isinstance(verdict, PairVerdict) and verdict.verdict == "duplicate":
                self._pairs[verdict.key] += sign
