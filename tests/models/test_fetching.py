"""Downloads end with the right file in place, or with no file and a one-line reason."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from lap_assets.core.errors import LockHeld, WeightsError
from lap_assets.core.locks import held
from lap_assets.core.progress import Silent
from lap_assets.models.fetching import fetch
from lap_assets.models.spec_types import WeightFile
from lap_assets.models.weights import weight_file, weight_files
from tests.models.file_server import FileServer, serving

CONTENT = Random(1).randbytes(3_500_000)


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving(CONTENT) as running:
        yield running


@pytest.fixture
def entry(server: FileServer) -> WeightFile:
    return WeightFile("big", "big.weights", server.url, 4, "MIT", "tests", server.sha256, (len(CONTENT),))


def _left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_put_in_place_and_recorded(server: FileServer, entry: WeightFile, tmp_path: Path) -> None:
    assert fetch(entry, tmp_path, Silent()).sha256 == server.sha256
    assert weight_file(entry, tmp_path).read_bytes() == CONTENT
    assert _left(tmp_path) == {"big.weights", "recorded.json"}


@pytest.mark.parametrize("cut", [0, 1, 2_000_000, len(CONTENT) - 1])
def test_an_interrupted_download_resumes(server: FileServer, entry: WeightFile, tmp_path: Path, cut: int) -> None:
    server.cut = cut
    with pytest.raises(WeightsError, match=rf"big: .* broke off after {cut:,} bytes .*`lap weights fetch big`"):
        fetch(entry, tmp_path, Silent())
    assert not (tmp_path / "big.weights").exists()
    fetch(entry, tmp_path, Silent())
    assert (tmp_path / "big.weights").read_bytes() == CONTENT
    assert server.asked == ["", f"bytes={cut}-" if cut else ""]
    assert _left(tmp_path) == {"big.weights", "recorded.json"}


@pytest.mark.parametrize("fault", ["no ranges", "no mark", "another file by now"])
def test_it_starts_again_if_it_cannot_resume(server: FileServer, entry: WeightFile, tmp_path: Path, fault: str) -> None:
    server.ranges, server.marked = fault != "no ranges", fault != "no mark"
    server.cut = 1_000_000
    with pytest.raises(WeightsError, match="broke off"):
        fetch(entry, tmp_path, Silent())
    if fault == "another file by now":
        server.content = CONTENT[::-1]
        entry = replace(entry, sha256=server.sha256)
    fetch(entry, tmp_path, Silent())
    assert (tmp_path / "big.weights").read_bytes() == server.content


def test_a_complete_part_is_used(server: FileServer, entry: WeightFile, tmp_path: Path) -> None:
    server.cut = len(CONTENT) - 1
    with pytest.raises(WeightsError, match="broke off"):
        fetch(entry, tmp_path, Silent())
    (tmp_path / "big.weights.part").write_bytes(CONTENT)
    fetch(entry, tmp_path, Silent())
    assert (tmp_path / "big.weights").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"content": CONTENT[:-1] + b"!"}, "has sha256 .* is published"),
        ({"content": CONTENT + b"!"}, "has 3,500,001 bytes, expected 3,500,000"),
        ({"content": b""}, "is empty"),
        ({"content": b"<!DOCTYPE html><p>Sign in"}, "is a web page"),
        ({"kind": "text/html; charset=utf-8"}, "answered with a web page instead of the file"),
        ({"status": 404}, "answered 404"),
        ({"status": 503}, "answered 503"),
    ],
)
def test_what_is_not_the_file_is_refused_by_name(
    server: FileServer, entry: WeightFile, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    with pytest.raises(WeightsError, match=f"^big: .*{message}") as refused:
        fetch(entry, tmp_path, Silent())
    assert "\n" not in str(refused.value)
    assert not _left(tmp_path) - {"recorded.json"}


def test_redirects_to_http_are_refused(server: FileServer, entry: WeightFile, tmp_path: Path) -> None:
    server.status, server.moved_to = 302, "http://elsewhere.invalid/file"
    with pytest.raises(WeightsError, match=r"http://elsewhere\.invalid/file is not encrypted"):
        fetch(entry, tmp_path, Silent())
    assert not _left(tmp_path)


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    with serving(b"x") as missing:
        url = missing.url
    with pytest.raises(WeightsError, match=f"big: {url} broke off after 0 bytes"):
        fetch(WeightFile("big", "big.weights", url, 1, "MIT", "tests"), tmp_path, Silent())


def test_without_a_published_sha256_the_first_file_counts(
    server: FileServer, entry: WeightFile, tmp_path: Path
) -> None:
    entry = replace(entry, sha256=None, sizes=())
    first = fetch(entry, tmp_path, Silent()).sha256
    assert json.loads((tmp_path / "recorded.json").read_text())["big.weights"]["sha256"] == first
    (tmp_path / "big.weights").unlink()
    server.content = CONTENT[:-1]
    with pytest.raises(WeightsError, match=rf"the first file here had {first}; .*recorded\.json"):
        fetch(entry, tmp_path, Silent())
    assert not (tmp_path / "big.weights").exists()


def test_two_at_once_do_not_mix_their_bytes(entry: WeightFile, tmp_path: Path) -> None:
    with held(tmp_path / ".big.weights.lock"), pytest.raises(LockHeld, match="held by process"):
        fetch(entry, tmp_path, Silent())


def test_every_registered_file_is_downloaded_over_https() -> None:
    assert all(entry.url.startswith("https://") for entry in weight_files())
    assert (
        len({entry.key for entry in weight_files()})
        == len({entry.file for entry in weight_files()})
        == len(weight_files())
    )
