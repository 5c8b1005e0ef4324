"""Recording verdicts, undo and redo: each step is on the disk before it counts. No posters, no lists, no Tk.

Steps are lines of verdict logs. Undo takes a step back with a `TakeBack`; redo takes that one back again. So nothing is
ever erased, and what is active here is what `read_verdicts` finds active in the logs.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lap_assets.core.verdicts.active import ActiveVerdicts, Subject, subject_of, time_order
from lap_assets.core.verdicts.lines import AnyVerdict, Line, TakeBack
from lap_assets.core.verdicts.log import VerdictLog
from lap_gui.review.logs import Logs, LogTail
from lap_gui.review.steps import Step, not_before, steps_of

Changed = Callable[[AnyVerdict | None, AnyVerdict | None], None]


class Recorder:
    """Everybody's active verdicts, and this reviewer's next ones.

    `active`: the verdicts that were active when it was opened. `problems`: what in the logs could not be read.
    `changed(before, after)` is called from then on for each verdict that becomes active, or is active no longer.
    """

    def __init__(
        self, logs: Logs, reviewer: str, concerns: Callable[[AnyVerdict], bool], *, readonly: bool = False
    ) -> None:
        """Reads the logs. Undo goes back through those of this reviewer's verdicts for which `concerns` is true.

        Raises:
            OSError: a log cannot be read.
        """
        self.reviewer, self.readonly = reviewer, readonly
        self.changed: Changed = _ignore
        self._logs = logs
        self._tail = LogTail(logs)
        read = logs.read()
        self.active, self.problems = read.active, read.problems
        self._verdicts = ActiveVerdicts(read.lines)
        self._open: dict[Path, VerdictLog] = {}
        mine = (line for line in read.lines if not isinstance(line, TakeBack) and line.reviewer == reviewer)
        self._done = steps_of(line for line in mine if self._verdicts.counts(line) and concerns(line))
        self._undone: list[Step] = []
        self._latest = max((line.moment for line in read.lines), default=None)

    def record(self, verdict: AnyVerdict) -> None:
        """Writes a verdict.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        self.record_all([verdict])

    def record_all(self, verdicts: Sequence[AnyVerdict]) -> None:
        """Writes several verdicts as one step.

        Raises:
            OSError: a log could not be written; what is in the others counts, and can be undone.
        """
        written: list[Line] = []
        try:
            written.extend(self._write([(one, self._logs.of(*one.names)) for one in verdicts]))
        finally:
            if written:
                self._done.append(Step(tuple(written)))
                self._undone.clear()

    def catch_up(self) -> int:
        """Takes in what others have written since. Returns the number of lines that were new.

        Raises:
            OSError: a log cannot be read; what is new in the others counts.
        """
        lines, error = self._tail.read()
        new = sorted((line for line in lines if not self._verdicts.has(line)), key=time_order)
        for line in new:
            self._take_in(line)
        if error is not None:
            raise error
        return len(new)

    def take_back(self, verdict: AnyVerdict) -> None:
        """Takes back an active verdict, whoever gave it; this is a step that can be undone, too.

        Raises:
            OSError: as in `record`.
        """
        line = TakeBack(reviewer=self.reviewer, takes_back=verdict.id)
        self._done += [Step((written,)) for written in self._write([(line, self._logs.of(*verdict.names))])]
        self._undone.clear()

    def undo(self) -> AnyVerdict | None:
        """Takes back the last step that still counts. Returns the verdict it was about; None where there is no step.

        Raises:
            OSError: as in `record`.
        """
        with contextlib.suppress(OSError):  # a log that cannot be read keeps nothing of the others from being undone
            self.catch_up()
        while self._done and not any(self._still_counts(line) for line in self._done[-1].lines):
            self._done.pop()  # taken back meanwhile, by this reviewer in another window or by somebody else
        if not self._done:
            return None
        step = self._done[-1]
        backs = [TakeBack(reviewer=self.reviewer, takes_back=line.id) for line in step.lines]
        list(self._write(list(zip(backs, map(self._log_path, step.lines), strict=True))))
        self._done.pop()
        self._undone.append(Step(step.lines, tuple(backs)))
        return self._verdicts.verdict_behind(step.lines[0])

    def redo(self) -> AnyVerdict | None:
        """Redoes the step that was undone last. Returns the verdict that it was about; None where there is none.

        Raises:
            OSError: as in `record`.
        """
        if not self._undone:
            return None
        step = self._undone[-1]
        agains = [TakeBack(reviewer=self.reviewer, takes_back=back.id) for back in step.backs]
        list(self._write(list(zip(agains, map(self._log_path, step.lines), strict=True))))
        self._undone.pop()
        self._done.append(Step(step.lines))
        return self._verdicts.verdict_behind(step.lines[0])

    @property
    def undoable(self) -> int:
        """How many steps can be undone."""
        return len(self._done)

    @property
    def redoable(self) -> int:
        """How many steps can be redone."""
        return len(self._undone)

    def now_active(self) -> tuple[AnyVerdict, ...]:
        """All verdicts that are active now, in order of time."""
        return self._verdicts.all()

    def active_on(self, subject: Subject) -> AnyVerdict | None:
        """The active verdict on a subject."""
        return self._verdicts.on(subject)

    def _write(self, lines: Sequence[tuple[Line, Path]]) -> Iterator[Line]:
        """Writes lines to their logs, log by log, and updates what is active; gives each as written.

        Raises:
            OSError: a log could not be written.
        """
        by_path: dict[Path, list[Line]] = {}
        for line, path in lines:
            moved = not_before(line, self._latest)
            self._latest = moved.moment
            by_path.setdefault(path, []).append(moved)
        for path, chosen in by_path.items():
            for written in chosen if self.readonly else self._log(path).append_all(chosen):
                self._take_in(written)
                yield written

    def _take_in(self, line: Line) -> None:
        """A line counts from now on."""
        self._latest = line.moment if self._latest is None else max(self._latest, line.moment)
        try:
            behind = self._verdicts.verdict_behind(line)
        except KeyError:  # it takes back what is in no log here
            self._verdicts.add(line)
            return
        subject = subject_of(behind)
        before = self._verdicts.on(subject)
        self._verdicts.add(line)
        after = self._verdicts.on(subject)
        if before != after:
            self.changed(before, after)

    def _still_counts(self, line: Line) -> bool:
        return isinstance(line, TakeBack) or self._verdicts.counts(line)

    def _log(self, path: Path) -> VerdictLog:
        if path not in self._open:
            self._open[path] = VerdictLog(path, self._latest)
        return self._open[path]

    def _log_path(self, line: Line) -> Path:
        return self._logs.of(*self._verdicts.verdict_behind(line).names)


def _ignore(_before: AnyVerdict | None, _after: AnyVerdict | None) -> None:
    """Until the owner sets `changed`."""
