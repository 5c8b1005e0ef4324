"""Verdict logs: append-only files of what people decided, how they are merged, and their conflicts.

What a line holds is in `lines`, which lines are active in `active`, moving verdicts between machines in `exchange`,
and what verdicts mean for posters in `index`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from lap_assets.core.errors import VerdictLineError
from lap_assets.core.plain_text import check_label
from lap_assets.core.verdicts.active import ActiveVerdicts, time_order
from lap_assets.core.verdicts.exchange import ImportReport, export_verdicts, import_verdicts
from lap_assets.core.verdicts.files import Problem, append_lines, read_lines
from lap_assets.core.verdicts.line_json import to_json
from lap_assets.core.verdicts.lines import (
    DECIDING,
    Line,
    Mark,
    Measure,
    PairVerdict,
    TakeBack,
    Tool,
    Verdict,
    partition_of,
)
from lap_assets.core.verdicts.outcomes import disagree

__all__ = [
    "Conflict",
    "ImportReport",
    "Line",
    "Mark",
    "Measure",
    "PairVerdict",
    "Problem",
    "TakeBack",
    "Tool",
    "Verdict",
    "VerdictLineError",
    "VerdictLog",
    "VerdictSet",
    "conflicts",
    "export_verdicts",
    "import_verdicts",
    "log_path",
    "partition_of",
    "read_verdicts",
]


def log_path(folder: Path, *names: str) -> Path:
    """The log in `folder` that a verdict about these posters belongs to."""
    return folder / f"{partition_of(*names)}.jsonl"


class VerdictLog:
    """One log file that verdicts are appended to. What `append` returned from is on the disk."""

    def __init__(self, path: Path, latest: datetime | None = None) -> None:
        """`latest`: the time of its last line, or a later one, where that is known; else the log is read."""
        self.path = path
        self._latest = latest or max((entry.line.moment for entry in read_lines(path)[0]), default=None)

    def append(self, line: Line) -> Line:
        """Writes one line and waits until it is on the disk.

        Its time is moved on by a microsecond where the clock has not moved (or was set back) since the line before,
        so that the order within a log is the order of its times.

        Returns:
            The line as written.

        Raises:
            InputError: the reviewer's name holds what cannot be printed.
            OSError: it could not be written; a part of it may stay behind, which reading reports and sets aside.
        """
        check_label(line.reviewer, "the reviewer's name")
        return self.append_all([line])[0]

    def append_all(self, lines: Sequence[Line]) -> list[Line]:
        """Writes several lines at once, as `append` writes one.

        Returns:
            The lines as written.

        Raises:
            OSError: as `append`; a part of the lines may be written then.
        """
        written: list[Line] = []
        latest = self._latest
        for line in lines:
            moved = replace(line, time=_after(latest)) if latest is not None and line.moment <= latest else line
            latest = moved.moment
            written.append(moved)
        append_lines(self.path, [to_json(line) for line in written])
        self._latest = latest
        return written


@dataclass(frozen=True, slots=True)
class VerdictSet:
    """Several logs as one.

    `lines` are all distinct lines in order of time. `active` are those verdicts and marks that were neither taken
    back nor replaced by a later one of the same reviewer about the same pair. `problems` are the lines that could not
    be read, and what else is odd.
    """

    lines: tuple[Line, ...]
    active: tuple[PairVerdict | Mark, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Active verdicts that decide the same pair differently. The pair counts as undecided."""

    verdicts: tuple[PairVerdict, ...]

    def __str__(self) -> str:
        first = self.verdicts[0]
        decisions = "; ".join(
            f"{v.reviewer}: {v.verdict}" + (f" (removes {v.removed})" if v.removed else "") for v in self.verdicts
        )
        return f"{first.first} and {first.second}: {decisions}"


def read_verdicts(paths: Iterable[Path]) -> VerdictSet:
    """Reads logs and merges them: neither their order nor a line that occurs twice makes a difference.

    A file that does not exist is an empty one. A last line that was cut short, and any line that is not a verdict, is
    reported in `problems`; the others count.
    """
    problems: list[Problem] = []
    by_id: dict[str, list[Line]] = defaultdict(list)
    for path in sorted(set(paths)):
        entries, faults = read_lines(path)
        problems.extend(faults)
        for entry in entries:
            known = by_id[entry.line.id]
            if known and entry.line not in known:
                problems.append(Problem(path, entry.number, f"another line has the id {entry.line.id} too"))
            known.append(entry.line)
    lines = sorted((min(same, key=to_json) if len(same) > 1 else same[0] for same in by_id.values()), key=time_order)
    active = ActiveVerdicts(lines)
    problems.extend(Problem(None, 0, what) for what in active.odd_take_backs())
    return VerdictSet(tuple(lines), active.all(), tuple(problems))


def conflicts(verdicts: VerdictSet) -> list[Conflict]:
    """The pairs that active verdicts decide in more than one way ("skip" and "unsure" decide nothing)."""
    by_pair: dict[object, list[PairVerdict]] = defaultdict(list)
    for verdict in verdicts.active:
        if isinstance(verdict, PairVerdict) and verdict.verdict in DECIDING:
            by_pair[verdict.key].append(verdict)
    return [Conflict(tuple(given)) for given in by_pair.values() if disagree(given)]


def _after(moment: datetime) -> str:
    return (moment + timedelta(microseconds=1)).isoformat(timespec="microseconds")
