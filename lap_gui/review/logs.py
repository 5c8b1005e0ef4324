"""The verdict log of each line: one file, or the logs of a home's subfolders. Standard library only."""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.core.plain_text import check_label, printable
from lap_assets.core.verdicts.files import Problem, read_new_lines
from lap_assets.core.verdicts.lines import Line
from lap_assets.core.verdicts.log import log_path, read_logs
from lap_gui.review.poster_files import home_around, home_of


@dataclass(frozen=True, slots=True)
class Logs:
    """The location of verdicts: a file, or a folder with `<k>.jsonl` for each subfolder."""

    path: Path
    is_folder: bool = False

    def of(self, *names: str) -> Path:
        """Return the log for a verdict on these posters."""
        return log_path(self.path, *names) if self.is_folder else self.path

    def read(self) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
        """Return all lines so far in order of time, and the problems of the logs."""
        return read_logs(self.paths())

    def paths(self) -> list[Path]:
        """Return the logs that exist now."""
        return sorted(self.path.glob("*.jsonl")) if self.is_folder else [self.path]

    def sizes(self) -> dict[Path, int]:
        """Return the logs that exist now, with their sizes in bytes."""
        return {path: path.stat().st_size for path in self.paths() if path.exists()}

    def beside(self, name: str) -> Path:
        """Return the path of a companion file of the logs."""
        return self.path / name if self.is_folder else self.path.with_name(f"{self.path.stem}.{name}")


class LogTail:
    """Reads lines that are written to logs from now on."""

    def __init__(self, logs: Logs) -> None:
        self._logs, self._read_to = logs, logs.sizes()

    def read(self) -> tuple[list[Line], OSError | None]:
        """Return the lines new since the last call, and the error that kept a log from being read, if any."""
        new: list[Line] = []
        failed: OSError | None = None
        for path, size in self._logs.sizes().items():
            start = self._read_to.get(path, 0)
            if size > start:
                try:
                    lines, self._read_to[path] = read_new_lines(path, start)
                    new += lines
                except OSError as error:
                    failed = error
        return new, failed


def logs_at(path: Path) -> Logs:
    """Return the logs at a path that the user gave: a folder if one exists there, otherwise a file.

    Raises:
        InputError: the parent folder does not exist.
    """
    if not path.absolute().parent.is_dir():
        raise InputError(f"--verdicts {path}: there is no folder {path.absolute().parent}")
    return Logs(path, path.is_dir())


def logs_for_list(list_path: Path) -> Logs:
    """Return the default logs for a list: those of its home, otherwise a file beside it."""
    home = home_of(list_path)
    if home is None:
        return Logs(list_path.with_name(f"{list_path.stem}.verdicts.jsonl"))
    return Logs(home / "review" / "verdicts", is_folder=True)


def logs_for_folder(folder: Path) -> Logs:
    """Return the default logs for marks in a folder: those of its home, otherwise a file in it."""
    home = home_around(folder)
    if home is None:
        return Logs(folder / "marks.verdicts.jsonl")
    return Logs(home / "review" / "verdicts", is_folder=True)


def reviewer_name(given: str | None) -> str:
    """Return the name for verdicts: the given one, otherwise the login name.

    Raises:
        InputError: there is neither, or the given one contains unprintable characters.
    """
    if given is not None and given.strip():
        return check_label(given, "--reviewer")
    try:
        return check_label(getpass.getuser(), "the login name")
    except (OSError, KeyError, ImportError):
        raise InputError("the login name is unknown: name the reviewer with --reviewer NAME") from None


def by_reviewer(names: Iterable[str]) -> str:
    """Return reviewers' names for a sentence, sorted and separated by commas."""
    return ", ".join(sorted(map(printable, set(names))))
