"""What releases hold and how they follow each other: statistics, what changed, splits that stay, no half release."""

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.home import Home
from lap_assets.release.diff import changes
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import released
from tests.release.making import inputs, release, without_labels

NAMES = [f"MAL{number:05}_0001_{number:06}.jpg" for number in (5, 6, 7, 1001)]
MORE = ["MAL00005_0002_000009.jpg", "MAL50000_0001_000001.jpg"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / "statistics" / f"{name}.csv")


def test_statistics_count_what_is_there(home: Home) -> None:
    made = release(home, inputs(home, NAMES, [("MAL00009_0001_000001.jpg", NAMES[0])]))
    posters = table(made.path, "posters")
    assert posters.select("subfolder", "source", "images", "anime").rows() == [(0, "mal", 3, 3), (1, "mal", 1, 1)]
    assert table(made.path, "splits")["images"].sum() == 4
    an_image = table(made.path, "faces_an_image")
    assert an_image.filter(pl.col("faces") == "1")["images"].item() == 4
    assert an_image["images"].sum() == 4
    assert table(made.path, "faces_sizes").filter(pl.col("boxes") > 0).rows() == [(16, 1), (32, 3)]
    assert table(made.path, "faces_areas").rows() == [("small", 1), ("medium", 3), ("large", 0)]
    assert sorted(table(made.path, "faces_classes").rows()) == [("face", 3), ("girl", 1)]
    assert table(made.path, "faces_tiers").rows() == [("machine", False, 3, 3), ("refined", True, 1, 1)]
    assert table(made.path, "removed").rows() == [("remove", "rule", "other_ahash", 1)]
    assert table(made.path, "removed_distances").rows() == [("ahash", 1.0, 1)]
    plots = {path.stem for path in (made.path / "statistics").glob("*.png")}
    assert plots == {"posters", "faces_an_image", "faces_sizes", "removed_ahash"}
    assert problems_of(made.path) == []


def test_a_release_without_boxes_or_images_is_one_all_the_same(home: Home) -> None:
    made = release(home, without_labels(inputs(home, NAMES)))
    assert not (made.path / "coco").exists()
    assert (made.path / "labels_faces_baseline.txt").read_text() == ""
    assert problems_of(made.path) == []
    empty = release(home, without_labels(inputs(home, [])))
    assert (empty.images, problems_of(empty.path)) == (0, [])


def test_splits_stay_and_changes_are_told(home: Home) -> None:
    given = inputs(home, NAMES)
    first = release(home, given)
    assert (first.path / "CHANGES.md").read_text() == "# v0001\n\nThe first release.\n"
    assert not release(home, inputs(home, NAMES)).is_new
    more = inputs(home, [*NAMES[:3], *MORE], [(NAMES[3], NAMES[0])])
    second = release(home, more)
    assert second.version == "v0002"
    splits = [dict(pl.read_csv(one.path / "manifest.csv").select("name", "split").rows()) for one in (first, second)]
    assert {name: splits[1][name] for name in NAMES[:3]} == {name: splits[0][name] for name in NAMES[:3]}
    assert splits[1][MORE[0]] == splits[0][NAMES[0]]
    told = (second.path / "CHANGES.md").read_text()
    assert told == changes(first.path, second.path)
    assert "# v0001 → v0002" in told
    assert "| images | 4 | 5 | +1 |" in told
    assert f"## new images: 2\n\n- {MORE[0]}\n- {MORE[1]}\n" in told
    assert f"## removed images: 1\n\n- {NAMES[3]} (other_ahash; {NAMES[0]} stays)\n" in told
    assert "changed images" not in told


def test_other_boxes_are_told_image_by_image(home: Home) -> None:
    given = inputs(home, NAMES)
    release(home, given)
    none = replace(given, refined={kind: rows.clear() for kind, rows in given.refined.items()})
    second = release(home, none)
    told = (second.path / "CHANGES.md").read_text()
    assert f"## images with changed faces: 1\n\n- 0/{NAMES[0]}".replace("0/", "") in told
    assert "| faces reviewed | 1 | 0 | -1 |" in told


def test_a_day_of_fetching_alone_makes_no_release(home: Home) -> None:
    given = inputs(home, NAMES)
    release(home, given)
    later = given.posters.with_columns(pl.col("fetched_at").dt.offset_by("3d"))
    assert not release(home, replace(given, posters=later)).is_new


def test_a_machines_box_is_cut_off_at_the_edge_and_left_out_beyond_it(home: Home) -> None:
    given = inputs(home, NAMES[1:])
    outside = [
        {"x0": -5.0, "y0": 70.0, "x1": 30.0, "y1": 99.0, "score": 0.5},
        {"x0": 61.0, "y0": 0.0, "x1": 70.0, "y1": 9.0, "score": 0.4},
    ]
    faces = given.baseline["faces"]
    moved = faces.with_columns(boxes=pl.Series([outside] * faces.height, dtype=faces.schema["boxes"]))
    made = release(home, replace(given, baseline={**given.baseline, "faces": moved}))
    assert (made.path / "labels_faces_baseline.txt").read_text().count(": 0 70 30 80 0.5\n") == 3


KILLED = """
import sys
from pathlib import Path
from lap_assets.core.home import Home
from lap_assets.release import writer
from tests.release.making import inputs, release

def stop(*_):
    print("staged", flush=True)
    sys.stdin.read()

writer.link_folder = stop
home = Home(Path(sys.argv[1]))
release(home, inputs(home, sys.argv[2:]))
"""


def test_killed_on_its_way_it_leaves_no_half_release(home: Home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home.root), *NAMES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "staged\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert released(home.release) == []
    assert any(home.release.iterdir())
    made = release(home, inputs(home, NAMES))
    assert [path.name for path in home.release.iterdir()] == ["v0001"]
    assert problems_of(made.path) == []


def test_verify_names_a_link_that_shows_something_else(home: Home) -> None:
    made = release(home, inputs(home, NAMES))
    link = made.path / "images" / "0"
    link.unlink()
    link.symlink_to("/tmp")
    (made.path / "voc" / "faces" / "JPEGImages").unlink()
    (made.path / "mine").symlink_to("0")
    assert problems_of(made.path) == [
        "images/0: does not show 0", "voc/faces/JPEGImages: does not show images", "mine: not part of the release",
    ]  # fmt: skip


def test_where_links_to_folders_are_not_to_be_had_their_files_are_linked(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no privilege")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    made = release(home, inputs(home, NAMES))
    copy = made.path / "yolo" / "faces" / "images" / "0" / NAMES[0]
    assert copy.samefile(made.path / "0" / NAMES[0])
    assert problems_of(made.path) == []
    copy.unlink()
    copy.write_bytes(b"other")
    assert problems_of(made.path) == [f"yolo/faces/images/0/{NAMES[0]}: changed"]


def test_no_release_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is not a release: it has no manifest\.csv"):
        changes(tmp_path, tmp_path)
    (tmp_path / "SHA256SUMS").write_text("0" * 64 + "  ../outside\n")
    assert "not a checksum and a path within the release" in problems_of(tmp_path)[0]
