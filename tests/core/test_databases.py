"""SQLite files of a home: each kind of damage is named, and intact files pass."""

import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import pytest

from lap_assets.core import databases
from lap_assets.core.databases import naming, quick_problem, state_error, whole_problem
from lap_assets.core.errors import StateError


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE t (a TEXT)")
        opened.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
    return path


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def overwrite(path: Path) -> None:
    path.write_text("<html>not found</html>" * 300)


def overwrite_within(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[4096:16384] = b"\xff" * 12288
    path.write_bytes(bytes(body))


def test_intact_and_missing_databases_pass(database: Path) -> None:
    assert quick_problem(database) is whole_problem(database) is None
    assert quick_problem(database.with_name("other")) is None


DAMAGES: Final[Mapping[str, tuple[Callable[[Path], None], str]]] = {
    "cut": (cut, "is cut short"),
    "overwritten": (overwrite, "is not a database"),
    "overwritten within": (overwrite_within, "is damaged"),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_is_named(database: Path, kind: str) -> None:
    damage, problem = DAMAGES[kind]
    damage(database)
    assert (whole_problem(database) or "").startswith(problem)
    with closing(sqlite3.connect(database)) as opened, pytest.raises(sqlite3.DatabaseError) as raised:
        opened.execute("SELECT sum(length(a)) FROM t").fetchall()
    result = state_error(raised.value, [database.with_name("other"), database])
    assert result is not None
    assert str(result).startswith(f"{database} {problem}")
    assert "lap verify --repair" in str(result)


def test_an_empty_database_that_was_used_is_damaged(database: Path) -> None:
    database.write_bytes(b"")
    assert quick_problem(database) is None
    assert quick_problem(database, is_used=True) == whole_problem(database, is_used=True) == "is empty"


def test_a_locked_database_is_named_and_a_wrong_statement_is_a_bug(database: Path) -> None:
    with closing(sqlite3.connect(database, timeout=0)) as one, closing(sqlite3.connect(database, timeout=0)) as other:
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match=r"state\.sqlite is locked by another program"), naming(database):
            other.execute("SELECT * FROM t")
        one.rollback()
        with pytest.raises(sqlite3.OperationalError, match="no such column"), naming(database):
            other.execute("SELECT b FROM t")


def test_a_locked_database_is_not_taken_for_damaged(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise `lap verify --repair` would move it away while another program is using it."""
    monkeypatch.setattr(databases, "_PATIENCE", 0.05)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StateError, match=f"{database} is locked by another program; wait for it"):
            whole_problem(database)
        with closing(sqlite3.connect(database, 0.05)) as opened, pytest.raises(sqlite3.DatabaseError) as raised:
            opened.execute("SELECT sum(length(a)) FROM t").fetchall()
        result = state_error(raised.value, [database])
        assert str(result).startswith(f"{database} is locked")
        other.execute("ROLLBACK")
    assert whole_problem(database) is None


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("no mount is allowed here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_a_disk_without_a_byte_left_is_called_full(small_disk: Path, database: Path) -> None:
    """SQLite reports a full disk as an I/O error of the journal."""
    path = small_disk / "state.sqlite"
    path.write_bytes(database.read_bytes())
    fill(small_disk / "fill")
    with closing(sqlite3.connect(path)) as opened, pytest.raises(StateError) as result, naming(path), opened:
        opened.executemany("INSERT INTO t VALUES (?)", [("y" * 5000,)] * 100)
    assert str(result.value) == f"{path} cannot grow: its disk is full; make room and run the command again"
    (small_disk / "fill").unlink()
    assert whole_problem(path) is None
    with closing(sqlite3.connect(path)) as opened, opened:
        assert opened.execute("SELECT count(*) FROM t").fetchone() == (200,)


def fill(path: Path) -> None:
    """Fill the disk to the last byte."""
    with path.open("wb", buffering=0) as opened:
        for size in (1 << 16, 1):
            with suppress(OSError):
                while opened.write(b"x" * size) == size:
                    pass


def test_a_journal_removed_during_the_check_is_no_problem(tmp_path: Path) -> None:
    """SQLite creates and removes journals during a run."""
    path = tmp_path / "runs.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x)")
    journal, ended = path.with_name("runs.db-wal"), threading.Event()

    def comes_and_goes() -> None:
        while not ended.is_set():
            journal.touch()
            journal.unlink()

    other = threading.Thread(target=comes_and_goes)
    other.start()
    try:
        assert {quick_problem(path) for _ in range(3000)} == {None}
    finally:
        ended.set()
        other.join()
