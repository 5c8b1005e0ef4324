"""What is wrong with label files, each fault named by file and line: all of them together, never only the first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_SHOWN = 20


class BadLabels(ValueError):
    """Labels that cannot be used as they are. `faults`: a line each, `file:line: what is wrong`."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        super().__init__("; ".join(self.faults[:_SHOWN]) + more)


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
        except BadLabels as bad:
            self.lines += bad.faults
        except (ValueError, TypeError, KeyError) as error:
            said = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            self.add(where, said)

    def complain(self) -> None:
        """Passes where nothing was noted.

        Raises:
            BadLabels: all that was.
        """
        if self.lines:
            raise BadLabels(self.lines)


def text_of(path: Path) -> str:
    """A label file's text: UTF-8 with or without a mark, any line ends.

    Raises:
        BadLabels: it is not UTF-8; the line is named.
    """
    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadLabels([f"{path}:{line}: not UTF-8 (byte {data[error.start]:#04x})"]) from None
