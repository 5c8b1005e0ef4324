"""Releases: immutable, complete or absent, never written twice for the same content."""

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.release.manifests import release_manifest, removed_posters
from lap_assets.release.trees import Tree
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import Content, released, write_release

NAMES = ("MAL00005_1018_120197.jpg", "MAL01000_0001_000002.jpg", "MAL50000_WA00007_001.jpg")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def images(home: Home, *names: str) -> pl.DataFrame:
    """Write cleaned images of a few bytes each, and return their manifest."""
    rows = []
    for name in names:
        path = home.image(PosterName.parse(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        rows.append({"name": name, "subfolder": PosterName.parse(name).subfolder, "sha256": sha256})
    return pl.DataFrame(rows)


def content(manifest: pl.DataFrame) -> Content:
    """Content of a release of these images, with their list and a folder of links."""
    text = manifest.sort("name").write_csv()
    return Content(manifest, (text,), lambda version: [("manifest.csv", text.encode())], (Tree("again"),))


def test_a_release_holds_every_image_and_its_checksums(home: Home) -> None:
    written = write_release(content(images(home, *NAMES)), home, Silent())
    assert (written.version, written.images, written.is_new) == ("v0001", 3, True)
    for name in NAMES:
        placed = written.path / PosterName.parse(name).subfolder / name
        assert placed.read_bytes() == name.encode()
        assert placed.samefile(home.image(PosterName.parse(name)))
    assert problems_of(written.path) == []


def test_the_same_content_is_not_released_twice_and_other_content_leaves_the_old_release(home: Home) -> None:
    manifest = images(home, *NAMES)
    first = write_release(content(manifest), home, Silent())
    again = write_release(content(manifest.reverse()), home, Silent())
    assert (again.version, again.is_new) == ("v0001", False)
    smaller = write_release(content(manifest.head(1)), home, Silent())
    assert (smaller.version, smaller.is_new) == ("v0002", True)
    assert problems_of(first.path) == problems_of(smaller.path) == []
    assert [path.name for path in released(home.release)] == ["v0001", "v0002"]


def test_an_image_written_again_does_not_change_a_release(home: Home) -> None:
    written = write_release(content(images(home, *NAMES)), home, Silent())
    path = home.image(PosterName.parse(NAMES[0]))
    beside = path.with_suffix(".new")
    beside.write_bytes(b"another")
    beside.replace(path)
    assert problems_of(written.path) == []


def test_an_unfinished_release_is_ignored_and_removed(home: Home) -> None:
    manifest = images(home, *NAMES)
    home.image(PosterName.parse(NAMES[2])).unlink()
    with pytest.raises(FileNotFoundError):
        write_release(content(manifest), home, Silent())
    assert released(home.release) == []
    images(home, NAMES[2])
    written = write_release(content(manifest), home, Silent())
    assert written.version == "v0001"
    assert [path.name for path in home.release.iterdir()] == ["v0001"]


def test_verify_names_missing_changed_and_unexpected_files(home: Home) -> None:
    written = write_release(content(images(home, *NAMES)), home, Silent())
    (written.path / "0" / NAMES[0]).unlink()
    (written.path / "9" / NAMES[2]).write_bytes(b"other")
    (written.path / "notes.txt").write_text("mine")
    assert problems_of(written.path) == [
        f"0/{NAMES[0]}: missing",
        f"9/{NAMES[2]}: changed",
        "notes.txt: not part of the release",
    ]


def test_the_lists_have_sources_and_reasons_of_removals() -> None:
    posters = pl.DataFrame(
        {"name": list(NAMES), "mal_id": [5, 1000, 50000], "source": ["mal", "mal", "wa"], "url": ["a", "b", "c"],
         "fetched_at": [datetime(2024, 5, 6, 7, tzinfo=UTC)] * 3}
    )  # fmt: skip
    cleaned = pl.DataFrame(
        {
            "name": [NAMES[2], NAMES[0]], "raw_sha256": ["r2", "r0"], "raw_bytes": [2, 1], "raw_width": [3, 4],
            "raw_height": [5, 6], "action": ["linked", "upscaled"], "sha256": ["s2", "s0"], "bytes": [7, 8],
            "width": [9, 10], "height": [11, 12], "recipe": ["x", "x"],
        }
    )  # fmt: skip
    manifest = release_manifest(cleaned, posters)
    assert manifest.select("name", "subfolder", "url", "original_sha256", "original_width", "fetched").rows() == [
        (NAMES[0], "0", "a", "r0", 4, date(2024, 5, 6)),
        (NAMES[2], "9", "c", "r2", 3, date(2024, 5, 6)),
    ]
    decisions = pl.DataFrame(
        {
            "name": list(NAMES), "sha256": ["r0", "r1", "r2"], "decision": ["keep", "remove", "keep"],
            "rule": [None, "other_ahash", None], "by": [None, "rule", None], "reviewer": [None, None, None],
            "partner": [None, NAMES[0], None], "survivor": [None, NAMES[0], None], "measure": [None, "ahash", None],
            "distance": [None, 1.0, None],
        }
    )  # fmt: skip
    removed = removed_posters(decisions, posters)
    assert removed.select("name", "url", "rule", "survivor").rows() == [(NAMES[1], "b", "other_ahash", NAMES[0])]
