"""The active lines of a verdict log: neither taken back, nor replaced by the same reviewer's later verdict.

This rule is defined only here, for whole logs and for tools that add line by line. The meaning of active verdicts for
posters is in `index`.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from lap_assets.core.verdicts.lines import AnyVerdict, Line, TakeBack

Subject = tuple[str, str, object]
"""A reviewer, the kind of verdict, and the content judged. Of all verdicts with the same subject the latest is
active."""


def subject_of(verdict: AnyVerdict) -> Subject:
    """Return the subject of a verdict."""
    return (verdict.reviewer, type(verdict).__name__, verdict.key)


def time_order(line: Line) -> tuple[datetime, str]:
    """Return a sort key by time; ids break ties."""
    return line.moment, line.id


class ActiveVerdicts:
    """The lines of a log, and which of them are active.

    A line counts unless a take-back that counts takes it back. So a take-back of a missing line, and take-backs that
    form a circle, have no effect.
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._lines: dict[str, Line] = {}
        self._take_backs: defaultdict[str, list[str]] = defaultdict(list)
        self._subjects: defaultdict[Subject, list[tuple[datetime, str]]] = defaultdict(list)
        for line in lines:
            self.add(line)

    def add(self, line: Line) -> None:
        """Add a line; the order of calls does not matter."""
        self._lines[line.id] = line
        if isinstance(line, TakeBack):
            self._take_backs[line.takes_back].append(line.id)
        else:
            insort(self._subjects[subject_of(line)], time_order(line))

    def has(self, line: Line) -> bool:
        """Return whether this line was added."""
        return line.id in self._lines

    def counts(self, verdict: AnyVerdict) -> bool:
        """Return whether a verdict counts, that is, has not been taken back."""
        if verdict.id not in self._take_backs:
            return True
        chain = [verdict.id]
        for one in chain:  # grows during the loop: the take-backs, their take-backs, and so on
            chain.extend(self._take_backs.get(one, ()))
        void: set[str] = set()
        for one in reversed(chain):
            if any(taker not in void for taker in self._take_backs.get(one, ())):
                void.add(one)
        return verdict.id not in void

    def on(self, subject: Subject) -> AnyVerdict | None:
        """Return the active verdict on a subject, or None."""
        return self._latest(self._subjects.get(subject, ()))

    def all(self) -> tuple[AnyVerdict, ...]:
        """Return every active verdict, in order of time."""
        found = map(self._latest, self._subjects.values())
        return tuple(sorted([one for one in found if one is not None], key=time_order))

    def _latest(self, times: Sequence[tuple[datetime, str]]) -> AnyVerdict | None:
        """Return the latest of one subject's verdicts that counts."""
        for _, one in reversed(times):
            line = self._lines[one]
            if not isinstance(line, TakeBack) and self.counts(line):
                return line
        return None

    def verdict_behind(self, line: Line) -> AnyVerdict:
        """Return the line itself if it is a verdict, else the verdict at the end of its chain of take-backs.

        Raises:
            KeyError: the chain ends at a missing line.
        """
        while isinstance(line, TakeBack):
            line = self._lines[line.takes_back]
        return line

    def odd_take_backs(self) -> list[str]:
        """Return a line for each take-back without effect, with the reason."""
        targets = {one.id: one.takes_back for one in self._lines.values() if isinstance(one, TakeBack)}
        problems = [
            f"take-back {one}: there is no line {target} (is it in another log?)"
            for one, target in targets.items()
            if target not in self._lines
        ]
        circular = _on_circles(targets)
        return problems + [f"take-back {one} takes itself back through others; it is ignored" for one in circular]


def _on_circles(targets: dict[str, str]) -> list[str]:
    """Return the ids from which following `targets` leads back to the id itself, sorted."""
    found: set[str] = set()
    done: set[str] = set()
    for start in targets:
        path: dict[str, None] = {}
        at = start
        while at in targets and at not in done and at not in path:
            path[at] = None
            at = targets[at]
        if at in path:
            walked = list(path)
            found.update(walked[walked.index(at) :])
        done.update(path)
    return sorted(found)
