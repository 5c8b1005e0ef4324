"""Folders of COCO files, one per split: Roboflow's and COCO's own layouts, with splits, ids and classes."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lap_assets.core.errors import LabelFileError
from lap_assets.labels.formats import format_of, read_labels, write_labels

FACES = ({"id": 0, "name": "faces", "supercategory": "none"}, {"id": 1, "name": "face", "supercategory": "faces"})


def put(path: Path, names: Sequence[str], categories: Sequence[dict[str, Any]] = FACES, first: int = 0) -> None:
    """A file with a box of the last category on each image; ids count from `first`, as Roboflow's in each split."""
    images = [{"id": first + n, "file_name": name, "width": 60, "height": 40} for n, name in enumerate(names)]
    boxes = [
        {"id": n, "image_id": first + n, "category_id": categories[-1]["id"], "bbox": [1, 2, 3, 4 + n], "area": 12,
         "segmentation": [], "iscrowd": 0}
        for n, _ in enumerate(names)
    ]  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"images": images, "annotations": boxes, "categories": list(categories)}))


def draw(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (60, 40), (len(path.name), 9, 9)).save(path)


@pytest.fixture
def roboflow(tmp_path: Path) -> Path:
    for split, names in (("train", ("a.jpg", "b.jpg")), ("valid", ("a.jpg",)), ("test", ("c.jpg",))):
        put(tmp_path / "tree" / split / "_annotations.coco.json", names)
        for name in names:
            draw(tmp_path / "tree" / split / name)
    (tmp_path / "tree" / "README.roboflow.txt").write_text("exported\n")
    return tmp_path / "tree"


def test_roboflows_tree_is_one_set_with_its_splits(roboflow: Path, tmp_path: Path) -> None:
    assert format_of(roboflow) == "coco"
    for images in (None, roboflow):
        labels = read_labels(roboflow, images=images)
        assert {image.name: image.split for image in labels.images} == {
            "train/a.jpg": "train", "train/b.jpg": "train", "valid/a.jpg": "val", "test/c.jpg": "test",
        }  # fmt: skip
        assert labels.names() == {0: "faces", 1: "face"}
        assert {box.class_id for image in labels.images for box in image.boxes} == {1}
        assert [image.id for image in labels.images] == [None] * 4  # both files count ids from 0
    for name, path in (("coco", "out.json"), ("yolo", "yolo"), ("voc", "voc"), ("parquet", "out.parquet")):
        write_labels(labels, tmp_path / path, name, images=roboflow)
        again = read_labels(tmp_path / path)
        found = {image.name: (image.split, [box.corners for box in image.boxes]) for image in again.images}
        assert found == {image.name: (image.split, [box.corners for box in image.boxes]) for image in labels.images}


def test_a_split_alone_is_read_too(roboflow: Path) -> None:
    labels = read_labels(roboflow / "valid")
    assert [(image.name, image.split, image.id) for image in labels.images] == [("a.jpg", "val", 0)]


@pytest.mark.parametrize("place", ["train2017", "images/train2017", "images"])
def test_cocos_own_layout(place: str, tmp_path: Path) -> None:
    put(tmp_path / "annotations" / "instances_train2017.json", ["1.jpg", "2.jpg"], first=10)
    put(tmp_path / "annotations" / "instances_val2017.json", ["3.jpg"], first=90)
    draw(tmp_path / place / "1.jpg")
    labels = read_labels(tmp_path)
    assert [image.id for image in labels.images] == [10, 11, 90]
    assert [image.split for image in labels.images] == ["train", "train", "val"]
    assert labels.images[0].name == f"{place}/1.jpg"
    assert (tmp_path / labels.images[0].name).exists()


def test_one_class_in_all_files_is_the_thing(tmp_path: Path) -> None:
    for split in ("train", "valid"):
        put(tmp_path / split / "_annotations.coco.json", [f"{split}.jpg"], FACES[1:])
    labels = read_labels(tmp_path)
    assert (labels.thing, labels.thing_number, dict(labels.classes)) == ("face", 1, {})
    assert {box.class_id for image in labels.images for box in image.boxes} == {None}


def test_a_split_with_fewer_classes_keeps_their_numbers(tmp_path: Path) -> None:
    put(tmp_path / "train" / "_annotations.coco.json", ["a.jpg"])
    put(tmp_path / "valid" / "_annotations.coco.json", ["b.jpg"], FACES[1:])
    labels = read_labels(tmp_path)
    assert (labels.thing, labels.names()) == (None, {0: "faces", 1: "face"})
    assert {box.class_id for image in labels.images for box in image.boxes} == {1}


def test_a_number_with_two_names_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "train" / "_annotations.coco.json", ["a.jpg"])
    put(tmp_path / "valid" / "_annotations.coco.json", ["b.jpg"], (FACES[0], {"id": 1, "name": "head"}))
    with pytest.raises(LabelFileError, match=r"valid/_annotations.*category 1 is 'head' here and 'face' in another"):
        read_labels(tmp_path)


def test_a_folder_without_such_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelFileError, match=r"expected \*/_annotations\.coco\.json"):
        read_labels(tmp_path, "coco")


@pytest.mark.skipif(os.name != "posix", reason="FIFOs are POSIX")
def test_a_folder_in_place_of_a_file_is_named(roboflow: Path) -> None:
    for path in (roboflow / "valid" / "_annotations.coco.json", roboflow / "test" / "_annotations.coco.json"):
        path.unlink()
    os.mkfifo(roboflow / "valid" / "_annotations.coco.json")
    (roboflow / "test" / "_annotations.coco.json").symlink_to("/nowhere/at/all")
    with pytest.raises(LabelFileError, match=r"valid/_annotations\.coco\.json: a FIFO, not a file"):
        read_labels(roboflow / "valid", "coco")
    with pytest.raises(LabelFileError, match="_annotations"):
        read_labels(roboflow)
