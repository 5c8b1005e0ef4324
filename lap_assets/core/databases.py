"""SQLite files of a home: whether one is whole, and errors that name it. The standard library alone; no schema."""

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
_PATIENCE: Final = 60.0  # s for a run's short transactions
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
    """What is wrong with a database by its header and size, or None; its pages are not read.

    A missing one is fine, and an empty one that SQLite has still to fill; `is_used`: it held something already.
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
    is_counted = header[24:28] == header[92:96]  # else an old version of SQLite wrote last, and the count is not kept
    journals = (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal"))
    if any(map(_size, journals)):
        return None  # what is missing may be there
    if len(header) < _HEADER or (is_counted and pages * (65536 if page == 1 else page) > size):
        return "is cut short"
    return None


def _size(path: Path) -> int:
    """In bytes; 0 where there is no file, or no longer: SQLite removes journals at any time."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def whole_problem(path: Path, *, is_used: bool = False) -> str | None:
    """The same after reading every page.

    Raises:
        StateError: it cannot be looked at now: it is locked, or may not be read. That says nothing of what it holds.
    """
    if (problem := quick_problem(path, is_used=is_used)) or not _size(path):
        return problem
    # Where nobody can write, SQLite cannot put its shared memory beside the file, and nothing changes under its hands.
    mode = "mode=ro" if os.access(path.parent, os.W_OK) else "mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", _PATIENCE, uri=True)) as database:
            (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if words := _words(error, path):
            raise StateError(f"{path} {words}") from None
        return f"is damaged ({error})"
    return None if said == "ok" else f"is damaged ({' '.join(str(said).split())})"


def damaged(path: Path, problem: str) -> StateError:
    """The error for a database that is not whole."""
    return StateError(f"{path} {problem}; {_REPAIR}")


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turns SQLite's errors about a file into one that names it; errors of statements stay bugs.

    Raises:
        StateError: the file is damaged, locked, or cannot be used.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if (told := told_of(path, error)) is None:
            raise
        raise told from None


def told_of(path: Path, error: BaseException) -> StateError | None:
    """The error that names the file; None where the statement is at fault."""
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    if words := _words(error, path):
        return StateError(f"{path} {words}")
    code = _code(error)
    return damaged(path, f"is damaged ({error})") if code in _DAMAGED else None


def _words(error: sqlite3.DatabaseError, path: Path) -> str | None:
    code = _code(error)
    if code == sqlite3.SQLITE_IOERR and _is_full(path):  # a journal without room is an error of writing
        code = sqlite3.SQLITE_FULL
    return _ELSEWHERE.get(code)


def _is_full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < _NO_ROOM
    except OSError:
        return False


def _code(error: sqlite3.DatabaseError) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part


def state_error(error: BaseException, places: Sequence[Path]) -> StateError | None:
    """The error that names a database among `places`, where SQLite is behind `error`; None where it is not."""
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, sqlite3.DatabaseError):
        behind = getattr(seen, "orig", None)  # SQLAlchemy's
        seen = behind if isinstance(behind, BaseException) else seen.__cause__ or seen.__context__
    if seen is None:
        return None
    for path in places:
        try:
            problem = whole_problem(path)
        except StateError as elsewhere:
            return elsewhere
        if problem:
            return damaged(path, problem)
    if not places:
        return None
    words = _words(seen, places[0])
    return StateError(f"a database below {places[0].parent} {words}") if words else None
