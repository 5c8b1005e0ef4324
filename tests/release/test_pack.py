"""Archives of a release: images are stored once, readers find them after unpacking, bytes are reproducible."""

import hashlib
import shutil
import tarfile
from pathlib import Path

import pytest

from lap_assets.core.errors import FileError
from lap_assets.core.progress import Silent
from lap_assets.release.pack import FORMATS, pack
from lap_assets.release.verify import problems_of


def unpack(archives: list[Path], folder: Path) -> None:
    for path in archives:
        with tarfile.open(path) as tar:
            tar.extractall(folder, filter="data")


def test_unpacking_restores_the_release(small_release: Path, tmp_path: Path) -> None:
    done = pack(small_release, tmp_path / "out", Silent())
    assert [archive.path.name for archive in done] == [
        "lap-v0001-images.tar", "lap-v0001-base.tar.gz", *(f"lap-v0001-{name}.tar.gz" for name in FORMATS)
    ]  # fmt: skip
    unpack([archive.path for archive in done], tmp_path / "there")
    assert problems_of(tmp_path / "there" / "v0001") == []
    image = next((small_release / "yolo/faces/images").rglob("*.jpg")).relative_to(small_release / "yolo/faces/images")
    there = tmp_path / "there" / "v0001"
    assert (there / "yolo/faces/images" / image).samefile(there / image)
    sums = (tmp_path / "out" / "lap-v0001-SHA256SUMS").read_text().splitlines()
    assert sums == [f"{hashlib.sha256(one.path.read_bytes()).hexdigest()}  {one.path.name}" for one in done]


def test_each_image_is_stored_once(small_release: Path, tmp_path: Path) -> None:
    done = pack(small_release, tmp_path, Silent())
    stored = []
    for archive in done:
        with tarfile.open(archive.path) as tar:
            stored += [member.name for member in tar if member.isreg() and member.name.endswith(".jpg")]
    assert len(stored) == len(set(stored)) == 8


def test_the_same_release_yields_the_same_bytes_and_nothing_is_replaced_unasked(
    small_release: Path, tmp_path: Path
) -> None:
    first = pack(small_release, tmp_path, Silent())
    with pytest.raises(FileExistsError, match=r"lap-v0001-images\.tar"):
        pack(small_release, tmp_path, Silent())
    assert pack(small_release, tmp_path, Silent(), force=True) == first


def test_a_single_format_only_needs_the_images(small_release: Path, tmp_path: Path) -> None:
    done = pack(small_release, tmp_path / "out", Silent(), formats=["yolo"])
    assert [archive.path.name for archive in done][2:] == ["lap-v0001-yolo.tar.gz"]
    unpack([done[0].path, done[2].path], tmp_path)
    assert len(list((tmp_path / "v0001/yolo/faces/images").rglob("*.jpg"))) == 8


@pytest.mark.parametrize("harm", ["missing", "changed"])
def test_a_damaged_release_is_not_packed(small_release: Path, tmp_path: Path, harm: str) -> None:
    shutil.copytree(small_release, tmp_path / "v0001")
    image = next((tmp_path / "v0001" / "0").iterdir())
    image.unlink() if harm == "missing" else image.write_bytes(b"other")
    with pytest.raises(FileError, match=rf"{image.name}: {harm}"):
        pack(tmp_path / "v0001", tmp_path / "out", Silent())
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_is_not_a_release_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not a release"):
        pack(tmp_path, tmp_path, Silent())
