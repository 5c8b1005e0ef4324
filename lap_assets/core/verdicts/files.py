"""Reading and appending lines of verdict log files: torn ends, invalid lines, durability."""

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from lap_assets.core.errors import VerdictLineError
from lap_assets.core.reading import file_if_there
from lap_assets.core.verdicts.line_json import from_json
from lap_assets.core.verdicts.lines import Line

_SHOWN: Final = 300


class Entry(NamedTuple):
    """A valid line of a log: its number, its text, and its parsed content."""

    number: int
    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the logs that is ignored. `torn`: a crash cut the last line short."""

    path: Path | None
    number: int
    what: str
    torn: bool = False

    def __str__(self) -> str:
        return self.what if self.path is None else f"{self.path}:{self.number}: {self.what}"


def read_lines(path: Path) -> tuple[list[Entry], list[Problem]]:
    """Return the valid lines of a log, and problems for the others. A file that does not exist has no lines.

    A byte order mark at the start of any line is ignored, since logs of several machines may be concatenated.

    Raises:
        FileError: it is not a file, too large, or a broken link.
    """
    data = file_if_there(path)
    if data is None:
        return [], []
    entries: list[Entry] = []
    problems: list[Problem] = []
    pieces = data.split(b"\n")
    for number, piece in enumerate(pieces, start=1):
        if not piece.strip():
            continue
        try:
            text = _text_of(piece)
            entries.append(Entry(number, text, from_json(text)))
        except (UnicodeDecodeError, VerdictLineError) as error:
            torn = number == len(pieces)
            why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)[:_SHOWN]
            what = "the last line was cut short; it is ignored" if torn else f"not a verdict, left out: {why}"
            problems.append(Problem(path, number, what, torn=torn))
    return entries, problems


def read_new_lines(path: Path, start: int) -> tuple[list[Line], int]:
    """Return the lines after the first `start` bytes of a log, and the `start` of the next call.

    Only complete lines count; invalid ones are skipped (`read_lines` reports them).
    """
    try:
        with path.open("rb") as log:
            log.seek(start)
            data = log.read()
    except FileNotFoundError:
        return [], start
    whole, _, _ = data.rpartition(b"\n")
    found = []
    for piece in whole.split(b"\n"):
        with contextlib.suppress(UnicodeDecodeError, VerdictLineError):
            if piece.strip():
                found.append(from_json(_text_of(piece)))
    return found, start + (len(whole) + 1 if whole else 0)


def _text_of(piece: bytes) -> str:
    return piece.decode().strip().removeprefix("\ufeff")


def append_lines(path: Path, texts: Sequence[str]) -> None:
    """Append lines in one write and wait until they are on the disk. A torn last line is terminated first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists()
    with path.open("ab", buffering=0) as log:
        data = "".join(f"{text}\n" for text in texts).encode()
        if not fresh and _ends_torn(path):
            data = b"\n" + data
        _write_all(log.fileno(), data)
        os.fsync(log.fileno())
    if fresh and os.name == "posix":
        _sync_folder(path.parent)


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as log:
        if log.seek(0, os.SEEK_END) == 0:
            return False
        log.seek(-1, os.SEEK_END)
        return log.read(1) != b"\n"


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file durable as well."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
