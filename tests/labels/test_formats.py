"""Every format round-trips, reports what it cannot represent, and rejects faults by file and line."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.image_names import portable_name
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import WRITTEN, format_of, lap, losses, parquet, read_as, read_labels
from lap_assets.labels.formats import write_labels as write
from lap_assets.labels.image_sizes import Sizes
from tests.labels.label_strategies import labels
from tests.profiles import examples

quick = examples(25)
FILES = {"lap": "labels_faces.txt", "coco": "a.json", "yolo": "yolo", "voc": "voc", "parquet": "a.parquet"}


def sizes_of(made: Annotations) -> Sizes:
    return {image.name: image.size for image in made.images}.__getitem__


def by_name(made: Annotations) -> list[LabeledImage]:
    return sorted(made.images, key=lambda image: image.name)


@pytest.fixture
def place(tmp_path: Path) -> Callable[[], Path]:
    """Return a new folder for each of hypothesis's examples."""
    numbers = iter(range(10_000))

    def fresh() -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return folder

    return fresh


@quick
@given(made=labels())
@pytest.mark.parametrize("name", ["coco", "voc", "parquet"])
def test_everything_round_trips(name: str, place: Callable[[], Path], made: Annotations) -> None:
    path = place() / FILES[name]
    write(made, path, name)
    back = read_labels(path)
    assert by_name(back) == by_name(made)
    assert (back.classes, back.thing) == (made.classes, made.thing)
    assert losses(made, name) == []


@quick
@given(made=labels(plain=True))
def test_yolo_gives_back_boxes_classes_splits_and_scores_where_they_were_asked_for(
    place: Callable[[], Path], made: Annotations
) -> None:
    path = place() / "yolo"
    write(made, path, "yolo", scores=True)
    back = read_as("yolo", path, sizes_of(made))
    assert by_name(back) == by_name(made)
    assert (back.classes, back.thing) == (made.classes, made.thing)


@quick
@given(made=labels(plain=True))
def test_lap_gives_back_boxes_classes_and_scores(place: Callable[[], Path], made: Annotations) -> None:
    path = place() / "labels_faces.txt"
    write(made, path, "lap")
    back = read_as("lap", path, sizes_of(made))
    expected = [replace(image, split=None, boxes=tuple(sorted(image.boxes, key=lambda box: box.corners)))
                for image in by_name(made)]  # fmt: skip
    assert [replace(image, boxes=tuple(sorted(image.boxes, key=lambda box: box.corners))) for image in back.images] \
        == expected  # fmt: skip
    assert back.classes == made.classes


FACES = Annotations(
    (
        LabeledImage("0/a.jpg", 100, 200, (Box(1, 2, 30, 40, 1), Box(5.5, 6, 7, 8)), reviewed=True, split="val"),
        LabeledImage("1/b.jpg", 50, 60, (), reviewed=False),
    ),
    {1: "boy", 2: "girl"},
)


def test_lap_keeps_what_was_reviewed_and_the_sizes_beside_the_lines(tmp_path: Path) -> None:
    write(FACES, tmp_path / "labels_faces.txt", "lap")
    assert (tmp_path / "labels_faces.txt").read_text() == "0\\a.jpg: 1 2 30 40 1, 5.5 6 7 8\n1\\b.jpg: -\n"
    assert (tmp_path / "classes.txt").read_text() == "1:boy\n2:girl\n"
    back = read_labels(tmp_path / "labels_faces.txt")
    assert back.images == tuple(replace(image, split=None) for image in FACES.images)
    assert lap.text(FACES, whole=True).startswith("0\\a.jpg: 1 2 30 40 1, 6 6 7 8\n")


@pytest.mark.parametrize("source", WRITTEN)
@pytest.mark.parametrize("target", WRITTEN)
def test_every_format_is_converted_to_every_other(tmp_path: Path, source: str, target: str) -> None:
    images = tmp_path / "images"
    for image in FACES.images:
        (images / image.name).parent.mkdir(parents=True)
        Image.new("RGB", image.size).save(images / image.name)
    write(FACES, tmp_path / "one" / FILES[source], source, images=images)
    read = read_labels(tmp_path / "one" / FILES[source], images=images)
    write(read, tmp_path / "other" / FILES[target], target, images=images)
    back = read_labels(tmp_path / "other" / FILES[target], images=images)
    assert [(image.name, image.size, image.boxes) for image in by_name(back)] == [
        (image.name, image.size, image.boxes) for image in FACES.images
    ]
    assert back.classes == FACES.classes


def test_wider_keeps_marks_and_ignores_invalid_faces(tmp_path: Path) -> None:
    path = tmp_path / "wider_face_val_bbx_gt.txt"
    path.write_bytes(
        b"0--Parade/a.jpg\r\n2\r\n449 330 122 149 2 0 0 0 1 0\r\n361 98 0 10 0 0 0 1 0 0 \r\n"
        b"0--Parade/none.jpg\r\n0\r\n0 0 0 0 0 0 0 0 0 0\r\n"
    )
    a, none = read_labels(path).images
    assert [(box.corners, box.ignore) for box in a.boxes] == [
        ((449, 330, 571, 479), False),
        ((361, 98, 361, 108), True),
    ]
    assert dict(a.boxes[0].attributes)["blur"] == 2
    assert dict(a.boxes[0].attributes)["occlusion"] == 1
    assert (none.name, none.boxes) == ("0--Parade/none.jpg", ())
    assert losses(read_labels(path), "yolo") == ["1 ignored boxes and crowds are left out", "attributes are left out"]


def test_a_foreign_coco_file_is_read_and_a_list_of_results_with_the_file_of_its_ids(tmp_path: Path) -> None:
    told = {
        "images": [{"id": 7, "file_name": "x.png", "width": 10, "height": 20}],
        "annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "segmentation": []}],
        "categories": [{"id": 3, "name": "head"}],
    }
    (tmp_path / "truth.json").write_text(json.dumps(told))
    read = read_labels(tmp_path / "truth.json")
    assert read == Annotations((LabeledImage("x.png", 10, 20, (Box(1, 2, 4, 6),)),), {}, "head")
    (tmp_path / "found.json").write_text('[{"image_id": 7, "category_id": 3, "bbox": [1, 2, 3, 4], "score": 0.5}]')
    found = read_labels(tmp_path / "found.json", truth=read_labels(tmp_path / "truth.json"))
    assert found.images[0].boxes == (Box(1, 2, 4, 6, score=0.5),)
    with pytest.raises(LabelFileError, match="ids need the COCO file of their images"):
        read_labels(tmp_path / "found.json")


def test_a_foreign_yolo_folder_lists_folders(tmp_path: Path) -> None:
    (tmp_path / "images" / "train").mkdir(parents=True)
    (tmp_path / "labels" / "train").mkdir(parents=True)
    Image.new("RGB", (100, 50)).save(tmp_path / "images" / "train" / "x.png")
    (tmp_path / "labels" / "train" / "x.txt").write_text("1 0.5 0.5 0.5 1.0\n")
    (tmp_path / "data.yaml").write_text("train: images/train\nnames: [cat, dog]\n")
    read = read_labels(tmp_path)
    assert read.images == (LabeledImage("train/x.png", 100, 50, (Box(25, 0, 75, 50, 1),), split="train"),)
    assert read.classes == {0: "cat", 1: "dog"}


def test_parquet_may_hold_the_images(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "a.jpg").write_bytes(b"picture")
    one = replace(FACES, images=FACES.images[:1])
    parquet.write(one, tmp_path / "a.parquet", images=tmp_path)
    assert read_labels(tmp_path / "a.parquet") == one


BAD = {
    "lap": [
        ("labels_faces.txt", "0\\a.jpg: 1 2 3\n", r"labels_faces\.txt:1: .*numbers"),
        ("labels_faces.txt", "0\\a.jpg: -\r\n0\\b.jpg: 9 2 3 4\r\n", r"labels_faces\.txt:2: "),
        ("labels_faces.txt", "0\\a.jpg: -\n0/a.jpg: -\n", r"labels_faces\.txt:2: "),
        ("labels_faces.txt", "0\\a.jpg: 1 2 3 four\n", r"labels_faces\.txt:1: .*four"),
        ("labels_faces.txt", "..\\a.jpg: -\n", r"labels_faces\.txt:1: "),
    ],
    "coco": [
        ("a.json", "{", r"a\.json:1: not JSON"),
        ("a.json", "[1]", "a bare list of results"),
        ("a.json", '{"images": [{"id": 1, "file_name": "../x.jpg", "width": 1, "height": 1}]}', "below a folder"),
        (
            "a.json",
            '{"images": [{"id": 1, "file_name": "x.jpg", "width": 9, "height": 9}], "categories": '
            '[{"id": 1, "name": "face"}], "annotations": [{"id": 5, "image_id": 1, "category_id": 2, "bbox": [1,2,3,4]}'
            ',{"id": 6, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3]}, {"id": 7, "image_id": 2}]}',
            "annotation 5: there is no category 2; .*annotation 6: bbox: expected 4 numbers, not 3; .*annotation 7: "
            "there is no image 2",
        ),
    ],
    "voc": [
        ("Annotations/x.xml", "<a>", r"x\.xml: not XML"),
        ("Annotations/x.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "declares a document type"),
        ("Annotations/x.xml", "<annotation><filename>../x.jpg</filename></annotation>", "a file name without folders"),
        ("Annotations/x.xml", "<annotation><filename>x.jpg</filename></annotation>", "it has no size/width"),
    ],
    "wider": [
        ("wider_x.txt", "a.jpg\n2\n1 2 3 4 0 0 0 0 0 0\n", r"wider_x\.txt:1: .*expected 2 faces, found 1"),
        ("wider_x.txt", "a.jpg\n1\n1 2 3 4\n", r"wider_x\.txt:3: expected 10 numbers, not 4"),
        ("wider_x.txt", "a.jpg\nb.jpg\n", r"wider_x\.txt:2: expected the number of faces after a\.jpg"),
        ("wider_x.txt", "../a.jpg\n0\n", r"wider_x\.txt:1: .*below a folder"),
    ],
    "yolo": [
        ("data.yaml", "names: [a", "not YAML"),
        ("data.yaml", "train: nowhere.txt\nnames: [a]", "nowhere.txt does not exist"),
        ("data.yaml", "train: ../..\nnames: [a]", "below a folder"),
    ],
    "parquet": [("a.parquet", "PAR1", "cannot be read as a table of labels")],
}


@pytest.mark.parametrize(
    ("format", "file", "content", "message"), [(name, *one) for name, several in BAD.items() for one in several]
)
def test_faults_are_named_by_file_and_line(tmp_path: Path, format: str, file: str, content: str, message: str) -> None:
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(content, newline="")
    path = tmp_path if format in ("voc", "yolo") else tmp_path / file
    with pytest.raises(LabelFileError, match=message):
        read_labels(path)


def test_yolo_names_the_lines_of_its_label_files(tmp_path: Path) -> None:
    write(FACES, tmp_path / "y", "yolo")
    (tmp_path / "y" / "labels" / "0" / "a.txt").write_text("0 0.1 0.2\n\n7 0.5 0.5 0.1 0.1\n0 0.5 0.5 1.5 0.1\n")
    with pytest.raises(LabelFileError, match=r"a\.txt:1: expected a class .*a\.txt:3: there is no class 7$"):
        read_as("yolo", tmp_path / "y", sizes_of(FACES))
    (tmp_path / "y" / "labels" / "0" / "a.txt").write_text("0 0.5 0.5 1.5 0.1\n")
    images = tmp_path / "y" / "images"
    for image in FACES.images:
        (images / image.name).parent.mkdir(parents=True)
        Image.new("RGB", image.size).save(images / image.name)
    with pytest.raises(LabelFileError, match=r"a\.txt: box 1: -25 90 125 110 lies outside the image \(100x200\)"):
        read_labels(tmp_path / "y")


def test_an_unknown_class_a_box_outside_and_a_missing_image_are_named_by_line(tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("1:boy\n")
    labels_file = tmp_path / "labels_faces.txt"
    labels_file.write_bytes("\ufeff0\\a.jpg: 1 1 2 2 9\r\n0\\gone.jpg: -\r\n".encode())
    with pytest.raises(LabelFileError, match=r"labels_faces\.txt:1: .*class 9"):
        read_labels(labels_file)
    labels_file.write_text("0\\a.jpg: 1 1 20 2 1\n0\\gone.jpg: -\n")
    (tmp_path / "0").mkdir()
    Image.new("RGB", (10, 10)).save(tmp_path / "0" / "a.jpg")
    with pytest.raises(LabelFileError, match=r"labels_faces\.txt:2: 0/gone\.jpg is not in"):
        read_labels(labels_file, images=tmp_path)
    labels_file.write_text("0\\a.jpg: 1 1 20 2 1\n")
    with pytest.raises(LabelFileError, match=r"labels_faces\.txt:1: box 1: 1 1 20 2 lies outside the image \(10x10\)"):
        read_labels(labels_file, images=tmp_path)


@pytest.mark.parametrize("name", ["coco", "voc", "wider"])
def test_a_wrong_encoding_is_named_by_line(tmp_path: Path, name: str) -> None:
    file = {"coco": "a.json", "voc": "Annotations/a.xml", "wider": "wider_a.txt"}[name]
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_bytes("\n\nж".encode("cp1251"))
    with pytest.raises(LabelFileError, match=r":3: it is not UTF-8 \(byte 0xe6\)"):
        read_labels(tmp_path if name == "voc" else tmp_path / file)


def test_existing_folders_are_not_overwritten_and_failed_ones_are_removed(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine").write_text("")
    with pytest.raises(FileExistsError):
        write(FACES, tmp_path / "taken", "voc")
    unsized = replace(FACES, images=(FACES.images[0], LabeledImage("z.jpg", boxes=(Box(0, 0, 1, 1),))))
    with pytest.raises(ValueError, match=r"z\.jpg: its size is unknown"):
        write(unsized, tmp_path / "new", "yolo")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken"]


def test_names_that_would_share_a_label_file_are_refused(tmp_path: Path) -> None:
    both = Annotations((LabeledImage("a.jpg", 1, 1), LabeledImage("a.png", 1, 1)))
    for name in ("yolo", "voc"):
        with pytest.raises(ValueError, match="would share one label file"):
            write(both, tmp_path / name, name)


@pytest.mark.parametrize("name", ["", "/a", "a/../b", "C:/a", "a//b", "a/", "./a", "a\n", "a\0"])
def test_a_name_never_leads_out_of_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="not a valid path of an image"):
        portable_name(name)


def test_the_format_is_detected_from_the_path(tmp_path: Path) -> None:
    for name in ("yolo", "voc"):
        write(FACES, tmp_path / name, name)
    told = {"a.json": "coco", "labels_heads.txt": "lap", "wider_face_train_bbx_gt.txt": "wider", "x.parquet": "parquet",
            "yolo": "yolo", "yolo/data.yaml": "yolo", "voc": "voc"}  # fmt: skip
    assert {path: format_of(tmp_path / path) for path in told} == told
    with pytest.raises(ValueError, match="name one of lap, coco"):
        format_of(tmp_path / "x.csv")
    assert read_labels(tmp_path / "voc").images[0].split == "val"
