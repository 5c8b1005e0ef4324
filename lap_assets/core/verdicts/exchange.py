"""Export and import of verdicts as one file, to move them between machines. Both are idempotent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core import files
from lap_assets.core.errors import FileError
from lap_assets.core.verdicts.files import Entry, Problem, append_lines, read_lines
from lap_assets.core.verdicts.lines import TakeBack, partition_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The numbers of new and of known lines, and the lines that could not be imported."""

    added: int
    known: int
    problems: tuple[Problem, ...]


def export_verdicts(paths: Iterable[Path], to: Path) -> tuple[int, tuple[Problem, ...]]:
    """Write every distinct line of several logs into one file, in order of time.

    Returns:
        The number of lines, and the unreadable lines of the logs.
    """
    lines: dict[str, Entry] = {}
    problems: list[Problem] = []
    for path in sorted(set(paths)):
        entries, faults = read_lines(path)
        problems.extend(faults)
        lines.update((entry.text, entry) for entry in entries)
    ordered = sorted(lines.values(), key=lambda entry: (entry.line.moment, entry.line.id, entry.text))
    files.write_text(to, "".join(f"{entry.text}\n" for entry in ordered))
    return len(ordered), tuple(problems)


def import_verdicts(file: Path, into_folder: Path) -> ImportReport:
    """Append the lines of `file` to the logs `<k>.jsonl` in `into_folder`, each to the log of its posters.

    A take-back goes into the log of the line that it takes back. If that line is missing, the take-back is reported and
    left out; importing `file` again after the missing line adds it.

    Raises:
        FileError: `file` does not exist, or is not a file.
    """
    if not file.exists():
        raise FileError(f"{file}: no such file of verdicts")
    entries, faults = read_lines(file)
    problems = list(faults)
    known: set[str] = set()
    log_of: dict[str, str] = {}
    for path in sorted(into_folder.glob("*.jsonl")):
        for entry in read_lines(path)[0]:
            known.add(entry.text)
            log_of[entry.line.id] = path.stem
    new = [entry for entry in {entry.text: entry for entry in entries}.values() if entry.text not in known]
    _assign_logs(new, log_of)
    by_log: dict[str, list[str]] = defaultdict(list)
    for entry in new:
        log = log_of.get(entry.line.id)
        if log is None:
            problems.append(Problem(file, entry.number, "takes back a line that is not here, left out"))
        else:
            by_log[log].append(entry.text)
    for log, texts in sorted(by_log.items()):
        append_lines(into_folder / f"{log}.jsonl", texts)
    added = sum(len(texts) for texts in by_log.values())
    return ImportReport(added, len({entry.text for entry in entries} & known), tuple(problems))


def _assign_logs(entries: list[Entry], log_of: dict[str, str]) -> None:
    """Add each line's log to `log_of`; a take-back follows the line that it takes back."""
    waiting = []
    for entry in entries:
        if isinstance(entry.line, TakeBack):
            waiting.append(entry.line)
        else:
            log_of.setdefault(entry.line.id, partition_of(*entry.line.names))
    found = True
    while found:
        found, following = False, []
        for line in waiting:
            if line.takes_back in log_of:
                log_of.setdefault(line.id, log_of[line.takes_back])
                found = True
            else:
                following.append(line)
        waiting = following
