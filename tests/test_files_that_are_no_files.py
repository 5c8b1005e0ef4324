"""FIFOs, devices, sockets, folders, sparse files and broken links in place of files: every command names them, does
not block, and writes nothing."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.support import Lap

pytestmark = pytest.mark.skipif(os.name != "posix", reason="these kinds of files are POSIX")


Make = Callable[[Path], None]


def a_fifo(path: Path) -> None:
    os.mkfifo(path)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path has at most 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def a_sparse_file(path: Path) -> None:
    with path.open("wb") as opened:
        opened.truncate(6 << 30)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_dangling_link(path: Path) -> None:
    path.symlink_to("/nowhere/at/all")


KINDS: list[Make] = [a_fifo, a_device, a_socket, a_sparse_file, a_dangling_link]


def ended_well(lap: Lap, *command: str, names: str, home: Path) -> None:
    ended = lap(*command, LAP_HOME=home)
    output = ended.stdout + ended.stderr
    assert ended.returncode in (1, 2), output
    assert names in output
    assert "Traceback" not in output


@pytest.mark.parametrize(
    ("name", "make"),
    [
        *(("labels.txt", make) for make in KINDS), *(("labels.json", make) for make in KINDS),
        ("data.yaml", a_fifo), ("data.yaml", a_sparse_file), ("labels.parquet", a_fifo), ("labels.parquet", a_device),
    ],
)  # fmt: skip
def test_labels(lap: Lap, tmp_path: Path, make: Make, name: str) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    make(folder / name)
    before = sorted(tmp_path.rglob("*"))
    source = str(folder / name)
    ended_well(lap, "convert", source, str(tmp_path / "out.json"), "--to", "coco", names=name, home=tmp_path / "home")
    two = ("--truth", source, "--detections", source)
    ended_well(lap, "evaluate", *two, names=name, home=tmp_path / "home")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("make", [*KINDS, a_folder])
def test_verdicts(lap: Lap, tmp_path: Path, make: Make) -> None:
    make(tmp_path / "log.jsonl")
    command = ("verdicts", "import", str(tmp_path / "log.jsonl"))
    ended_well(lap, *command, names="log.jsonl", home=tmp_path / "home")
    assert [path.name for path in tmp_path.iterdir()] == ["log.jsonl"]


@pytest.mark.slow
def test_a_folder_that_is_adopted_names_all_of_them_at_once(lap: Lap, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    (folder / "0").mkdir(parents=True)
    Image.new("RGB", (64, 96), (1, 9, 9)).save(folder / "0" / "MAL00006_0001_000001.jpg")
    posters = [f"MAL0000{number}_1018_120197.jpg" for number, _ in enumerate((*KINDS, a_folder), start=1)]
    for name, make in zip(posters, (*KINDS, a_folder), strict=True):
        make(folder / "0" / name)
    a_fifo(folder / "labels_faces.txt")
    a_dangling_link(folder / "labels_heads.txt")
    a_device(folder / "classes.txt")
    ended = lap("adopt", str(folder), LAP_HOME=tmp_path / "home")
    assert ended.returncode == 1, ended.stderr
    assert "nothing was changed" in ended.stderr
    for name in (*posters, "labels_faces.txt", "labels_heads.txt", "classes.txt"):
        assert name in ended.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.parametrize("make", [a_fifo, a_device, a_sparse_file])
def test_a_release_that_is_verified(lap: Lap, tmp_path: Path, make: Make) -> None:
    release = tmp_path / "v0001"
    release.mkdir()
    make(release / "SHA256SUMS")
    ended_well(lap, "verify", str(release), names="SHA256SUMS", home=tmp_path / "home")
    (release / "SHA256SUMS").unlink()
    (release / "SHA256SUMS").write_text(f"{'0' * 64}  a.jpg\n{'0' * 64}  b.jpg\n")
    make(release / "release.json")
    a_fifo(release / "a.jpg")
    ended_well(lap, "verify", str(release), names="a.jpg: ", home=tmp_path / "home")


@pytest.mark.parametrize("make", [a_fifo, a_device, a_socket, a_sparse_file, a_dangling_link])
def test_detector_files(lap: Lap, tmp_path: Path, make: Make) -> None:
    make(tmp_path / "mine.safetensors")
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (60, 80)).save(tmp_path / "pictures" / "one.png")
    words = ("detect", str(tmp_path / "pictures"), "--model", str(tmp_path / "mine.safetensors"))
    ended_well(lap, *words, "--out", str(tmp_path / "out.json"), names="mine.safetensors", home=tmp_path / "home")
    assert not (tmp_path / "out.json").exists()
