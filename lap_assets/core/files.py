"""Writing files so that a crash at any moment leaves the old file or the new one. Nothing else belongs here."""

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
"""What a file system says that has no hard links between two places."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a path beside `path` to write to; it is renamed into place when the block ends well, else removed."""
    with _beside(path) as beside:
        yield beside
        with beside.open("r+b") as written:  # Windows syncs only what is open for writing
            os.fsync(written.fileno())
        beside.replace(path)


def write_bytes(path: Path, data: bytes) -> None:
    """Puts `data` at `path` in one step."""
    with replacing(path) as beside:
        beside.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Puts `text` (UTF-8, newlines as given) at `path` in one step."""
    write_bytes(path, text.encode())


def link_or_copy(source: Path, path: Path) -> None:
    """Puts `source` at `path` too: a hard link, or a copy where the file system has no links between the two.

    Raises: as `hard_link`.
    """
    with _beside(path) as beside:
        try:
            hard_link(source, beside)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            shutil.copyfile(source, beside)
        # Renaming one link of a file onto another link of it does nothing, and leaves both names.
        if path.exists() and path.samefile(beside):
            return
        beside.replace(path)


def write_new(path: Path, data: bytes) -> bool:
    """Puts `data` at `path` in one step where nothing lies yet; gives whether it did.

    Raises:
        OSError: it cannot be written, or the file system has no hard links.
    """
    with _beside(path) as beside:
        beside.write_bytes(data)
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
    return True


def hard_link(source: Path, path: Path) -> None:
    """Links the file behind `source`, never a symbolic link in its place, which may lead nowhere later.

    Raises:
        FileNotFoundError: there is none, or a link leads nowhere.
        FileError: something else has its name.
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
    """Gives a folder beside `path` to fill; it is renamed into place when the block ends well, else removed.

    Raises:
        FileExistsError: something lies at `path` already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(errno.EEXIST, "is there already; name another place", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    staged.mkdir()
    try:
        yield staged
        if path.exists():
            path.rmdir()  # an empty folder; Windows does not rename onto it
        staged.rename(path)
    finally:
        if staged.exists():
            shutil.rmtree(staged)


def sha256_of(path: Path) -> str:
    """Hex sha256 of a file's bytes.

    Raises:
        FileError: it is not a regular file.
        OSError: it is missing, or cannot be read.
    """
    with open_regular(path) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def is_leftover(path: Path) -> bool:
    """Whether `path` is what a killed writer left beside its place."""
    return path.name.startswith(".") and path.name.endswith(".part")
