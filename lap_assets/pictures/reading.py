"""Reading the bytes of pictures' files within the limits, for the gate, the only module that opens pictures."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lap_assets.core.errors import FileError, PictureError
from lap_assets.core.picture_limits import DEFAULT_LIMITS, SETTINGS, Limits
from lap_assets.core.reading import open_regular

Source = Path | bytes


def path_of(source: Source) -> Path | None:
    """Return the source's path for errors; None for bytes."""
    return source if isinstance(source, Path) else None


def read_bytes(source: Source, limits: Limits = DEFAULT_LIMITS, path: Path | None = None) -> bytes:
    """Return a file's content, if it is neither empty nor over the limit of bytes. The picture is not checked.

    Raises:
        PictureError: missing, unreadable, empty, or over the limit.
    """
    if isinstance(source, bytes):
        _check_size(len(source), limits, path)
        return source
    path = path or source
    with _reported(path), open_regular(source) as stream:
        _check_size(os.fstat(stream.fileno()).st_size, limits, path)
        return stream.read()


@contextmanager
def open_stream(source: Source, limits: Limits, path: Path | None) -> Iterator[IO[bytes]]:
    """Open the file, if it is neither empty nor over the limit of bytes.

    Raises:
        PictureError: as in `read_bytes`.
    """
    with _reported(path):
        stream: IO[bytes] = io.BytesIO(source) if isinstance(source, bytes) else io.BufferedReader(open_regular(source))
    with stream:
        _check_size(len(source) if isinstance(source, bytes) else os.fstat(stream.fileno()).st_size, limits, path)
        yield stream


def refuse_above(most: int, count: int, what: str, path: Path | None) -> None:
    """Reject a picture with more `what` than the settings allow.

    Raises:
        PictureError: `count` is above `most`.
    """
    if count > most:
        raise PictureError(f"has {count:,} {what}, more than the {most:,} that {SETTINGS[what]} allows", path)


@contextmanager
def _reported(path: Path | None) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        is_link = path is not None and path.is_symlink()
        raise PictureError(str(error.strerror) if is_link else "the file is missing", path) from error
    except PictureError:
        raise
    except FileError as error:  # a folder, a FIFO, a device
        raise PictureError(str(error).removeprefix(f"{path}: "), path) from error
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror or error})", path) from error


def _check_size(size: int, limits: Limits, path: Path | None) -> None:
    if not size:
        raise PictureError("is empty", path)
    refuse_above(limits.bytes, size, "bytes", path)
