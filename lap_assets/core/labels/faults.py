"""Faults in label files: each is named by file and line, and all of a file are reported together.

Functions that parse a single value raise InputError (BoxInvalid, NameInvalid, …) without a position; `Faults` adds the
position and collects faults while reading continues. Any other error is a bug and shows its traceback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError, LabelFileError, PictureError
from lap_assets.core.reading import file_if_there, read_text

_MOST: Final = 10_000
"""The number of faults that are reported one by one."""


@dataclass(frozen=True, slots=True)
class LabelFault:
    """A fault in a line of a file.

    `name`: the line's image, if known. `unread`: the line's boxes are unknown, and the line is not changed.
    """

    path: Path
    line: int
    problem: str
    name: str | None = None
    unread: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


class Faults:
    """Collects faults while a file is read. `lines`: one line per fault, `file:line: what is wrong`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: str, problem: object) -> None:
        """Add a fault. `where`: the file, followed by a colon and the line, row or annotation, if there is one."""
        if len(self.lines) < _MOST:
            self.lines.append(f"{where}: {problem}")
        elif len(self.lines) == _MOST:
            self.lines.append(f"{where}: and more faults; the first {_MOST:,} are listed")

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Add the faults that the block raises, and continue after it."""
        try:
            yield
        except LabelFileError as error:  # its message has the position
            self.lines += error.faults
        except (InputError, PictureError) as error:
            self.add(where, error)

    def raise_any(self) -> None:
        """Raise the collected faults, if there are any.

        Raises:
            LabelFileError: it holds all faults.
        """
        if self.lines:
            raise LabelFileError(self.lines)


def text_of(path: Path) -> str:
    """Return a label file's text: UTF-8 with or without a byte order mark, any line ends.

    Raises:
        LabelFileError: it is not UTF-8 (the line is named), not a file, too large, or missing.
    """
    try:
        return read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError as error:
        link = f" ({error.strerror})" if path.is_symlink() else ""
        raise LabelFileError(f"{path}: there is no such file{link}") from None
    except FileError as error:
        raise LabelFileError(str(error)) from None


def content_of(path: Path) -> bytes:
    """Return a label file's bytes; empty if there is no such file.

    Raises:
        LabelFileError: it is not a file, too large, or a broken link.
    """
    try:
        return file_if_there(path) or b""
    except FileError as error:
        raise LabelFileError(str(error)) from None
