"""Annotation tools' own files and published lists of faces: boxes, classes, omissions and rejections."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import LabelFileError
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats import coco, format_of, read_as, read_labels
from tests.profiles import examples

Put = Callable[[str, str], Path]
CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version>
<meta><task><labels><label><name>head</name></label><label><name>face</name></label></labels></task></meta>
<image id="4" name="0/a.jpg" width="100" height="50" subset="Validation">
<box label="face" occluded="1" xtl="1.5" ytl="2" xbr="30" ybr="40"><attribute name="eye">closed</attribute></box>
<box label="head" xtl="10" ytl="20" xbr="30" ybr="30" rotation="90"/>
<polygon label="face" points="1,2;9,3;5,20"/><points label="face" points="1,2"/><tag label="good"/></image>
<image id="9" name="b.jpg" width="100" height="50"/></annotations>"""


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def written(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    return written


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder of pictures for formats without sizes."""
    folder = tmp_path / "pictures"
    for name in ("a.jpg", "0/a.jpg", "0--Parade/a.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (100, 50)).save(folder / name)
    return folder


def boxes_of(labels: Annotations) -> dict[str, list[tuple[tuple[float, ...], str]]]:
    names = labels.names()
    return {image.name: [(box.corners, names[labels.id_of(box)]) for box in image.boxes] for image in labels.images}


def kinds(labels: Annotations) -> set[str]:
    """Return what was counted, without the counts."""
    return {note.split(":")[0] for note in labels.notes}


def test_cvat(put: Put) -> None:
    labels = read_labels(put("annotations.xml", CVAT))
    assert boxes_of(labels) == {
        "0/a.jpg": [((1.5, 2, 30, 40), "face"), ((15, 15, 25, 35), "head"), ((1, 2, 9, 20), "face")],
        "b.jpg": [],
    }
    assert [(image.id, image.split) for image in labels.images] == [(4, "val"), (9, None)]
    assert dict(labels.classes) == {1: "head", 2: "face"}
    assert dict(labels.images[0].boxes[0].attributes) == {"eye": "closed", "occluded": "1"}
    assert kinds(labels) == {
        "rotated boxes read as the boxes around them", "polygons read as the boxes around them",
        "shapes of the kind points left out", "shapes of the kind tag left out",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (CVAT.replace('xbr="30" ybr="40"', 'xbr="300" ybr="40"'), r"image 0/a\.jpg: box 1: .*outside the image"),
        (CVAT.replace('xtl="1.5"', 'xtl="left"'), r"image 0/a\.jpg: xtl: expected a number, not 'left'"),
        ("<annotations><track id='0'/></annotations>", "tracks of a video"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><annotations>&b;</annotations>', "declares a document type"),
        ("<annotations>", "not XML"),
    ],
)
def test_cvat_at_fault(put: Put, content: str, fault: str) -> None:
    with pytest.raises(LabelFileError, match=rf"annotations\.xml.*{fault}"):
        read_labels(put("annotations.xml", content))


def studio(value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "rectanglelabels", "original_width": 100, "original_height": 50, "value": value, **more}


FACE = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": ["face"]}
TURNED = {"x": 50, "y": 20, "width": 20, "height": 20, "rotation": 90, "rectanglelabels": ["head"]}


def test_label_studio(put: Put, pictures: Path) -> None:
    people = [{"result": [studio(TURNED)]}, {"result": [], "was_cancelled": True},
              {"result": [studio(FACE), studio(TURNED), studio({"choices": ["x"]}, type="choices")]}]  # fmt: skip
    tasks = [
        {"id": 1, "data": {"image": "/data/upload/1/0123abcd-a.jpg"}, "annotations": people, "predictions": [{}]},
        {"id": 2, "data": {"img": "/data/local-files/?d=set/images/0/a.jpg"}, "annotations": [],
         "predictions": [{"score": 0.5, "result": [studio(FACE)]}]},
    ]  # fmt: skip
    labels = read_labels(put("ls.json", json.dumps(tasks)), images=pictures)
    assert boxes_of(labels) == {
        "a.jpg": [((10, 10, 40, 30), "face"), ((40, 10, 50, 30), "head")],
        "0/a.jpg": [((10, 10, 40, 30), "face")],
    }
    assert labels.images[1].boxes[0].score == 0.5
    assert kinds(labels) == {
        "annotations by other people left out", "predictions left out", "results of the kind choices left out",
        "rotated boxes read as the boxes around them",
        "paths outside the folder of images, read as the part below it",
    }  # fmt: skip


def test_label_studios_short_form(put: Put) -> None:
    task = {"image": "a.jpg", "label": [{**FACE, "original_width": 100, "original_height": 50}], "data": None}
    content = json.dumps([task | {"annotation_id": 3, "predictions_of": []}])
    assert boxes_of(read_labels(put("min.json", content), "labelstudio")) == {"a.jpg": [((10, 10, 40, 30), "face")]}


def shape(kind: str, *points: list[float], label: str = "face") -> dict[str, Any]:
    return {"label": label, "points": points, "shape_type": kind, "flags": {}, "group_id": None}


def test_labelme_files_and_folders(put: Put) -> None:
    shapes = [shape("rectangle", [30, 40], [1, 2]), shape("circle", [20, 20], [25, 20]),
              shape("polygon", [1, 2], [9, 3], [5, 20], label="head"), shape("point", [1, 1])]  # fmt: skip
    content = {
        "version": "5",
        "shapes": shapes,
        "imagePath": "..\\pictures\\a.jpg",
        "imageHeight": 50,
        "imageWidth": 100,
    }
    path = put("set/x/a.json", json.dumps(content))
    found = [((1, 2, 30, 40), "face"), ((15, 15, 25, 25), "face"), ((1, 2, 9, 20), "head")]
    assert boxes_of(read_labels(path)) == {"a.jpg": found}
    put("set/b.json", json.dumps({**content, "imagePath": "b.jpg", "shapes": []}))
    labels = read_labels(path.parent.parent)
    assert boxes_of(labels) == {"b.jpg": [], "x/a.jpg": found}
    assert "shapes of the kind point left out" in kinds(labels)
    put("set/b.json", json.dumps({**content, "shapes": [{"label": "x"}]}))
    with pytest.raises(LabelFileError, match=r"b\.json: shape 1: points is missing"):
        read_labels(path.parent.parent)


def test_dataturks(put: Put) -> None:
    corners = [{"x": 0.1, "y": 0.2}, {"x": 0.4, "y": 0.6}]
    box = {"label": ["Face"], "notes": "", "points": corners, "imageWidth": 100, "imageHeight": 50}
    lines = [{"content": "http://com.dataturks.a96/a.jpg", "annotation": [box], "extras": None},
             {"content": "b.jpg", "annotation": [{**box, "points": [], "label": "Face"}]}]  # fmt: skip
    path = put("faces.json", "\n".join(map(json.dumps, lines)))
    with pytest.raises(LabelFileError, match=r"faces\.json:2: polygon: expected two or more pairs"):
        read_labels(path)
    labels = read_labels(path, skip=True)
    assert boxes_of(labels) == {"a.jpg": [((10, 10, 40, 30), "Face")], "b.jpg": []}
    put("faces.json", json.dumps(lines[0]) + "\n{\n")
    with pytest.raises(LabelFileError, match=r"faces\.json:2: not JSON"):
        read_labels(path)


@pytest.mark.parametrize("header", ["", "name,xmin,ymin,xmax,ymax\n"])
def test_icartoonface(put: Put, pictures: Path, header: str) -> None:
    path = put("train.csv", f"{header}a.jpg,10,20,30,40\na.jpg,1,2,3,4,face,0.75\n0/a.jpg,1,2,3,4,face\n")
    labels = read_labels(path, images=pictures)
    assert boxes_of(labels) == {"a.jpg": [((10, 20, 30, 40), "face"), ((1, 2, 3, 4), "face")],
                                "0/a.jpg": [((1, 2, 3, 4), "face")]}  # fmt: skip
    assert [box.score for box in labels.images[0].boxes] == [None, 0.75]
    assert read_labels(path).images[0].width is None
    put("train.csv", "a.jpg,10,20,30\n")
    with pytest.raises(LabelFileError, match=r"train\.csv:1: expected a name, 4 corners, .*, not 4 values"):
        read_labels(path)


def test_retinaface(put: Put, pictures: Path) -> None:
    landmarks = "12 13 0.0 15 13 0.0 13 15 0.0 12 17 0.0 15 17 0.0 0.82"
    path = put("label.txt", f"# 0--Parade/a.jpg\n10 10 20 30 {landmarks}\n1 1 0 5\n# a.jpg\n")
    labels = read_labels(path, images=pictures)
    assert boxes_of(labels)["0--Parade/a.jpg"] == [((10, 10, 30, 40), "face"), ((1, 1, 1, 6), "face")]
    assert [box.ignore for box in labels.images[0].boxes] == [False, True]
    assert labels.images[1].boxes == ()
    assert kinds(labels) == {"sets of landmarks left out"}
    put("label.txt", "# a.jpg\n1 2 3\n# a.jpg\n5 6 7 8\n")
    with pytest.raises(
        LabelFileError, match=r"label\.txt:2: .*label\.txt:3: a\.jpg occurs twice; .*label\.txt:4: expected a line"
    ):
        read_labels(path)


def test_manga109(put: Put) -> None:
    page = ('<page index="3" width="100" height="50"><face id="1" xmin="1" ymin="2" xmax="30" ymax="40" character="c"/>'
            '<body id="2" xmin="1" ymin="2" xmax="50" ymax="50" character="c"/><text id="3" xmin="5" ymin="5" xmax="9" '
            'ymax="9">words</text></page>')  # fmt: skip
    put("set/annotations/Book.xml", f'<book title="Book"><characters/><pages>{page}</pages></book>')
    labels = read_labels(put("set/readme.md", "").parent)
    assert boxes_of(labels) == {
        "Book/003.jpg": [((1, 2, 30, 40), "face"), ((1, 2, 50, 50), "body"), ((5, 5, 9, 9), "text")]
    }
    assert labels.images[0].boxes[0].attributes == (("character", "c"),)
    assert kinds(labels) == {"contents of texts left out"}


FILES = {
    "cvat": ("a.xml", CVAT),
    "labelstudio": ("a.json", json.dumps([{"data": {"image": "a.jpg"}, "annotations": [{"result": [studio(FACE)]}]}])),
    "labelme": ("a.json", json.dumps({"shapes": [shape("rectangle", [1, 2], [3, 4])], "imagePath": "a.jpg"})),
    "dataturks": ("a.json", '{"content": "a.jpg", "annotation": [{"label": ["f"], "points": [{"x": 0, "y": 0}]}]}'),
    "icartoonface": ("a.csv", "a.jpg,1,2,3,4\n"),
    "retinaface": ("a.txt", "# a.jpg\n1 2 3 4\n"),
    "manga109": (
        "a.xml",
        '<book title="t"><pages><page index="1" width="9" height="9"><face xmin="1"/></page></pages></book>',
    ),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_each_is_recognized(name: str, put: Put) -> None:
    assert format_of(put(*FILES[name])) == name


@examples(40)
@given(data=st.data())
@pytest.mark.parametrize("name", sorted(FILES))
def test_changed_bytes_are_read_or_refused_by_name(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file, content = FILES[name]
    whole = content.encode()
    at, gone = data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, 12))
    new = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"9" * 30, b"\n", b"<", b"[", b'"', b"&x;", b"null", b"-"])
    )
    path = tmp_path_factory.getbasetemp() / file
    path.write_bytes(whole[:at] + new + whole[at + gone :])
    refused: tuple[str, ...] | None = None
    try:
        read_as(name, path, lambda _: (10, 20))
    except LabelFileError as bad:
        refused = bad.faults
    assert refused is None or (refused and all(str(path) in fault for fault in refused))


OBJECTS = {"id": [1, 2], "area": [12.0, 4.0], "bbox": [[1.0, 2.0, 3.0, 4.0], [5.0, 5.0, 2.0, 2.0]], "category": [1, 0]}


@pytest.mark.parametrize("is_list", [False, True])
@pytest.mark.parametrize("names", [["face", "head"], []])
def test_tables_of_dataset_hubs(tmp_path: Path, is_list: bool, names: list[str]) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    rows = [dict(zip(OBJECTS, values, strict=True)) for values in zip(*OBJECTS.values(), strict=True)]
    table = pa.table(
        {"image_id": [7], "image": [{"bytes": b"x", "path": "a.jpg"}], "width": [100], "height": [50],
         "objects": [rows if is_list else OBJECTS]}
    )  # fmt: skip
    if names:
        features = {"objects": {"feature": {"category": {"names": names, "_type": "ClassLabel"}}, "_type": "Sequence"}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, tmp_path / "a.parquet")
    (image,) = (labels := read_labels(tmp_path / "a.parquet")).images
    assert (image.name, image.size) == ("a.jpg", (100, 50))
    assert [(box.corners, box.class_id) for box in image.boxes] == [((1, 2, 4, 6), 1), ((5, 5, 7, 7), 0)]
    assert dict(labels.classes) == dict(enumerate(names or ["class 0", "class 1"]))
    written = json.loads(coco.text(labels))  # pycocotools fails on an annotation whose category is not listed
    assert {one["category_id"] for one in written["annotations"]} <= {one["id"] for one in written["categories"]}


@pytest.mark.parametrize("columns", [{"image_id": [1], "objects": [OBJECTS]}, {"file_name": ["a.jpg"]}])
def test_tables_without_names_or_objects_are_refused(tmp_path: Path, columns: dict[str, Any]) -> None:
    pa: Any = pytest.importorskip("pyarrow")
    pq: Any = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    with pytest.raises(LabelFileError, match=r"a\.parquet: cannot be read as a table of labels \(it has n"):
        read_labels(tmp_path / "a.parquet")
