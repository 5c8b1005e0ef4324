"""Reading whole files from outside: only regular files up to a size limit, and never blocking.

A FIFO, device, socket or folder instead of a file, and a file over the limit, are errors that name it. Callers
interpret the bytes; pictures have limits of their own (`pictures.reading`).
"""

import io
import os
import stat
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError

MAX_BYTES: Final = 512 * 2**20
"""The largest size of a list, log or label file."""
MAX_SMALL_BYTES: Final = 16 * 2**20
"""The largest size of a file of settings, positions or descriptions."""

_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_BOM: Final = b"\xef\xbb\xbf"


def open_regular(path: Path) -> io.FileIO:
    """Open a regular file for reading, unbuffered, without ever blocking on a FIFO.

    Raises:
        FileNotFoundError: the file does not exist, or the path is a broken link (its `strerror` says so).
        FileError: the path is not a regular file.
        OSError: it cannot be opened.
    """
    try:
        check_regular(path, path.stat().st_mode)
        descriptor = os.open(path, _FLAGS)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise FileNotFoundError(
                error.errno, f"a link to {path.readlink()}, which is not there", str(path)
            ) from None
        raise
    opened = io.FileIO(descriptor, "rb")
    try:
        check_regular(path, os.fstat(descriptor).st_mode)
    except FileError:
        opened.close()
        raise
    return opened


def check_regular(path: Path, mode: int) -> None:
    """Check that `mode` is that of a regular file.

    Raises:
        FileError: it is not; the message names the kind.
    """
    if not stat.S_ISREG(mode):
        kind = next((kind for is_kind, kind in _KINDS if is_kind(mode)), "something else")
        raise FileError(f"{path}: {kind}, not a file")


def read_file(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the whole content of a file.

    Raises:
        FileNotFoundError, OSError: as `open_regular`.
        FileError: it is not a regular file, or holds more than `most` bytes.
    """
    with open_regular(path) as opened:
        size = os.fstat(opened.fileno()).st_size
        if size > most:
            raise FileError(f"{path}: {size:,} bytes, more than the {most:,} that such a file may have")
        content = opened.read(size + 1) if size else opened.read(most + 1)
        while piece := opened.read(most + 1 - len(content)):  # a growing file, or a system file without a size
            content += piece
    if len(content) > most:
        raise FileError(f"{path}: more than the {most:,} bytes that such a file may have")
    return content


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """Return the whole text of a file: UTF-8, with or without a byte order mark; line ends unchanged.

    Raises:
        FileNotFoundError, OSError: as `open_regular`.
        FileError: as `read_file`, or it is not UTF-8 (the line is named).
    """
    return _decoded(path, read_file(path, most))


def file_if_there(path: Path, most: int = MAX_BYTES) -> bytes | None:
    """Return the content of a file, or None if it does not exist.

    Raises:
        FileError: as `read_file`, or the path is a broken link.
        OSError: as `open_regular`.
    """
    try:
        return read_file(path, most)
    except FileNotFoundError as error:
        if path.is_symlink():
            raise FileError(f"{path}: {error.strerror}") from None
        return None


def text_if_there(path: Path, most: int = MAX_BYTES) -> str | None:
    """Return the text of a file, or None if it does not exist.

    Raises:
        FileError, OSError: as `file_if_there` and `read_text`.
    """
    content = file_if_there(path, most)
    return None if content is None else _decoded(path, content)


def _decoded(path: Path, content: bytes) -> str:
    content = content.removeprefix(_BOM)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{path}:{line}: it is not UTF-8 (byte {content[error.start]:#04x}); save it as UTF-8"
        ) from None
