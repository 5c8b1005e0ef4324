"""SQLite files of a home: integrity checks, and errors that name the file. Schemas are elsewhere."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, StateError
from lap_assets.core.reading import open_regular

_MAGIC: Final = b"SQLite format 3\0"
_NO_ROOM: Final = 1 << 20  # bytes
_HEADER: Final = 100  # bytes (sqlite.org/fileformat2.html, section 1.3)
_PATIENCE: Final = 60.0  # seconds to wait for a run's short transactions
_REPAIR: Final = "`lap verify --repair` sets it aside and rebuilds what it can"
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_ELSEWHERE: Final = {
    sqlite3.SQLITE_BUSY: "is locked by another program; wait for it to end, or stop it",
    sqlite3.SQLITE_LOCKED: "is locked by another program; wait for it to end, or stop it",
    sqlite3.SQLITE_FULL: "cannot grow: its disk is full; make room and run the command again",
    sqlite3.SQLITE_READONLY: "cannot be written; check its permissions",
    sqlite3.SQLITE_PERM: "cannot be opened; check its permissions",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; check its permissions and its disk",
    sqlite3.SQLITE_IOERR: "cannot be read or written; check its disk",
}


def quick_problem(path: Path, *, is_used: bool = False) -> str | None:
    """Return a database's problem, judged by its header and size; None if there is none. Its pages are not read.

    A missing database is no problem, nor is an empty one, unless `is_used`: it has held data already.
    """
    try:
        with open_regular(path) as opened:
            header, size = opened.read(_HEADER), opened.seek(0, 2)
    except FileNotFoundError:
        return None
    except FileError as error:
        return f"is {str(error).removeprefix(f'{path}: ')}"
    if not size:
        return "is empty" if is_used else None
    return _header_problem(path, header, size)


def _header_problem(path: Path, header: bytes, size: int) -> str | None:
    if not header.startswith(_MAGIC):
        return "is not a database"
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    is_counted = header[24:28] == header[92:96]  # else an old SQLite wrote last, and the page count is not valid
    journals = (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal"))
    if any(map(_size, journals)):
        return None  # the missing pages may be in the journal
    if len(header) < _HEADER or (is_counted and pages * (65536 if page == 1 else page) > size):
        return "is cut short"
    return None


def _size(path: Path) -> int:
    """Return the size in bytes; 0 if there is no file (SQLite removes journals at any time)."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def whole_problem(path: Path, *, is_used: bool = False) -> str | None:
    """Return a database's problem after reading every page; None if there is none.

    Raises:
        StateError: the database cannot be checked now, because it is locked or not readable; it may be intact.
    """
    if (problem := quick_problem(path, is_used=is_used)) or not _size(path):
        return problem
    # In a read-only folder SQLite cannot create its shared memory file; there the database does not change either.
    mode = "mode=ro" if os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", _PATIENCE, uri=True)) as database:
            (result,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if words := _words(error, path):
            raise StateError(f"{path} {words}") from None
        return f"is damaged ({error})"
    return None if result == "ok" else f"is damaged ({' '.join(str(result).split())})"


def damaged(path: Path, problem: str) -> StateError:
    """Return the error for a damaged database."""
    return StateError(f"{path} {problem}; {_REPAIR}")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about a file into one that names it; errors in statements are bugs and pass through.

    Raises:
        StateError: the file is damaged, locked, or cannot be used.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if (named := told_of(path, error)) is None:
            raise
        raise named from None


def told_of(path: Path, error: BaseException) -> StateError | None:
    """Return an error that names the file; None if the statement is at fault."""
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    if words := _words(error, path):
        return StateError(f"{path} {words}")
    code = _code(error)
    return damaged(path, f"is damaged ({error})") if code in _DAMAGED else None


def _words(error: sqlite3.DatabaseError, path: Path) -> str | None:
    code = _code(error)
    if code == sqlite3.SQLITE_IOERR and _is_full(path):  # a full disk is reported as an I/O error of the journal
        code = sqlite3.SQLITE_FULL
    return _ELSEWHERE.get(code)


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary result code


def state_error(error: BaseException, paths: Sequence[Path]) -> StateError | None:
    """Return an error that names one of the databases `paths` if SQLite caused `error`; else None."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, sqlite3.DatabaseError):
        wrapped = getattr(cause, "orig", None)  # of an error of SQLAlchemy
        cause = wrapped if isinstance(wrapped, BaseException) else cause.__cause__ or cause.__context__
    if cause is None:
        return None
    for path in paths:
        try:
            problem = whole_problem(path)
        except StateError as unchecked:
            return unchecked
        if problem:
            return damaged(path, problem)
    if not paths:
        return None
    words = _words(cause, paths[0])
    return StateError(f"a database below {paths[0].parent} {words}") if words else None
