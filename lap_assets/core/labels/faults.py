"""What is wrong with label files: every fault named by file and line, and all of them reported together.

What reads a single value raises InputError (BoxInvalid, NameInvalid, …), which does not know where it is; `Faults`
adds the place and collects faults while the file is read on. Any other error is a bug and shows its traceback.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError, LabelFileError, PictureError
from lap_assets.core.reading import file_if_there, read_text

_MOST: Final = 10_000
"""Faults that are told one by one."""


@dataclass(frozen=True, slots=True)
class LabelFault:
    """A line of a file that is wrong.

    `name`: the image that it is about, where that is known. `unread`: its boxes are not known, and the line stays as
    it is.
    """

    path: Path
    line: int
    problem: str
    name: str | None = None
    unread: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}"


class Faults:
    """Collects faults while a file is read. `lines`: one each, `file:line: what is wrong`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: str, problem: object) -> None:
        """Notes a fault. `where`: the file, with a colon and the line, row or annotation where there is one."""
        if len(self.lines) < _MOST:
            self.lines.append(f"{where}: {problem}")
        elif len(self.lines) == _MOST:
            self.lines.append(f"{where}: and more faults; the first {_MOST:,} are told")

    @contextmanager
    def at(self, where: str) -> Iterator[None]:
        """Notes the faults that a block raises, and goes on after it."""
        try:
            yield
        except LabelFileError as error:  # its message names the place
            self.lines += error.faults
        except (InputError, PictureError) as error:
            self.add(where, error)

    def raise_any(self) -> None:
        """Passes where nothing was noted.

        Raises:
            LabelFileError: everything that was.
        """
        if self.lines:
            raise LabelFileError(self.lines)


def text_of(path: Path) -> str:
    """A label file's text: UTF-8 with or without a byte order mark, any line ends.

    Raises:
        LabelFileError: it is not UTF-8 (the line is named), not a file, too large, or there is no such file.
    """
    try:
        return read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError as error:
        link = f" ({error.strerror})" if path.is_symlink() else ""
        raise LabelFileError(f"{path}: there is no such file{link}") from None
    except FileError as error:
        raise LabelFileError(str(error)) from None


def content_of(path: Path) -> bytes:
    """A label file's bytes; none where there is no such file.

    Raises:
        LabelFileError: it is not a file, too large, or a link that leads nowhere.
    """
    try:
        return file_if_there(path) or b""
    except FileError as error:
        raise LabelFileError(str(error)) from None
