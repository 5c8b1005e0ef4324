"""Which verdict log a line goes to: one file, or the logs of a home's subfolders. Standard library alone."""

import getpass
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.core.plain_text import check_label, printable
from lap_assets.core.verdicts.files import read_new_lines
from lap_assets.core.verdicts.lines import Line
from lap_assets.core.verdicts.log import VerdictSet, log_path, read_verdicts
from lap_gui.review.poster_files import home_around, home_of


@dataclass(frozen=True, slots=True)
class Logs:
    """Where verdicts are: a file, or a folder that holds `<k>.jsonl` for each subfolder."""

    place: Path
    is_folder: bool = False

    def of(self, *names: str) -> Path:
        """The log that a verdict on these posters belongs to."""
        return log_path(self.place, *names) if self.is_folder else self.place

    def read(self) -> VerdictSet:
        """All verdicts so far."""
        return read_verdicts(self.paths())

    def paths(self) -> list[Path]:
        """The logs that there are now."""
        return sorted(self.place.glob("*.jsonl")) if self.is_folder else [self.place]

    def sizes(self) -> dict[Path, int]:
        """The logs that there are now, and how many bytes each has."""
        return {path: path.stat().st_size for path in self.paths() if path.exists()}

    def beside(self, name: str) -> Path:
        """A file that goes with the logs."""
        return self.place / name if self.is_folder else self.place.with_name(f"{self.place.stem}.{name}")


class LogTail:
    """What is written into logs from now on."""

    def __init__(self, logs: Logs) -> None:
        self._logs, self._read_to = logs, logs.sizes()

    def read(self) -> tuple[list[Line], OSError | None]:
        """The lines that are new since the last call, and what kept a log from being read."""
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


def logs_at(place: Path) -> Logs:
    """The logs at a path that the user gave: a folder if one exists there, else a file.

    Raises:
        InputError: the folder that it should lie in does not exist.
    """
    if not place.absolute().parent.is_dir():
        raise InputError(f"--verdicts {place}: there is no folder {place.absolute().parent}")
    return Logs(place, place.is_dir())


def logs_for_list(list_path: Path) -> Logs:
    """Where verdicts on a list go by default: its home's logs, else a file beside it."""
    home = home_of(list_path)
    if home is None:
        return Logs(list_path.with_name(f"{list_path.stem}.verdicts.jsonl"))
    return Logs(home / "review" / "verdicts", is_folder=True)


def logs_for_folder(folder: Path) -> Logs:
    """Where marks on the pictures of a folder go: its home's logs, else a file in it."""
    home = home_around(folder)
    if home is None:
        return Logs(folder / "marks.verdicts.jsonl")
    return Logs(home / "review" / "verdicts", is_folder=True)


def reviewer_name(given: str | None) -> str:
    """The name that verdicts carry: the given one, else the login name.

    Raises:
        InputError: there is neither, or the given one cannot be printed.
    """
    if given is not None and given.strip():
        return check_label(given, "--reviewer")
    try:
        return check_label(getpass.getuser(), "the login name")
    except (OSError, KeyError, ImportError):
        raise InputError("the login name is unknown: name the reviewer with --reviewer NAME") from None


def by_reviewer(names: Iterable[str]) -> str:
    """Names for a sentence."""
    return ", ".join(sorted(map(printable, set(names))))
