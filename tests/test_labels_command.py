"""`lap convert`, `lap evaluate` and `lap verify` as people run them."""

import json
from pathlib import Path

from tests.support import Lap

TRUTH = "0\\MAL00005_1018_120197.jpg: 10 10 60 60, 100 10 150 60 1\n0\\MAL00006_0008_019968.jpg: -\n"
REVIEWED = (
    "name\treviewed\twidth\theight\n0/MAL00005_1018_120197.jpg\tyes\t200\t300\n0/MAL00006_0008_019968.jpg\tno\t90\t90\n"
)
FOUND = "0\\MAL00005_1018_120197.jpg: 10 10 60 60 0.9, 0 100 50 150 0.4\n0\\MAL00006_0008_019968.jpg: 1 1 50 50 0.99\n"


def test_labels_are_judged_and_converted(lap: Lap, tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("1:boy\n")
    (tmp_path / "labels_faces.txt").write_text(TRUTH)
    (tmp_path / "labels_faces.reviewed.tsv").write_text(REVIEWED)
    (tmp_path / "found.txt").write_text(FOUND)
    result = lap("evaluate", "--truth", "labels_faces.txt", "--detections", "found.txt", "--json", "--out", "judged")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["images"], report["unreviewed"], report["boxes"]["all"]) == (1, 1, 2)
    assert report["ap50"] == 51 / 101
    assert report["worst"] == [{"image": "0/MAL00005_1018_120197.jpg", "missed": 1, "wrong": 0}]
    assert sorted(path.name for path in (tmp_path / "judged").iterdir()) == ["evaluation.json", "precision_recall.png"]
    shown = lap("evaluate", "--truth", "labels_faces.txt", "--detections", "found.txt", "--with-unreviewed")
    assert "2 images" in shown.stderr
    assert "left out" not in shown.stderr
    result = lap("convert", "labels_faces.txt", "truth.json", "--to", "coco")
    assert result.stdout.splitlines() == [
        "read: 2 images, 2 boxes, 2 classes: labels_faces.txt",
        "written: 2 images, 2 boxes, 2 classes: truth.json",
    ]
    assert lap("evaluate", "--truth", "truth.json", "--detections", "found.txt", "--json").stdout == json.dumps(
        report, indent=1
    ) + "\n"  # fmt: skip


def test_faults_are_a_line_each_and_nothing_is_written(lap: Lap, tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("a.jpg: 1 2 3\nb.jpg: 9 9 1 1\nb.jpg: -\n")
    result = lap("convert", "labels.txt", "out.parquet", "--to", "parquet")
    assert result.returncode == 2
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        "labels.txt:1",
        "labels.txt:2",
        "labels.txt:3",
    ]
    unknown = lap("convert", "labels.txt", "out", "--to", "tfrecord")
    assert unknown.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["labels.txt"]


def test_a_release_is_verified(lap: Lap, tmp_path: Path) -> None:
    result = lap("verify", "nowhere")
    assert result.returncode == 1
    assert "SHA256SUMS" in result.stdout
