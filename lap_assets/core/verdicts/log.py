"""Verdict logs: append-only files of people's decisions, merging them, and their conflicts.

The content of a line is in `lines`, the rule for active lines in `active`, moving verdicts between machines in
`exchange`, and the meaning of verdicts for posters in `index`.
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
    """Return the log in `folder` for verdicts on these posters."""
    return folder / f"{partition_of(*names)}.jsonl"


class VerdictLog:
    """A log file to append to. When `append` returns, the line is on the disk."""

    def __init__(self, path: Path, latest: datetime | None = None) -> None:
        """`latest`: the time of the last line, or later, if known; otherwise the log is read."""
        self.path = path
        self._latest = latest or max((entry.line.moment for entry in read_lines(path)[0]), default=None)

    def append(self, line: Line) -> Line:
        """Write one line and wait until it is on the disk.

        If the clock has not advanced since the previous line (or was set back), the line's time is set a microsecond
        after it, so that lines of a log are in order of time.

        Returns:
            The line as written.

        Raises:
            InputError: the reviewer's name has unprintable characters.
            OSError: the line could not be written; a part of it may remain, which reading reports and skips.
        """
        check_label(line.reviewer, "the reviewer's name")
        return self.append_all([line])[0]

    def append_all(self, lines: Sequence[Line]) -> list[Line]:
        """Write several lines at once, as `append` writes one.

        Returns:
            The lines as written.

        Raises:
            OSError: as `append`; some of the lines may have been written.
        """
        written: list[Line] = []
        latest = self._latest
        for line in lines:
            later = replace(line, time=_after(latest)) if latest is not None and line.moment <= latest else line
            latest = later.moment
            written.append(later)
        append_lines(self.path, [to_json(line) for line in written])
        self._latest = latest
        return written


@dataclass(frozen=True, slots=True)
class VerdictSet:
    """Several merged logs.

    `lines`: all distinct lines in order of time. `active`: the verdicts and marks that were neither taken back nor
    replaced by the same reviewer's later one on the same pair. `problems`: unreadable lines, and other oddities.
    """

    lines: tuple[Line, ...]
    active: tuple[PairVerdict | Mark, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Active verdicts that decide one pair differently. The pair counts as undecided."""

    verdicts: tuple[PairVerdict, ...]

    def __str__(self) -> str:
        first = self.verdicts[0]
        decisions = "; ".join(
            f"{v.reviewer}: {v.verdict}" + (f" (removes {v.removed})" if v.removed else "") for v in self.verdicts
        )
        return f"{first.first} and {first.second}: {decisions}"


def read_logs(paths: Iterable[Path]) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Read and merge logs; neither their order nor duplicate lines matter.

    A missing file counts as empty.

    Returns:
        All distinct lines in order of time, and the problems: a torn last line and invalid lines, which do not count,
        and different lines with the same id, of which one counts.
    """
    lines: dict[str, Line] = {}
    twins: defaultdict[str, list[Line]] = defaultdict(list)
    problems: list[Problem] = []
    for path in sorted(set(paths)):
        entries, faults = read_lines(path)
        problems.extend(faults)
        for entry in entries:
            line = lines.setdefault(entry.line.id, entry.line)
            if line is not entry.line and line != entry.line:
                if entry.line not in twins[line.id]:
                    problems.append(Problem(path, entry.number, f"another line also has the id {line.id}"))
                twins[line.id].append(entry.line)
    lines |= {line_id: min([lines[line_id], *others], key=to_json) for line_id, others in twins.items()}
    return tuple(sorted(lines.values(), key=time_order)), tuple(problems)


def read_verdicts(paths: Iterable[Path]) -> VerdictSet:
    """Read and merge logs, as `read_logs`, and determine the active verdicts."""
    lines, problems = read_logs(paths)
    active = ActiveVerdicts(lines)
    return VerdictSet(lines, active.all(), (*problems, *take_back_problems(active)))


def take_back_problems(active: ActiveVerdicts) -> list[Problem]:
    """Return a problem for each take-back without effect."""
    return [Problem(None, 0, what) for what in active.odd_take_backs()]


def conflicts(verdicts: VerdictSet) -> list[Conflict]:
    """Return the pairs that active verdicts decide differently ("skip" and "unsure" decide nothing)."""
    by_pair: dict[object, list[PairVerdict]] = defaultdict(list)
    for verdict in verdicts.active:
        if isinstance(verdict, PairVerdict) and verdict.verdict in DECIDING:
            by_pair[verdict.key].append(verdict)
    return [Conflict(tuple(given)) for given in by_pair.values() if disagree(given)]


def _after(moment: datetime) -> str:
    return (moment + timedelta(microseconds=1)).isoformat(timespec="microseconds")
