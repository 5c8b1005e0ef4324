"""Content of releases and their succession: statistics, changes, stable splits, no partial writes."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import yaml

from lap_assets.core.home import Home
from lap_assets.core.labels.files import LabelKind
from lap_assets.labels.formats import read_labels
from lap_assets.release.diff import changes
from lap_assets.release.provenance import is_replica_release, provenance
from lap_assets.release.texts import DRAWN, REPLICA
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import released
from lap_assets.settings import Settings
from lap_assets.sites.connection import mark_replica
from tests.release.making import inputs, release, without_labels

NAMES = [f"MAL{number:05}_0001_{number:06}.jpg" for number in (5, 6, 7, 1001)]
MORE = ["MAL00005_0002_000009.jpg", "MAL50000_0001_000001.jpg"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_csv(folder / "statistics" / f"{name}.csv")


def test_statistics_count_what_is_there(home: Home) -> None:
    result = release(home, inputs(home, NAMES, [("MAL00009_0001_000001.jpg", NAMES[0])]))
    posters = table(result.path, "posters")
    assert posters.select("subfolder", "source", "images", "anime").rows() == [(0, "mal", 3, 3), (1, "mal", 1, 1)]
    assert table(result.path, "splits")["images"].sum() == 4
    an_image = table(result.path, "faces_an_image")
    assert an_image.filter(pl.col("faces") == "1")["images"].item() == 4
    assert an_image["images"].sum() == 4
    assert table(result.path, "faces_sizes").filter(pl.col("boxes") > 0).rows() == [(16, 1), (32, 3)]
    assert table(result.path, "faces_areas").rows() == [("small", 1), ("medium", 3), ("large", 0)]
    assert sorted(table(result.path, "faces_classes").rows()) == [("face", 3), ("girl", 1)]
    assert table(result.path, "faces_tiers").rows() == [("machine", False, 3, 3), ("refined", True, 1, 1)]
    assert table(result.path, "removed").rows() == [("remove", "rule", "other_ahash", 1)]
    assert table(result.path, "removed_distances").rows() == [("ahash", 1.0, 1)]
    plots = {path.stem for path in (result.path / "statistics").glob("*.png")}
    assert plots == {"posters", "faces_an_image", "faces_sizes", "removed_ahash"}
    assert problems_of(result.path) == []


def test_a_release_without_boxes_or_images_is_possible(home: Home) -> None:
    result = release(home, without_labels(inputs(home, NAMES)))
    assert not (result.path / "coco").exists()
    assert (result.path / "labels_faces_baseline.txt").read_text() == ""
    assert problems_of(result.path) == []
    empty = release(home, without_labels(inputs(home, [])))
    assert (empty.images, problems_of(empty.path)) == (0, [])


def test_splits_are_stable_and_changes_are_listed(home: Home) -> None:
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
    listed = (second.path / "CHANGES.md").read_text()
    assert listed == changes(first.path, second.path)
    assert "# v0001 → v0002" in listed
    assert "| images | 4 | 5 | +1 |" in listed
    assert f"## new images: 2\n\n- {MORE[0]}\n- {MORE[1]}\n" in listed
    assert f"## removed images: 1\n\n- {NAMES[3]} (other_ahash; {NAMES[0]} stays)\n" in listed
    assert "changed images" not in listed


def test_changed_boxes_are_listed_by_image(home: Home) -> None:
    given = inputs(home, NAMES)
    release(home, given)
    none = replace(given, refined={kind: rows.clear() for kind, rows in given.refined.items()})
    second = release(home, none)
    listed = (second.path / "CHANGES.md").read_text()
    assert f"## images with changed faces: 1\n\n- 0/{NAMES[0]}".replace("0/", "") in listed
    assert "| faces reviewed | 1 | 0 | -1 |" in listed


def test_a_different_fetch_day_alone_makes_no_release(home: Home) -> None:
    given = inputs(home, NAMES)
    release(home, given)
    later = given.posters.with_columns(pl.col("fetched_at").dt.offset_by("3d"))
    assert not release(home, replace(given, posters=later)).is_new


def test_a_machines_box_is_clipped_at_the_edge_and_left_out_beyond_it(home: Home) -> None:
    given = inputs(home, NAMES[1:])
    outside = [
        {"x0": -5.0, "y0": 70.0, "x1": 30.0, "y1": 99.0, "score": 0.5},
        {"x0": 61.0, "y0": 0.0, "x1": 70.0, "y1": 9.0, "score": 0.4},
    ]
    faces = given.baseline["faces"]
    moved = faces.with_columns(boxes=pl.Series([outside] * faces.height, dtype=faces.schema["boxes"]))
    result = release(home, replace(given, baseline={**given.baseline, "faces": moved}))
    assert (result.path / "labels_faces_baseline.txt").read_text().count(": 0 70 30 80 0.5\n") == 3


KILLED = """
import sys
from pathlib import Path
from lap_assets.core.home import Home
from lap_assets.release import trees
from tests.release.making import inputs, release

def stop(*_):
    print("staged", flush=True)
    sys.stdin.read()

trees.Tree.place_images = stop
home = Home(Path(sys.argv[1]))
release(home, inputs(home, sys.argv[2:]))
"""


def test_a_killed_writer_leaves_no_partial_release(home: Home) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(home.root), *NAMES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "staged\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert released(home.release) == []
    assert any(home.release.iterdir())
    result = release(home, inputs(home, NAMES))
    assert [path.name for path in home.release.iterdir()] == ["v0001"]
    assert problems_of(result.path) == []


def test_every_image_is_where_the_formats_look_and_is_stored_once(home: Home) -> None:
    result = release(home, inputs(home, NAMES))
    assert not [path for path in result.path.rglob("*") if path.is_symlink()]
    labeled = [path.relative_to(result.path / "voc/faces/Annotations").with_suffix(".jpg")
               for path in (result.path / "voc/faces/Annotations").rglob("*.xml")]  # fmt: skip
    assert len(labeled) == len(NAMES)
    for folder in ("yolo/faces/images", "voc/faces/JPEGImages"):
        assert all((result.path / folder / image).samefile(result.path / image) for image in labeled)
    splits = [path.relative_to(split / "images") for split in (result.path / "parquet/faces").iterdir()
              for path in split.rglob("*.jpg")]  # fmt: skip
    assert sorted(splits) == sorted(labeled)


def test_verify_reads_files_that_are_no_longer_links(home: Home) -> None:
    result = release(home, inputs(home, NAMES))
    copy = result.path / "yolo" / "faces" / "images" / "0" / NAMES[0]
    content = copy.read_bytes()
    copy.unlink()
    copy.write_bytes(content)
    assert problems_of(result.path) == []
    copy.write_bytes(b"other")
    (result.path / "voc/faces/JPEGImages/0" / NAMES[1]).unlink()
    (result.path / "mine").symlink_to("0")
    assert problems_of(result.path) == [
        f"voc/faces/JPEGImages/0/{NAMES[1]}: missing", f"yolo/faces/images/0/{NAMES[0]}: changed",
        "mine: not part of the release",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["yolo/faces/labels.cache", "yolo/faces/labels/0.cache", ".DS_Store", "0/Thumbs.db", "0/._a.jpg",
             "yolo/faces/images/0/a.npy", ".cache/huggingface/x", "__pycache__/x.pyc"],
)  # fmt: skip
def test_caches_that_readers_leave_are_no_fault(home: Home, name: str) -> None:
    result = release(home, inputs(home, NAMES))
    (result.path / name).parent.mkdir(parents=True, exist_ok=True)
    (result.path / name).write_bytes(b"")
    (result.path / "0" / "mine.jpg").write_bytes(b"")
    assert problems_of(result.path) == ["0/mine.jpg: not part of the release"]


def test_where_files_cannot_be_linked_they_are_copied(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    given = inputs(home, NAMES)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EMLINK, "too many links")

    monkeypatch.setattr(os, "link", refuse)
    result = release(home, given)
    copy = result.path / "yolo" / "faces" / "images" / "0" / NAMES[0]
    assert not copy.samefile(result.path / "0" / NAMES[0])
    assert problems_of(result.path) == []


def test_a_release_of_an_older_layout_with_links_is_still_verified(home: Home) -> None:
    result = release(home, inputs(home, NAMES))
    about = json.loads((result.path / "release.json").read_text())
    shutil.rmtree(result.path / "yolo/faces/images")
    (result.path / "yolo/faces/images").symlink_to("../../0", target_is_directory=True)
    trees = {place: rest for place, rest in about["trees"].items() if place != "yolo/faces/images"}
    about |= {"links": {"yolo/faces/images": "0"}, "trees": trees}
    (result.path / "release.json").write_text(json.dumps(about))
    assert problems_of(result.path) == []
    (result.path / "yolo/faces/images").unlink()
    (result.path / "yolo/faces/images").symlink_to("/tmp")
    assert problems_of(result.path) == ["yolo/faces/images: does not show 0"]


def test_folders_that_are_not_releases_are_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is not a release: it has no manifest\.csv"):
        changes(tmp_path, tmp_path)
    (tmp_path / "SHA256SUMS").write_text("0" * 64 + "  ../outside\n")
    assert "expected a checksum and a path within the release" in problems_of(tmp_path)[0]


def test_a_replicas_release_says_that_it_is_one(home: Home) -> None:
    given = inputs(home, NAMES, [("MAL00009_0001_000001.jpg", NAMES[0])])
    result = release(home, replace(given, provenance={**given.provenance, REPLICA: DRAWN})).path
    rows = pl.read_csv(result / "manifest.csv", infer_schema=False)
    assert set(rows["origin"]) == {"replica"}
    assert json.loads((result / "provenance.json").read_text())[REPLICA] == DRAWN
    files = [path for path in result.rglob("*") if path.suffix in (".csv", ".md", ".json", ".txt", ".cff", ".xml")]
    assert not [path for path in files if "cdn.myanimelist" in path.read_text()]
    for name in ("README.md", "CITATION.cff", "croissant.json"):
        assert "replica" in (result / name).read_text() or "drew" in (result / name).read_text()
    real = release(home, given).path
    assert real.name == "v0002"
    assert set(pl.read_csv(real / "manifest.csv", infer_schema=False)["origin"]) == {"site"}
    assert "replica" not in (real / "README.md").read_text()


def test_a_home_filled_by_a_replica_stays_marked(home: Home) -> None:
    settings = Settings(home=home.root)
    tables: dict[LabelKind, pl.DataFrame] = {"faces": pl.DataFrame({"model": []}, {"model": pl.String})}
    assert REPLICA not in provenance(settings, tables)
    mark_replica(home)
    assert provenance(settings, tables)[REPLICA] == DRAWN
    assert is_replica_release(home.root)
    assert is_replica_release(home.images)


@pytest.mark.parametrize(
    ("licence", "fields"),
    [("CC BY 4.0", {"license": "cc-by-4.0"}), ("CC0-1.0", {"license": "cc0-1.0"}),
     ("My own: see LICENSE", {"license": "other", "license_name": "My own: see LICENSE"}),
     ("", {"license": "other", "license_name": "see-below"})],
)  # fmt: skip
def test_the_front_matter_has_the_hubs_name_of_the_licence(home: Home, licence: str, fields: dict[str, str]) -> None:
    given = inputs(home, NAMES)
    result = release(home, replace(given, provenance={**given.provenance, "annotations licence": licence})).path
    head = yaml.safe_load((result / "README.md").read_text().split("---\n", 2)[1])
    assert {name: head[name] for name in fields} == fields
    assert head["language"] == ["ja", "en"]
    cited = yaml.safe_load((result / "CITATION.cff").read_text())
    assert (cited["type"], cited["version"], str(cited["date-released"])) == ("dataset", "v0001", "2024-05-06")
    assert cited.get("license") == (fields["license"].upper() if fields["license"].startswith("cc") else None)


def test_the_card_has_the_detectors_scores_on_reviewed_images(home: Home) -> None:
    result = release(home, inputs(home, NAMES)).path
    assert "on the 1 images that people reviewed" in (result / "README.md").read_text()
    assert table(result, "faces_detector").columns == ["model", "size", "images", "boxes", "ap50", "ap", "ar"]
    assert not (result / "statistics" / "heads_detector.csv").exists()


def test_evaluation_sets_only_have_reviewed_images(home: Home) -> None:
    given = inputs(home, NAMES)
    drawn = {"x0": 10.0, "y0": 10.0, "x1": 30.0, "y1": 40.0}
    refined = pl.DataFrame(
        [
            {"name": NAMES[0], "boxes": [{**drawn, "class": 2}, {**drawn, "y1": 50.0, "class": 1}], "reviewed": True},
            {"name": NAMES[1], "boxes": [{**drawn, "class": 2}, {**drawn, "y1": 50.0}], "reviewed": True},
            {"name": NAMES[2], "boxes": [{**drawn, "class": 2}], "reviewed": False},
        ],
        given.refined["faces"].schema,
    )
    result = release(home, replace(given, refined={**given.refined, "faces": refined})).path
    assert problems_of(result) == []
    seen = {f"0/{NAMES[0]}", f"0/{NAMES[1]}"}
    for path in ("coco/faces_reviewed.json", "yolo/faces_reviewed"):
        labels = read_labels(result / path)
        assert ({image.name for image in labels.images}, dict(labels.classes), labels.thing) == (seen, {}, "face")
        assert [len(image.boxes) for image in labels.images] == [2, 2]
    for path in ("coco/faces_classed.json", "yolo/faces_classed"):
        labels = read_labels(result / path)
        assert ({image.name for image in labels.images}, labels.thing) == ({f"0/{NAMES[0]}"}, None)
        assert dict(labels.classes) == {1: "boy", 2: "girl"}
    assert sorted(path.name for path in (result / "yolo/faces_reviewed/images").rglob("*.jpg")) == sorted(NAMES[:2])
    assert not list(result.glob("*/heads_*"))


def test_formats_without_scores_only_have_a_machines_surer_boxes(home: Home) -> None:
    given = inputs(home, NAMES)
    strict = {**given.provenance, "least score of a machine's boxes": 0.8}
    result = release(home, replace(given, provenance=strict)).path
    counts = {path: sum(len(image.boxes) for image in read_labels(result / path).images)
              for path in ("coco/faces.json", "yolo/faces", "voc/faces")}  # fmt: skip
    assert counts == {"coco/faces.json": 4, "yolo/faces": 1, "voc/faces": 1}
    assert "with a score of 0.8 or more" in (result / "README.md").read_text()
