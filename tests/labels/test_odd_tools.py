"""Unusual files of YOLO and annotation tools: what is read, counted as left out, and rejected by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import LabelFileError
from tests.labels.odd_files import Files, Found, check_read, read

PX = (640, 480)
ROW, CORNERS = "0 0.5 0.5 0.2 0.2", (256, 192, 384, 288)
YOLO = {"data.yaml": "train: images\nnames: [face, head]\n", "images/a.jpg": PX}
SHAPE: dict[str, Any] = {"label": "face", "points": [[1, 2], [31, 42]], "shape_type": "rectangle"}
VALUE: dict[str, Any] = {"x": 10, "y": 10, "width": 20, "height": 20, "rectanglelabels": ["face"]}
RESULT = {"type": "rectanglelabels", "original_width": 640, "original_height": 480, "value": VALUE}
STUDIO = (64, 48, 192, 144)
TURK = {"content": "a.jpg", "annotation": [{"label": ["face"], "imageWidth": 640, "imageHeight": 480,
                                             "points": [{"x": 0.1, "y": 0.1}, {"x": 0.3, "y": 0.3}]}]}  # fmt: skip


def yolo(row: str) -> Files:
    return {**YOLO, "labels/a.txt": f"{row}\n"}


def labelme(**changes: Any) -> dict[str, Any]:
    return {"version": "5", "shapes": [SHAPE], "imagePath": "a.jpg", "imageWidth": 640, "imageHeight": 480, **changes}


def shape(kind: str, *points: list[float]) -> dict[str, Any]:
    return labelme(shapes=[{**SHAPE, "shape_type": kind, "points": points}])


def task(*results: object, **changes: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"result": list(results)}], **changes}


def result(kind: str, **value: Any) -> dict[str, Any]:
    return {**RESULT, "type": kind, "value": {**value, kind: ["face"]}}


AT_EDGE = "boxes around shapes clipped at the picture's edge"
POLYGONS = "polygons read as the boxes around them"
READ: dict[str, tuple[Files, str, Found, set[str]]] = {
    "yolo, text files in capitals": ({**YOLO, "labels/a.TXT": ROW}, "", {"a.jpg": [CORNERS]}, set()),
    "yolo, labels in capitals": ({**YOLO, "Labels/a.txt": ROW}, "", {"a.jpg": [CORNERS]}, set()),
    "yolo, images in capitals": (
        {"data.yaml": "train: Images\nnames: [face, head]\n", "Images/a.jpg": PX, "labels/a.txt": ROW}, "",
        {"a.jpg": [CORNERS]}, set()),
    "yolo, numbers of tracks": (yolo(f"{ROW} 0.9 3"), "", {"a.jpg": [CORNERS]}, {"numbers of tracks left out"}),
    "yolo, triangles": (yolo("0 0.1 0.1 0.2 0.1 0.2 0.2"), "", {"a.jpg": [(64, 48, 128, 96)]}, {POLYGONS}),
    "yolo, two pictures of one label file": (
        {**yolo(ROW), "images/a.png": PX}, "", {"a.jpg": [CORNERS], "a.png": [CORNERS]},
        {"label files shared by several pictures"}),
    "labelme, folders within": (
        {"x/a.json": labelme(), "y/a.JSON": labelme()}, "",
        {"x/a.jpg": [(1, 2, 31, 42)], "y/a.jpg": [(1, 2, 31, 42)]}, set()),
    "labelme, picture first": (
        {"a.json": {"imageData": "A" * 70_000, **labelme()}}, "a.json", {"a.jpg": [(1, 2, 31, 42)]}, set()),
    "labelme, pictures without labels": (
        {"a.json": labelme(), "a.jpg": PX, "b.jpg": PX}, "", {"a.jpg": [(1, 2, 31, 42)]},
        {"pictures without a label file left out"}),
    "labelme, a circle over the edge": (
        {"a.json": shape("circle", [10, 10], [10, 40])}, "a.json", {"a.jpg": [(0, 0, 40, 40)]},
        {"circles read as the boxes around them", AT_EDGE}),
    "labelme, a rotated box": (
        {"a.json": shape("oriented_rectangle", [9, 1], [19, 9], [9, 19], [1, 9])}, "a.json",
        {"a.jpg": [(1, 1, 19, 19)]}, {"rotated boxes read as the boxes around them"}),
    "labelme, flags and groups": (
        {"a.json": labelme(flags={"bad": True}, shapes=[{**SHAPE, "group_id": 0}])}, "a.json",
        {"a.jpg": [(1, 2, 31, 42)]}, {"flags of images left out", "groups and descriptions of shapes left out"}),
    "label studio, skipped": (
        {"a.json": [task(annotations=[{"was_cancelled": True, "result": [RESULT]}]), task(annotations=None)]}, "a.json",
        {}, {"unannotated tasks left out"}),
    "label studio, a draft": (
        {"a.json": [task(annotations=[], drafts=[{"result": [RESULT]}])]}, "a.json", {},
        {"unannotated tasks left out", "drafts left out"}),
    "label studio, nothing on it": ({"a.json": [task(result("choices"))]}, "a.json", {"a.jpg": []},
                                    {"results of the kind choices left out"}),
    "label studio, ground truth": (
        {"a.json": [task(annotations=[{"ground_truth": True, "result": [RESULT]}, {"result": [RESULT] * 2}])]},
        "a.json", {"a.jpg": [STUDIO]}, {"annotations by other people left out"}),
    "label studio, its short form": (
        {"a.json": [{"id": 1, "image": "a.jpg", "faces": [{**VALUE, "original_width": 640, "original_height": 480}]}]},
        "a.json", {"a.jpg": [STUDIO]}, set()),
    "label studio, one task": ({"a.json": task(RESULT)}, "a.json", {"a.jpg": [STUDIO]}, set()),
    "label studio, an address": (
        {"a.json": [task(RESULT, data={"image": "/data/local-files/?d=set%20one/a%20b.jpg"})]}, "a.json",
        {"set one/a b.jpg": [STUDIO]}, set()),
    "label studio, a polygon": (
        {"a.json": [task(result("polygonlabels", points=[[10, 10], [30, 10], [30, 30]]))]}, "a.json",
        {"a.jpg": [STUDIO]}, {POLYGONS}),
    "label studio, an ellipse over the edge": (
        {"a.json": [task(result("ellipselabels", x=5, y=20, radiusX=10, radiusY=10))]}, "a.json",
        {"a.jpg": [(0, 48, 96, 144)]}, {"ellipses read as the boxes around them", AT_EDGE}),
    "label studio, labels apart from rectangles": (
        {"a.json": [task({**RESULT, "id": "q", "type": "rectangle", "value": {**VALUE, "rectanglelabels": None}},
                         {"id": "q", "type": "labels", "value": {**VALUE, "rectanglelabels": None, "labels": ["x"]}})]},
        "a.json", {"a.jpg": [STUDIO]}, set()),
    "dataturks, skipped": (
        {"a.json": f'{json.dumps({**TURK, "annotation": None})}\n{json.dumps({**TURK, "content": "b.jpg"})}\n'},
        "a.json", {"b.jpg": [STUDIO]}, {"unannotated pictures left out"}),
    "csv, of RetinaNet": (
        {"a.csv": "a.jpg,1,2,3,4,face\nb.jpg,,,,,\n"}, "a.csv", {"a.jpg": [(1, 2, 3, 4)], "b.jpg": []}, set()),
    "csv, of TensorFlow": (
        {"a.csv": "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,640,480,face,1,2,3,4\n"}, "a.csv",
        {"a.jpg": [(1, 2, 3, 4)]}, set()),
    "csv, sides": (
        {"a.csv": "x;y;width;height;name\n10;20;30;40;a.jpg\n"}, "a.csv", {"a.jpg": [(10, 20, 40, 60)]}, set()),
    "retinaface, no space": ({"label.txt": "#a.webp\n1 2 30 40\n"}, "label.txt", {"a.webp": [(1, 2, 31, 42)]}, set()),
    "wider, webp": ({"wider_a.txt": "a.webp\n1\n1 2 30 40 0 0 0 0 0 0\n"}, "wider_a.txt", {"a.webp": [(1, 2, 31, 42)]},
                    set()),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_it_is_read_and_what_is_left_out_is_counted(name: str, tmp_path: Path) -> None:
    check_read(READ[name], tmp_path)


REFUSED: dict[str, tuple[Files, str, str]] = {
    "yolo in px": (yolo("0 320 240 20 20"), "", r"a\.txt:1: expected fractions .*, 0 to 1, not 320 240 20 20"),
    "yolo with LAP's classes": (
        {"images/a.jpg": PX, "labels/a.txt": ROW, "classes.txt": "1:face\n2:head\n"}, "", "lines of `id:name`"),
    "yolo without pictures": (
        {"obj_train_data/a.txt": ROW, "obj.names": "face\n", "train.txt": "data/obj_train_data/a.jpg\n"}, "",
        r"a\.txt: 1 label files belong to no listed image, and no box was found"),
    "labelme, an empty label": (
        {"a.json": labelme(shapes=[{**SHAPE, "label": " "}])}, "a.json", "label: expected a name"),
    "label studio, a video": ({"a.json": [task(RESULT, data={"video": "a.mp4"})]}, "a.json", "it has no picture name"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name(name: str, tmp_path: Path) -> None:
    files, source, fault = REFUSED[name]
    with pytest.raises(LabelFileError, match=fault):
        read(tmp_path, files, source)


def test_a_models_predictions_are_not_a_persons_labels(tmp_path: Path) -> None:
    guess = {"model_version": "yolo 3", "score": 0.5, "result": [RESULT]}
    (image,) = read(tmp_path, {"a.json": [task(annotations=[], predictions=[guess])]}, "a.json").images
    assert (image.reviewed, image.tier, image.model, image.boxes[0].score) == (False, "machine", "yolo 3", 0.5)


def test_darknets_lists_define_the_splits(tmp_path: Path) -> None:
    files = {"obj_train_data/a.jpg": PX, "obj_train_data/b.jpg": PX, "obj_train_data/a.txt": ROW, "obj.names": "face\n",
             "train.txt": "data/obj_train_data/a.jpg\n", "valid.txt": "data/obj_train_data/b.jpg\n"}  # fmt: skip
    labels = read(tmp_path, files)
    assert [(image.name[-5:], image.split, len(image.boxes)) for image in labels.images] == [
        ("a.jpg", "train", 1),
        ("b.jpg", "val", 0),
    ]
