"""Lines of verdict logs and which of them stand, kept up to date line by line. No files.

It judges as `read_verdicts` does, which reads everything anew.
"""

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from lap_assets.core.verdicts.log import Line, Mark, PairVerdict, TakeBack, VerdictSet

Word = PairVerdict | Mark
Slot = tuple[str, str, object]
"""Of all words of one slot the latest counts: a reviewer's on a pair or poster."""


@dataclass(slots=True)
class Said:
    """Lines and who takes back whom."""

    by_id: dict[str, Line] = field(default_factory=dict)
    takers: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    slots: defaultdict[Slot, list[tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: Line) -> None:
        """Takes in a line that was said after all that it takes back."""
        self.by_id[line.id] = line
        if isinstance(line, TakeBack):
            self.takers[line.takes_back].append(line.id)
        else:
            insort(self.slots[slot_of(line)], (line.moment, line.id))

    def counts(self, one: str) -> bool:
        """Whether nothing that counts takes the line back."""
        return not any(self.counts(taker) for taker in self.takers.get(one, ()))

    def standing(self, slot: Slot) -> Word | None:
        """The latest line of a slot that counts."""
        for _, one in reversed(self.slots.get(slot, [])):
            line = self.by_id[one]
            if not isinstance(line, TakeBack) and self.counts(one):
                return line
        return None


def slot_of(word: Word) -> Slot:
    """The slot of a word."""
    return (word.reviewer, type(word).__name__, word.key)


def sensible(read: VerdictSet) -> list[Line]:
    """The lines without take-backs that lead to nothing, or in a circle; as `read_verdicts` judges."""
    targets = {line.id: line.takes_back for line in read.lines if isinstance(line, TakeBack)}
    ids = {line.id for line in read.lines}
    kept: list[Line] = []
    for line in read.lines:
        one, seen = line.id, set[str]()
        while one in targets and one not in seen:
            seen.add(one)
            one = targets[one]
        if one not in seen and one in ids:
            kept.append(line)
    return kept
