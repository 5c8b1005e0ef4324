"""Atomic writing of files: a crash at any moment leaves the old file or the new one. Nothing else belongs here."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lap_assets.core.reading import check_regular, open_regular

NO_LINKS: Final = (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP)
"""Errors of a file system that has no hard links between two paths."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; it is renamed to `path` if the block succeeds, else removed."""
    with _beside(path) as beside:
        yield beside
        with beside.open("r+b") as written:  # Windows can sync only files opened for writing
            os.fsync(written.fileno())
        beside.replace(path)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path` atomically."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write `text` (UTF-8, newlines as given) to `path` atomically."""
    write_bytes(path, text.encode())


def link_or_copy(source: Path, path: Path) -> None:
    """Make `path` a hard link to `source`, or a copy if the file system has no links between the two.

    Raises: as `hard_link`.
    """
    with _beside(path) as beside:
        try:
            hard_link(source, beside)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            shutil.copyfile(source, beside)
        # Renaming a link onto another link to the same file does nothing and leaves both names.
        if path.exists() and path.samefile(beside):
            return
        beside.replace(path)


def write_new(path: Path, data: bytes) -> bool:
    """Write `data` to `path` atomically unless `path` exists; return whether it was written.

    Raises:
        OSError: the file cannot be written, or the file system has no hard links.
    """
    with _beside(path) as beside:
        beside.write_bytes(data)
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
    return True


def hard_link(source: Path, path: Path) -> None:
    """Hard-link the file at `source`; a symbolic link is resolved first, since it could break later.

    Raises:
        FileNotFoundError: the file does not exist, or `source` is a broken link.
        FileError: `source` is not a regular file.
        OSError: the file system has no links between the two.
    """
    resolved = source.resolve(strict=True)
    check_regular(source, resolved.stat().st_mode)
    os.link(resolved, path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def staged_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; it is renamed to `path` if the block succeeds, else removed.

    Raises:
        FileExistsError: `path` exists already and is not an empty folder.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, "exists already; name another path", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    staged.mkdir()
    try:
        yield staged
        if path.exists():
            path.rmdir()  # an empty folder, which Windows does not replace by renaming
        staged.rename(path)
    finally:
        if staged.exists():
            shutil.rmtree(staged)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal sha256 of a file's bytes.

    Raises:
        FileError: it is not a regular file.
        OSError: it is missing or unreadable.
    """
    with open_regular(path) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def is_leftover(path: Path) -> bool:
    """Return whether `path` is a temporary file left by a killed writer."""
    return path.name.startswith(".") and path.name.endswith(".part")
