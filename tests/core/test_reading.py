import os
import socket
import threading
from pathlib import Path

import pytest

from lap_assets.core.errors import FileError
from lap_assets.core.reading import read_file, read_text


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


@pytest.mark.skipif(os.name != "posix", reason="these kinds of files are POSIX")
@pytest.mark.parametrize(
    ("make", "kind"),
    [(_fifo, "FIFO"), (_folder, "folder"), (_device, "device"), (_terminal, "device"), (_socket, "socket")],
)
def test_special_files_are_named_and_never_block(tmp_path: Path, make, kind: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "it"
    make(path)
    with pytest.raises(FileError, match=f"it: a {kind}, not a file"):
        read_file(path)


def test_a_sparse_file_of_six_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    with path.open("wb") as opened:
        opened.truncate(6 << 30)
    with pytest.raises(FileError, match=r"large.jsonl: 6,442,450,944 bytes, more than the"):
        read_file(path)


def test_a_missing_file_and_a_broken_link_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError, match="No such file"):
        read_file(tmp_path / "nothing")
    with pytest.raises(FileNotFoundError, match=r"a link to .*nothing, which is not there"):
        read_file(tmp_path / "link")


def test_files_at_the_limit_and_without_a_size_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 100)
    assert read_file(path, 100) == b"x" * 100
    with pytest.raises(FileError):
        read_file(path, 99)
    if Path("/proc/self/status").exists():
        assert b"Pid:" in read_file(Path("/proc/self/status"))
        with pytest.raises(FileError, match="more than the 10 bytes"):
            read_file(Path("/proc/self/status"), 10)


def test_a_file_that_grows_while_it_is_read_stays_within_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "growing"
    path.write_bytes(b"x")
    ended = threading.Event()

    def grow() -> None:
        with path.open("ab") as opened:
            while not ended.is_set():
                opened.write(b"x" * 1000)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        for _ in range(100):
            try:
                assert len(read_file(path, 100_000)) <= 100_000
            except FileError:
                break
    finally:
        ended.set()
        writer.join()


def test_text_is_utf8_and_the_line_that_is_not_is_named(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_bytes(b"\xef\xbb\xbfone\r\ntwo \xc3\xa9\n")
    assert read_text(path) == "one\r\ntwo é\n"
    path.write_bytes(b"one\ntwo \xff\n")
    with pytest.raises(FileError, match=r"text:2: it is not UTF-8 \(byte 0xff\)"):
        read_text(path)
