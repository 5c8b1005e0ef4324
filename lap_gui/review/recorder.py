"""Records verdicts, with undo and redo: each step is on the disk before it counts. No posters, no lists, no Tk.

Steps are lines of verdict logs. Undo takes a step back with a `TakeBack`; redo takes the `TakeBack` back. So nothing is
ever erased, and the active verdicts here are those that `read_verdicts` finds in the logs.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lap_assets.core.verdicts.active import ActiveVerdicts, Subject, subject_of, time_order
from lap_assets.core.verdicts.lines import AnyVerdict, Line, TakeBack
from lap_assets.core.verdicts.log import VerdictLog, take_back_problems
from lap_gui.review.logs import Logs, LogTail
from lap_gui.review.steps import Step, not_before, steps_of

Changed = Callable[[AnyVerdict | None, AnyVerdict | None], None]


class Recorder:
    """Everybody's active verdicts, and this reviewer's next ones.

    `active`: the verdicts that were active when it was opened. `problems`: the unreadable lines of the logs.
    `changed(before, after)` is called for each verdict that becomes active or stops being active.
    """

    def __init__(
        self, logs: Logs, reviewer: str, concerns: Callable[[AnyVerdict], bool], *, readonly: bool = False
    ) -> None:
        """Read the logs. Undo covers this reviewer's verdicts for which `concerns` is true.

        Raises:
            OSError: a log cannot be read.
        """
        self.reviewer, self.readonly = reviewer, readonly
        self.changed: Changed = _ignore
        self._logs = logs
        self._tail = LogTail(logs)
        lines, problems = logs.read()
        self._verdicts = ActiveVerdicts(lines)
        self.active, self.problems = self._verdicts.all(), (*problems, *take_back_problems(self._verdicts))
        self._open: dict[Path, VerdictLog] = {}
        mine = (line for line in lines if not isinstance(line, TakeBack) and line.reviewer == reviewer)
        self._done = steps_of(line for line in mine if self._verdicts.counts(line) and concerns(line))
        self._undone: list[Step] = []
        self._latest = lines[-1].moment if lines else None

    def record(self, verdict: AnyVerdict) -> None:
        """Write a verdict.

        Raises:
            OSError: it could not be written; then nothing has changed.
        """
        self.record_all([verdict])

    def record_all(self, verdicts: Sequence[AnyVerdict]) -> None:
        """Write several verdicts as one step.

        Raises:
            OSError: a log could not be written; verdicts in the other logs count, and can be undone.
        """
        written: list[Line] = []
        try:
            written.extend(self._write([(one, self._logs.of(*one.names)) for one in verdicts]))
        finally:
            if written:
                self._done.append(Step(tuple(written)))
                self._undone.clear()

    def catch_up(self) -> int:
        """Read what others have written since the last call. Returns the number of new lines.

        Raises:
            OSError: a log cannot be read; new lines in the others count.
        """
        lines, error = self._tail.read()
        new = sorted((line for line in lines if not self._verdicts.has(line)), key=time_order)
        for line in new:
            self._take_in(line)
        if error is not None:
            raise error
        return len(new)

    def take_back(self, verdict: AnyVerdict) -> None:
        """Take back an active verdict of any reviewer; this is a step that can be undone.

        Raises:
            OSError: as in `record`.
        """
        line = TakeBack(reviewer=self.reviewer, takes_back=verdict.id)
        self._done += [Step((written,)) for written in self._write([(line, self._logs.of(*verdict.names))])]
        self._undone.clear()

    def undo(self) -> AnyVerdict | None:
        """Take back the last step that still counts. Returns its verdict; None if there is no step.

        Raises:
            OSError: as in `record`.
        """
        with contextlib.suppress(OSError):  # an unreadable log does not prevent undo in the others
            self.catch_up()
        while self._done and not any(self._still_counts(line) for line in self._done[-1].lines):
            self._done.pop()  # taken back in the meantime, in another window or by somebody else
        if not self._done:
            return None
        step = self._done[-1]
        backs = [TakeBack(reviewer=self.reviewer, takes_back=line.id) for line in step.lines]
        list(self._write(list(zip(backs, map(self._log_path, step.lines), strict=True))))
        self._done.pop()
        self._undone.append(Step(step.lines, tuple(backs)))
        return self._verdicts.verdict_behind(step.lines[0])

    def redo(self) -> AnyVerdict | None:
        """Redo the step undone last. Returns its verdict; None if there is no step.

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
        """The number of steps that can be undone."""
        return len(self._done)

    @property
    def redoable(self) -> int:
        """The number of steps that can be redone."""
        return len(self._undone)

    def now_active(self) -> tuple[AnyVerdict, ...]:
        """Return all active verdicts in order of time."""
        return self._verdicts.all()

    def active_on(self, subject: Subject) -> AnyVerdict | None:
        """Return the active verdict on a subject; None if there is none."""
        return self._verdicts.on(subject)

    def _write(self, lines: Sequence[tuple[Line, Path]]) -> Iterator[Line]:
        """Write lines to their logs, log by log, and update the active verdicts; yields each line as written.

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
        """Apply a line to the active verdicts."""
        self._latest = line.moment if self._latest is None else max(self._latest, line.moment)
        try:
            behind = self._verdicts.verdict_behind(line)
        except KeyError:  # it takes back a verdict that is in none of these logs
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
    """Default of `changed` until the owner sets it."""
