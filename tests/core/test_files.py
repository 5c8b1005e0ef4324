import errno
import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lap_assets.core.errors import FileError
from lap_assets.core.files import is_leftover, link_or_copy, replacing, sha256_of, write_bytes, write_new, write_text


def test_a_file_and_its_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    write_text(path, "Ж\r\n☆\n")
    assert path.read_bytes() == "Ж\r\n☆\n".encode()
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in path.parent.iterdir()] == ["c.txt"]
    assert sha256_of(path) == hashlib.sha256(b"new").hexdigest()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_file_and_no_temporary_file(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "c.txt"
    write_text(path, "old")

    def fail() -> None:
        with replacing(path) as beside:
            beside.write_text("half")
            assert is_leftover(beside)
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_new_file_is_seen_only_when_the_block_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    with replacing(path) as beside:
        beside.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"


def test_a_block_that_writes_nothing_is_an_error_and_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    write_text(path, "old")
    with pytest.raises(FileNotFoundError), replacing(path):
        pass
    assert path.read_text() == "old"


def test_a_writer_that_is_killed_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    write_text(path, "old")
    code = (
        "import os, sys; from pathlib import Path; from lap_assets.core.files import replacing\n"
        "with replacing(Path(sys.argv[1])) as beside:\n    beside.write_text('half'); os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, path]).returncode == -9
    assert path.read_text() == "old"
    left = [one for one in tmp_path.iterdir() if one != path]
    assert len(left) == 1
    assert is_leftover(left[0])
    assert not is_leftover(path)


def test_a_link_is_the_same_file_and_replaces_an_existing_one(tmp_path: Path) -> None:
    source, path = tmp_path / "source", tmp_path / "x" / "path"
    source.write_bytes(b"one")
    link_or_copy(source, path)
    assert path.samefile(source)

    other = tmp_path / "other"
    other.write_bytes(b"two")
    link_or_copy(other, path)
    assert path.samefile(other)
    assert source.read_bytes() == b"one"


def test_linking_again_changes_nothing_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    source, path = tmp_path / "source", tmp_path / "x" / "path"
    source.write_bytes(b"one")
    for _ in range(2):
        link_or_copy(source, path)
        assert path.samefile(source)
        assert source.stat().st_nlink == 2
        assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_without_hard_links_it_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    source, path = tmp_path / "source", tmp_path / "path"
    source.write_bytes(b"one")
    path.write_bytes(b"before")
    link_or_copy(source, path)
    assert path.read_bytes() == b"one"
    assert not path.samefile(source)
    assert sorted(tmp_path.iterdir()) == [path, source]


def test_a_source_that_is_missing_is_an_error_and_keeps_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "path"
    path.write_bytes(b"before")
    with pytest.raises(FileNotFoundError):
        link_or_copy(tmp_path / "none", path)
    assert path.read_bytes() == b"before"


def test_the_file_itself_is_linked_never_a_symbolic_link(tmp_path: Path) -> None:
    there, linked = tmp_path / "there.jpg", tmp_path / "out" / "linked.jpg"
    there.write_bytes(b"picture")
    (tmp_path / "one").symlink_to("there.jpg")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    link_or_copy(tmp_path / "two", linked)
    assert not linked.is_symlink()
    there.unlink()
    assert linked.read_bytes() == b"picture"


@pytest.mark.skipif(os.name != "posix", reason="FIFOs are POSIX")
def test_neither_a_special_file_nor_a_broken_link_is_linked(tmp_path: Path) -> None:
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for name, error in (
        ("gone", FileNotFoundError),
        ("nothing", FileNotFoundError),
        ("fifo", FileError),
        ("folder", FileError),
    ):
        with pytest.raises(error):
            link_or_copy(tmp_path / name, tmp_path / "out" / name)
    assert not list((tmp_path / "out").iterdir())


def test_a_new_file_never_replaces_one_and_of_many_writers_one_is_first(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with ThreadPoolExecutor(8) as writers:
        done = list(writers.map(lambda number: (number, write_new(path, bytes([number]) * 4096)), range(8)))
    first = [number for number, was_first in done if was_first]
    assert len(first) == 1
    assert path.read_bytes() == bytes(first) * 4096
    assert list(tmp_path.iterdir()) == [path]
