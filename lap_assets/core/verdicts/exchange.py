"""Verdicts as one file, to carry between machines. Either way can be repeated: nothing is added twice."""

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
    """How many lines were new, how many were there already, and what could not be taken in."""

    added: int
    known: int
    problems: tuple[Problem, ...]


def export_verdicts(paths: Iterable[Path], to: Path) -> tuple[int, tuple[Problem, ...]]:
    """Writes every distinct line of several logs into one file, in order of time.

    Returns:
        The number of lines, and what in the logs could not be read.
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
    """Appends the lines of `file` to the logs `<k>.jsonl` in `into_folder`, each to the log of its posters.

    A take-back goes where the line is that it takes back; if that is nowhere yet, it is reported and left out, and
    importing again after the other file takes it in.

    Raises:
        FileError: `file` does not exist, or is not a file.
    """
    if not file.exists():
        raise FileError(f"{file}: there is no such file of verdicts")
    entries, faults = read_lines(file)
    problems = list(faults)
    known: set[str] = set()
    places: dict[str, str] = {}
    for log in sorted(into_folder.glob("*.jsonl")):
        for entry in read_lines(log)[0]:
            known.add(entry.text)
            places[entry.line.id] = log.stem
    new = [entry for entry in {entry.text: entry for entry in entries}.values() if entry.text not in known]
    _place(new, places)
    by_log: dict[str, list[str]] = defaultdict(list)
    for entry in new:
        place = places.get(entry.line.id)
        if place is None:
            problems.append(Problem(file, entry.number, "takes back a line that is not here, left out"))
        else:
            by_log[place].append(entry.text)
    for place, texts in sorted(by_log.items()):
        append_lines(into_folder / f"{place}.jsonl", texts)
    added = sum(len(texts) for texts in by_log.values())
    return ImportReport(added, len({entry.text for entry in entries} & known), tuple(problems))


def _place(entries: list[Entry], places: dict[str, str]) -> None:
    """Finds each line's log; take-backs of take-backs follow theirs."""
    waiting = []
    for entry in entries:
        if isinstance(entry.line, TakeBack):
            waiting.append(entry.line)
        else:
            places.setdefault(entry.line.id, partition_of(*entry.line.names))
    found = True
    while found:
        found, following = False, []
        for line in waiting:
            if line.takes_back in places:
                places.setdefault(line.id, places[line.takes_back])
                found = True
            else:
                following.append(line)
        waiting = following
