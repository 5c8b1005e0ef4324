"""Output of `lap convert` and `lap evaluate`, and the detections that other programs save."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lap_assets.commands.labels import Conversion, convert, evaluate, write_report
from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import read_labels, write_labels

TRUE = (Box(10, 10, 40, 40, 1), Box(50, 50, 80, 80, 2, ignore=True))
LABELS = Annotations(
    (LabeledImage("0/000012.jpg", 100, 100, TRUE, split="val"), LabeledImage("0/b.jpg", 100, 100)),
    {1: "face", 2: "head"},
    None,
)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    write_labels(LABELS, tmp_path / "truth.json", "coco")
    return tmp_path / "truth.json"


def test_counts_in_and_out_and_what_is_lost(truth: Path, tmp_path: Path) -> None:
    assert convert(truth, tmp_path / "out", Conversion("yolo")) == [
        f"read: 2 images, 2 boxes, 2 classes: {truth}",
        f"written: 2 images, 1 box, 2 classes: {tmp_path / 'out'}",
        "yolo cannot express everything: 1 ignored boxes and crowds are left out",
        "yolo cannot express everything: images without a split are for training",
    ]
    empty = tmp_path / "empty.json"
    empty.write_text(json.dumps({"images": [{"id": 1, "file_name": "a.jpg", "width": 1, "height": 1}]}))
    assert convert(empty, tmp_path / "empty_out.json", Conversion("coco"))[2] == "no image has a box"


@pytest.mark.parametrize(("name", "file"), [("coco", "a.json"), ("parquet", "a.parquet"), ("lap", "labels.txt"),
                                            ("yolo", "folder"), ("voc", "folder")])  # fmt: skip
def test_existing_files_stay_without_force(truth: Path, tmp_path: Path, name: str, file: str) -> None:
    target = tmp_path / "out" / file
    convert(truth, target, Conversion(name))
    there = {path: path.read_bytes() for path in target.parent.rglob("*") if path.is_file()}
    other = tmp_path / "other.json"
    write_labels(replace(LABELS, images=LABELS.images[:1]), other, "coco")
    with pytest.raises(FileExistsError):
        convert(other, target, Conversion(name))
    assert {path: path.read_bytes() for path in target.parent.rglob("*") if path.is_file()} == there
    convert(other, target, Conversion(name, force=True))
    assert {path: path.read_bytes() for path in target.parent.rglob("*") if path.is_file()} != there
    assert [path.name for path in target.parent.iterdir() if path.name.endswith(".part")] == []


def test_force_does_not_replace_other_folders(truth: Path, tmp_path: Path) -> None:
    convert(truth, tmp_path / "out", Conversion("voc"))
    (tmp_path / "out" / "thesis.tex").write_text("")
    for name in ("voc", "yolo"):
        with pytest.raises(FileExistsError):
            convert(truth, tmp_path / "out", Conversion(name, force=True))
    assert (tmp_path / "out" / "Annotations").is_dir()


@pytest.mark.parametrize("force", [False, True])
def test_classes_of_another_data_set_beside_the_target_stay(truth: Path, tmp_path: Path, force: bool) -> None:
    there = tmp_path / "n" / "classes.txt"
    there.parent.mkdir()
    there.write_text("1:boy\n2:girl\n")
    lines = convert(truth, tmp_path / "n" / "labels_faces.txt", Conversion("lap", force=force))
    assert there.read_text() == "1:boy\n2:girl\n"
    assert lines[1].endswith(f"{tmp_path / 'n' / 'labels_faces.txt'}, {tmp_path / 'n' / 'labels_faces.classes.txt'}")
    assert read_labels(tmp_path / "n" / "labels_faces.txt").classes == LABELS.classes


def test_the_dialect_of_the_original_round_trips_byte_for_byte(tmp_path: Path) -> None:
    seed = (
        b"0\\MAL00005_1018_120197.jpg: 10 20 110 120 3, 100 20 150 60 -1\r\n0\\MAL00006_0008_019968.jpg: -\r\n"
        b"1\\MAL01000_0008_019968.jpg: 1 2 3 4 15\r\n"
    )
    (tmp_path / "labels_faces.txt").write_bytes(seed)
    (tmp_path / "classes.txt").write_bytes(b"3:young man\r\n15:other\r\n")
    convert(tmp_path / "labels_faces.txt", tmp_path / "out" / "labels_faces.txt", Conversion("lap", seed=True))
    assert (tmp_path / "out" / "labels_faces.txt").read_bytes() == seed
    assert (tmp_path / "out" / "classes.txt").read_bytes() == b"3:young man\r\n15:other\r\n"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["classes.txt", "labels_faces.txt"]
    with pytest.raises(InputError, match="--seed-dialect: expected --to lap"):
        convert(tmp_path / "labels_faces.txt", tmp_path / "a.json", Conversion("coco", seed=True))


def test_skip_continues_and_lists_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("a.jpg: 1 2 3\nb.jpg: 1 1 9 9\nb.jpg: -\n")
    with pytest.raises(LabelFileError):
        convert(tmp_path / "labels.txt", tmp_path / "out.txt", Conversion("lap"))
    lines = convert(tmp_path / "labels.txt", tmp_path / "out.txt", Conversion("lap", skip=True))
    assert (tmp_path / "out.txt").read_text() == "b.jpg: 1 1 9 9\n"
    assert [line.split(":")[0] for line in lines[2:]] == ["left out"] * 2


def judged(truth: Path, detections: Path, *, by_class: bool = True) -> float | None:
    return evaluate(
        truth, detections, formats=(None, None), images=None, by_class=by_class, with_unreviewed=False
    ).report.scores.ap50


RESULT = {"category_id": 1, "bbox": [10, 10, 30, 30], "score": 0.9}


@pytest.mark.parametrize(
    "result",
    [{"image_id": 12}, {"image_id": 1}, {"image_id": "1"}, {"image_id": 999, "file_name": "000012.jpg"},
     {"image_id": 12, "file_name": "000012.jpg"}, {"image_id": "000012.jpg"}, {"image_id": r"x\0\000012.jpg"},
     {"image_id": None, "file_name": "/pictures/000012.jpg"}],
)  # fmt: skip
def test_predictions_of_ultralytics_and_results_of_coco(truth: Path, tmp_path: Path, result: dict[str, object]) -> None:
    (tmp_path / "predictions.json").write_text(json.dumps([RESULT | result]))
    assert judged(truth, tmp_path / "predictions.json") == 1.0
    older = [RESULT | result | {"category_id": 0}]
    (tmp_path / "predictions.json").write_text(json.dumps(older))
    if result["image_id"] in (1, "1") and "file_name" not in result:
        with pytest.raises(LabelFileError, match="there is no category 0"):
            judged(truth, tmp_path / "predictions.json")
    else:
        assert judged(truth, tmp_path / "predictions.json") == 1.0


def test_results_of_another_data_set_are_named(truth: Path, tmp_path: Path) -> None:
    (tmp_path / "predictions.json").write_text(json.dumps([RESULT | {"image_id": 77}]))
    with pytest.raises(LabelFileError, match=r"predictions\.json: annotation 1: there is no image 77"):
        judged(truth, tmp_path / "predictions.json")


def test_detections_on_other_images_are_not_scored_as_zero(truth: Path, tmp_path: Path) -> None:
    moved = replace(LABELS, images=tuple(replace(image, name=f"x/{image.name}") for image in LABELS.images))
    write_labels(moved, tmp_path / "moved.json", "coco")
    with pytest.raises(InputError, match=r"none of .* is in the truth: 'x/0/000012\.jpg' is not, '0/000012\.jpg' is"):
        judged(truth, tmp_path / "moved.json")


def test_ambiguous_input_is_reported(tmp_path: Path) -> None:
    named = (LabeledImage("2.jpg", 100, 100, TRUE[:1], id=1), LabeledImage("1.jpg", 100, 100, id=2))
    write_labels(replace(LABELS, images=named), tmp_path / "truth.json", "coco")
    results = [{**RESULT, "image_id": 1}, {**RESULT, "image_id": 2, "bbox": [60, 60, 90, 90]}]
    (tmp_path / "found.json").write_text(json.dumps(results))
    notes = evaluate(tmp_path / "truth.json", tmp_path / "found.json", formats=(None, None), images=None,
                     by_class=True, with_unreviewed=False).notes  # fmt: skip
    assert {note.split(":")[0] for note in notes[2:]} == {
        "image ids that are also names of other images, read as ids",
        "boxes that exceed their image, kept unchanged",
    }


def test_text_files_of_ultralytics(truth: Path, tmp_path: Path) -> None:
    labels = tmp_path / "predict" / "labels"
    labels.mkdir(parents=True)
    (labels / "000012.txt").write_text("0 0.25 0.25 0.3 0.3 0.8\n")
    (labels / "another.txt").write_text("0 0.25 0.25 0.3 0.3 0.8\n")
    assert judged(truth, tmp_path / "predict") == judged(truth, labels) == 1.0
    (labels / "000012.txt").unlink()
    with pytest.raises(LabelFileError, match="none of its files is named after an image of the truth"):
        judged(truth, labels)


def test_predictions_of_wider(truth: Path, tmp_path: Path) -> None:
    event = tmp_path / "pred" / "0"
    event.mkdir(parents=True)
    (event / "000012.txt").write_text("000012\n1\n10.2 10 30 30 0.998\n")
    (event / "b.txt").write_text("b.jpg\n0\n")
    assert judged(truth, tmp_path / "pred", by_class=False) == 1.0
    (tmp_path / "one.txt").write_text("0/000012.jpg\n1\n10.2 10 30 30 0.998\n")
    assert judged(truth, tmp_path / "one.txt", by_class=False) == 1.0


def test_a_report_is_not_written_over_another(truth: Path, tmp_path: Path) -> None:
    (tmp_path / "found.json").write_text(json.dumps([RESULT | {"image_id": 1}]))
    judgement = evaluate(
        truth, tmp_path / "found.json", formats=(None, None), images=None, by_class=False, with_unreviewed=False
    )
    assert judgement.notes[0].startswith("truth: 2 images, 2 boxes, 2 classes: ")
    write_report(judgement.report, tmp_path / "out", None)
    with pytest.raises(FileExistsError):
        write_report(judgement.report, tmp_path / "out", None)
    write_report(judgement.report, tmp_path / "out", None, force=True)
