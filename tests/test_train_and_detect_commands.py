"""`lap train faces|heads` and `lap detect` as people run them: from labels to a file of weights to boxes."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lap_assets.commands.label_suggestions import SuggestOptions, suggest
from lap_assets.core.box import Box
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.files import suggesting_model_path, suggestions_of
from lap_assets.core.progress import Silent
from lap_assets.labels.formats import read_labels, write_labels
from lap_assets.labels.refined import SCHEMA
from lap_assets.labels.rows import SIDES
from lap_assets.models.tiny.box_features import feature_count
from lap_assets.models.tiny.classifier import ClassifierFile, ClassWeights, classifier_beside, write_classifier
from lap_assets.models.tiny.trained import DetectorFile, read_header, write_detector
from lap_assets.pictures.gate import DEFAULT_LIMITS
from lap_assets.replica.renderer.picture import jpeg_of
from lap_assets.training.art import art_recipe
from lap_assets.training.examples import examples_of
from lap_assets.training.finetune import TuningPlan, tuned
from lap_assets.training.held_out import parted
from lap_assets.training.starts import start_of
from lap_assets.training.tuning_state import TuningState, fingerprint
from lap_gui.labeler.opening import open_session, opening
from lap_gui.labeler.session import LabelSession
from tests.support import Lap
from tests.training.labeled_pictures import SIDE, draw, poster_name

QUICK = ("--steps", "10", "--views", "1")


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of labeled pictures beside `truth.json`."""
    write_labels(draw(tmp_path / "pictures", 6), tmp_path / "truth.json", "coco")
    return tmp_path / "pictures"


def test_labels_become_a_detector_file_that_finds_boxes(lap: Lap, pictures: Path, tmp_path: Path) -> None:
    result = lap("train", "faces", "--truth", "truth.json", "--images", "pictures", "--out", "mine.safetensors", *QUICK)
    assert result.returncode == 0, result.stderr
    counted = r"\d images? with \d box\w*"
    assert re.search(
        f"learning from {counted}; choosing by {counted} and judging by {counted}, all of different anime",
        result.stderr,
    )
    assert "lap-tiny: AP50 " in result.stderr
    assert "wrote mine.safetensors" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.safetensors", "pictures", "truth.json"]
    about = read_header(tmp_path / "mine.safetensors").about
    assert about["ap50"] >= about["ap50_before"]
    (pictures / "notes.jpg").write_text("no picture")
    (pictures / ".hidden.jpg").write_text("no picture")
    for out in ("found.json", "found.txt"):
        result = lap("detect", "pictures", "--model", "mine.safetensors", "--out", out)
        assert result.returncode == 0, result.stderr
        assert "left out: notes.jpg: " in result.stderr
        assert "faces in 6 pictures by mine v1 " in result.stderr
    found = read_labels(tmp_path / "found.json")
    assert [image.name for image in found.images] == sorted(f"0/MAL{n:05d}_0001_{n - 1:06d}.jpg" for n in range(1, 7))
    assert all(box.score is not None for image in found.images for box in image.boxes)
    result = lap("evaluate", "--truth", "truth.json", "--detections", "found.json", "--json")
    assert json.loads(result.stdout)["images"] == 6


def test_a_homes_refined_boxes_are_learned_from(lap: Lap, tmp_path: Path) -> None:
    home = tmp_path / "lap_home"
    labels = draw(home / "images", 6)
    rows = [
        {
            "name": image.name.rpartition("/")[2],
            "sha256": "",
            "reviewed": number != 5,
            "problem": "line 3: odd" if number == 4 else None,
            "boxes": [{**dict(zip(SIDES, box.corners, strict=True)), "class": None} for box in image.boxes],
        }
        for number, image in enumerate(labels.images)
    ]
    result = lap("train", "heads", *QUICK)
    assert result.returncode == 2
    assert (
        "there are no refined boxes yet; label with `lap label`, then `lap run --only refined_head_boxes`"
        in result.stderr
    )
    table = home / "tables" / "refined_head_boxes" / "0.parquet"
    table.parent.mkdir(parents=True)
    pl.DataFrame(rows, schema=SCHEMA).write_parquet(table)
    result = lap("labels", "suggest", "heads")
    assert result.returncode == 2
    assert "there is no such file; run `lap train heads` first, or pass a model with --model" in result.stderr
    result = lap("train", "heads", *QUICK)
    assert result.returncode == 0, result.stderr
    assert (
        "images left out because their labels have a problem: 1 (the first: 0/MAL00005_0001_000004.jpg)"
        in result.stderr
    )
    trained = home / "weights" / "trained-heads.safetensors"
    assert read_header(trained).target == "heads"
    (home / "review").mkdir()
    baseline = home / "review" / "labels_heads_baseline.txt"
    baseline.write_text("0\\MAL00001_0001_000000.jpg: 1 1 9 9 0.9\n")
    labels_path = home / "review" / "labels_heads.txt"
    assert suggestions_of(labels_path) == baseline
    result = lap("labels", "suggest", "heads", "--min-score", "0.06")
    assert result.returncode == 0, result.stderr
    suggested = home / "review" / "labels_heads_suggested.txt"
    assert suggestions_of(labels_path) == suggested
    assert sorted(path.name for path in (home / "review").iterdir()) == [
        baseline.name, suggesting_model_path(suggested).name, suggested.name,
    ]  # fmt: skip
    assert suggesting_model_path(suggested).read_text().startswith("trained-heads")
    found = lap_format.read(suggested)
    assert sorted(found) == [image.name for image in labels.images]
    assert all((box.score or 0) >= 0.06 for name in found for box in found.boxes(name) or ())
    shown = open_session(opening(home / "images", labels_path)).session
    assert shown.layers[0].suggestions.boxes(labels.images[0].name) == found.boxes(labels.images[0].name)
    shown.close()
    picture = "lap_home/images/0/MAL00001_0001_000000.jpg"
    result = lap(
        "detect", picture, "--model", str(trained), "--to", "yolo", "--out", "boxes", LAP_HEAD_DETECTOR=trained
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "heads in 1 picture by trained-heads v1 " in result.stderr


def test_classes_are_suggested_beside_the_boxes_of_the_model_that_they_were_learned_with(tmp_path: Path) -> None:
    home = Home(tmp_path / "lap_home")
    for number in range(3):
        path = home.images / poster_name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg_of(art_recipe(3, number, 260)))
    network, cfg = start_of("lap-tiny", "faces")
    model = home.weights / "trained-faces.safetensors"
    write_detector(network, model, DetectorFile("faces", cfg, {}))
    count = feature_count()
    numbers = ClassWeights(np.zeros(count), np.ones(count), np.eye(count, 2), np.zeros(2))
    write_classifier(numbers, classifier_beside(model), ClassifierFile("faces", (3, 7), {}))
    asked = SuggestOptions("faces", None, 0.3, "cpu", DEFAULT_LIMITS)
    result = list(suggest(asked, home, Silent()))
    assert any("classes for" in line for line in result)
    session = open_session(opening(home.images, home.labels / "labels_faces.txt")).session
    found = []
    for index in range(3):
        session.go(index)
        found += suggested_on(session)
    assert found
    assert {box.class_id for box in found} <= {3, 7}
    session.close()
    list(suggest(replace(asked, model="lap-tiny"), home, Silent()))
    assert [path.name for path in home.labels.glob("*suggested*.t*")] == ["labels_faces_suggested.txt"]


def suggested_on(session: LabelSession) -> list[Box]:
    """Return the suggestions for the current image, whose size counts as known."""
    session.size = (4000, 4000)
    return session.suggested()


TRAIN = ("train", "faces", "--images", "pictures", "--truth")
DETECT = ("detect", "--model", "lap-tiny", "--out")


@pytest.mark.slow
def test_an_earlier_file_that_is_better_is_kept(lap: Lap, pictures: Path, tmp_path: Path) -> None:
    made = (*TRAIN, "truth.json", "--out", "mine.safetensors", *QUICK)
    (tmp_path / "mine.safetensors").write_bytes(b"somebody's")
    result = lap(*made)
    assert result.returncode == 2
    assert "mine.safetensors is not a detector that `lap train` wrote" in result.stderr
    labels = read_labels(tmp_path / "truth.json")
    learned = replace(labels, images=tuple(replace(image, reviewed=True) for image in labels.images))
    parts = parted(examples_of(learned, pictures, "faces", Silent()))
    network, cfg = start_of("lap-tiny", "faces")
    plan = TuningPlan("faces", steps=32, pictures=4, every=32)
    better = tuned(network, parts, plan, TuningState(tmp_path / "better", fingerprint(parts, network, plan)), Silent())
    assert better.best.ap50 > 0
    write_detector(better.network, tmp_path / "mine.safetensors", DetectorFile("faces", cfg, {}))
    content = (tmp_path / "mine.safetensors").read_bytes()
    result = lap(*made)
    assert result.returncode == 0, result.stderr
    assert "kept mine.safetensors: it is better than the new one" in result.stderr
    assert (tmp_path / "mine.safetensors").read_bytes() == content
    result = lap(*made, "--force")
    assert "wrote mine.safetensors" in result.stderr
    assert (tmp_path / "mine.safetensors").read_bytes() != content
    assert not (tmp_path / "mine.checkpoint.safetensors").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("train", "faces", "--truth", "truth.json"), "--truth and --images must be given together"),
        ((*TRAIN, "gone.json"), "gone.json: there is no such file"),
        ((*TRAIN, "outside.json"), "outside.json"),
        ((*TRAIN, "one.json"), "training needs labeled images of at least two anime"),
        ((*TRAIN, "truth.json", "--out", "x.pt"), "--out x.pt: expected"),
        ((*TRAIN, "truth.json", "--start", "sscd"), "--start sscd: expected"),
        ((*DETECT, "a.json", "pictures", "--model", "gone.safetensors"), "gone.safetensors: there is no such file"),
        ((*DETECT, "a.json", "pictures", "--model", "nobody"), "'nobody' is not a face detector"),
        ((*DETECT, "a.json", "nowhere"), "nowhere: no such picture or folder"),
        ((*DETECT, "a.json", "empty"), "empty: no pictures in this folder"),
        ((*DETECT, "a", "pictures"), "no format has this suffix"),
        ((*DETECT, "a", "--to", "xml", "pictures"), "--to xml: expected one of"),
        ((*DETECT, "truth.json", "pictures"), "truth.json: exists already"),
        ((*DETECT, "a.json", "truth.json"), "none of the 1 pictures is readable; the first: truth.json: "),
    ],
)
def test_what_cannot_be_used_is_one_line(
    lap: Lap, pictures: Path, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    (tmp_path / "empty").mkdir()
    labels = json.loads((tmp_path / "truth.json").read_text())
    inside = labels["annotations"]
    labels["annotations"] = [{**inside[0], "bbox": [SIDE - 5, 0, 50, 50]}, *inside[1:]]
    (tmp_path / "outside.json").write_text(json.dumps(labels))
    (tmp_path / "one.json").write_text(json.dumps({**labels, "annotations": inside[:1]}))
    before = sorted(tmp_path.rglob("*"))
    result = lap(*arguments)
    assert result.returncode == 2
    (output,) = [output for output in result.stderr.splitlines() if output.startswith("lap: ")]
    assert line in output
    assert "Traceback" not in result.stderr
    assert sorted(tmp_path.rglob("*")) == before
