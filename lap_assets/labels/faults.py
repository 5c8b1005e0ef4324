"""What is wrong with label files, each fault named by file and line: all of them together, never only the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lap_assets.core.errors import LabelFileError

_SHOWN = 20
ODD = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)
"""What reading complains with where a file holds something else than it should."""


class Faults:
    """Gathers faults while a file is read."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, where: str, said: object) -> None:
        """Notes a fault. `where`: the file, with a colon and the line where there is one."""
        self.lines.append(f"{where}: {said}")

    @contextmanager
    def noting(self, where: str) -> Iterator[None]:
        """Notes what a block complains of, and goes on."""
        try:
            yield
        except LabelFileError as bad:
            self.lines += bad.faults
        except KeyError as error:
            self.add(where, f"{error.args[0]} is missing")
        except ODD as error:
            self.add(where, error)

    def complain(self) -> None:
        """Passes where nothing was noted.

        Raises:
            LabelFileError: all that was.
        """
        if self.lines:
            raise LabelFileError(self.lines)


def text_of(path: Path) -> str:
    """A label file's text: UTF-8 with or without a mark, any line ends.

    Raises:
        LabelFileError: it is not UTF-8; the line is named.
    """
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LabelFileError([f"{path}:{line}: not UTF-8 (byte {data[error.start]:#04x})"]) from None
