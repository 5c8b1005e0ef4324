"""Saying, taking back and saying again: each step is on the disk before it counts. No posters, no lists, no Tk.

Steps are lines of verdict logs. Undo takes a step back with a `TakeBack`; redo takes that one back again. So nothing is
ever erased, and what stands here is what `read_verdicts` finds to stand in the logs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lap_assets.core.verdicts.log import Line, TakeBack, VerdictLog
from lap_gui.review.logs import Logs
from lap_gui.review.said import Said, Slot, Word, sensible, slot_of

Changed = Callable[[Word | None, Word | None], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """A line that this reviewer wrote; `back`: the line that takes it back while it is undone."""

    line: Line
    back: TakeBack | None = None


class Recorder:
    """What everybody said, and this reviewer's next words.

    `words`: what stood when it was opened. `problems`: what in the logs could not be read. `changed(before, after)` is
    called for each word that stands no more, that stands newly, or that another replaces, from then on.
    """

    def __init__(self, logs: Logs, reviewer: str, concerns: Callable[[Word], bool], *, readonly: bool = False) -> None:
        """Reads the logs. Undo goes back through this reviewer's words that `concerns` finds to be of this work.

        Raises:
            OSError: one cannot be read.
        """
        self.reviewer, self.readonly = reviewer, readonly
        self.changed: Changed = _nobody_listens
        self._logs = logs
        read = logs.read()
        self.words, self.problems = read.active, read.problems
        self._said = Said()
        for line in sensible(read):
            self._said.add(line)
        self._open: dict[Path, VerdictLog] = {}
        mine = (word for word in read.lines if not isinstance(word, TakeBack) and word.reviewer == reviewer)
        self._done = [_Step(word) for word in mine if self._said.counts(word.id) and concerns(word)]
        self._undone: list[_Step] = []
        self._latest = max((line.moment for line in read.lines), default=None)

    def prepare(self, names: Iterable[tuple[str, ...]]) -> None:
        """Opens the logs of these posters ahead, so that the first word is as quick as the others.

        Raises:
            OSError: one cannot be read.
        """
        if not self.readonly:
            for path in {self._logs.of(*posters) for posters in names}:
                self._log(path)

    def say(self, word: Word) -> None:
        """Writes a word.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        self._write(word, self._logs.of(*word.names))
        self._done.append(_Step(word))
        self._undone.clear()

    def take_back(self, word: Word) -> None:
        """Takes back a word that stands, whoever said it; a step like any other.

        Raises:
            OSError: as in `say`.
        """
        line = TakeBack(reviewer=self.reviewer, takes_back=word.id)
        self._write(line, self._logs.of(*word.names))
        self._done.append(_Step(line))
        self._undone.clear()

    def undo(self) -> Word | None:
        """Takes back the last step, and gives the word that it was about; None where there is none.

        Raises:
            OSError: as in `say`.
        """
        if not self._done:
            return None
        step = self._done[-1]
        back = TakeBack(reviewer=self.reviewer, takes_back=step.line.id)
        self._write(back, self._home_of(step.line))
        self._done.pop()
        self._undone.append(_Step(step.line, back))
        return self._word(step.line)

    def redo(self) -> Word | None:
        """Does again what was undone last, and gives the word that it was about; None where there is none.

        Raises:
            OSError: as in `say`.
        """
        if not self._undone:
            return None
        step = self._undone[-1]
        if step.back is not None:
            self._write(TakeBack(reviewer=self.reviewer, takes_back=step.back.id), self._home_of(step.line))
        self._undone.pop()
        self._done.append(_Step(step.line))
        return self._word(step.line)

    @property
    def undoable(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    @property
    def redoable(self) -> int:
        """How many steps can be redone."""
        return len(self._undone)

    def standing(self, slot: Slot) -> Word | None:
        """What stands in a slot."""
        return self._said.standing(slot)

    def _write(self, line: Line, path: Path) -> None:
        """On the disk first, then in what is known."""
        written = _not_before(line, self._latest)
        if not self.readonly:
            written = self._log(path).append(written)
        self._latest = written.moment
        root = self._word(written)
        slot = slot_of(root)
        before = self._said.standing(slot)
        self._said.add(written)
        after = self._said.standing(slot)
        if before != after:
            self.changed(before, after)

    def _log(self, path: Path) -> VerdictLog:
        if path not in self._open:
            self._open[path] = VerdictLog(path)
        return self._open[path]

    def _home_of(self, line: Line) -> Path:
        return self._logs.of(*self._word(line).names)

    def _word(self, line: Line) -> Word:
        """The word that a line says or, in the end, is about."""
        while isinstance(line, TakeBack):
            line = self._said.by_id[line.takes_back]
        return line


def _nobody_listens(_before: Word | None, _after: Word | None) -> None:
    """Until somebody does."""


def _not_before(line: Line, latest: datetime | None) -> Line:
    """Later than all that was said before, in whatever log; the clock may have been set back."""
    if latest is None or line.moment > latest:
        return line
    moved = (latest + timedelta(microseconds=1)).astimezone(UTC)
    return replace(line, time=moved.isoformat(timespec="microseconds"))
