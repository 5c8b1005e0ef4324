"""Unusual files of other programs: what is read, counted as left out, and rejected by name."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels.formats import read_labels
from tests.labels.odd_files import Files, Found, check_read, placed, read

PX = (640, 480)
CORNERS = (1, 2, 31, 42)
ONE: Found = {"a.jpg": [CORNERS]}
COCO: dict[str, Any] = {
    "images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480}],
    "annotations": [{"id": 1, "image_id": 1, "category_id": 0, "bbox": [1, 2, 30, 40]}],
    "categories": [{"id": 0, "name": "face"}],
}
OBJECT = "<object><name>face</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>31</xmax><ymax>42</ymax></bndbox></object>"
SIZE = "<size><width>640</width><height>480</height></size>"
VOC = f"<annotation><filename>a.jpg</filename>{SIZE}{OBJECT}</annotation>"
BOX = '<box label="face" xtl="1" ytl="2" xbr="31" ybr="42"/>'
CVAT = f'<annotations><image id="0" name="a.jpg" width="640" height="480">{BOX}</image></annotations>'
PAGE = '<page index="0" width="640" height="480"><face id="1" xmin="1" ymin="2" xmax="31" ymax="42"/></page>'
BOOK = f'<book title="T"><pages>{PAGE}</pages></book>'


def cvat(shape: str) -> str:
    return CVAT.replace(BOX, BOX + shape)


READ: dict[str, tuple[Files, str, Found, set[str]]] = {
    "coco, ids as fractions": (
        {"a.json": json.dumps(COCO).replace('"image_id": 1', '"image_id": 1.0')}, "a.json", ONE, set()),
    "coco, folder in capitals": ({"Annotations/Instances_Val2017.JSON": COCO}, "", ONE, set()),
    "coco, files called as splits": ({"train.json": COCO}, "", ONE, set()),
    "coco, fractions": (
        {"a.json": {**COCO, "annotations": [{**COCO["annotations"][0], "bbox": [0.1, 0.2, 0.3, 0.4]}]}}, "a.json",
        {"a.jpg": [(0.1, 0.2, 0.4, 0.6)]}, {"boxes, all within one px"}),
    "coco, licences": (
        {"a.json": {**COCO, "licenses": [{"id": 1}], "images": [{**COCO["images"][0], "license": 1}]}}, "a.json", ONE,
        {"lists of licences left out", "licences, addresses and dates of images left out"}),
    "cvat, a folder": ({"annotations.xml": CVAT, "images/a.jpg": PX}, "", ONE, set()),
    "cvat, a namespace": ({"a.xml": CVAT.replace("<annotations", '<annotations xmlns="x:y"')}, "a.xml", ONE, set()),
    "cvat, an unknown shape": ({"a.xml": cvat('<circle label="f"/>')}, "a.xml", ONE,
                               {"shapes of the kind circle left out"}),
    "cvat, rotated over the edge": (
        {"a.xml": cvat('<box label="face" xtl="0" ytl="0" xbr="100" ybr="10" rotation="90"/>')}, "a.xml",
        {"a.jpg": [CORNERS, (45, 0, 55, 55)]},
        {"rotated boxes read as the boxes around them", "boxes around shapes clipped at the picture's edge"}),
    "voc, one file": ({"a.xml": VOC}, "a.xml", ONE, set()),
    "voc, folders in other letters": (
        {"annotations/a.xml": VOC, "imagesets/main/Train.txt": "a\n", "jpegimages/a.jpg": PX}, "", ONE, set()),
    "voc, lists with endings and paths": (
        {"Annotations/a.xml": VOC, "ImageSets/Main/train.txt": "JPEGImages/a.jpg\n"}, "", ONE, set()),
    "voc, lists of another task": ({"Annotations/a.xml": VOC, "ImageSets/Layout/train.txt": "a\n"}, "", ONE, set()),
    "voc, objects in another element": (
        {"Annotations/a.xml": VOC.replace("<object>", "<objects><Object>").replace("</object>", "</Object></objects>")},
        "", ONE, set()),
    "voc, a box beside the objects": (
        {"Annotations/a.xml": VOC.replace("</annotation>", "<bndbox><xmin>1</xmin></bndbox></annotation>")}, "", ONE,
        {"shapes outside of objects left out"}),
    "voc, a picture without annotation": (
        {"Annotations/a.xml": VOC, "JPEGImages/a.jpg": PX, "JPEGImages/b.jpg": PX}, "", ONE,
        {"pictures without an annotation left out"}),
    "manga109, in capitals": ({"Annotations/T.XML": BOOK}, "", {"T/000.jpg": [CORNERS]}, set()),
    "manga109, other shapes": (
        {"T.xml": BOOK.replace("</page>", '<balloon xmin="1"/></page>')}, "T.xml", {"T/000.jpg": [CORNERS]},
        {"shapes of the kind balloon left out"}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_it_is_read_and_what_is_left_out_is_counted(name: str, tmp_path: Path) -> None:
    check_read(READ[name], tmp_path)


SPLITS = [name for name in READ if "Train.txt" in str(READ[name]) or "train.txt" in str(READ[name])]


@pytest.mark.parametrize("name", [*SPLITS, "coco, files called as splits"])
def test_its_split_is_kept(name: str, tmp_path: Path) -> None:
    files, source, *_ = READ[name]
    assert [image.split for image in read(tmp_path, files, source).images] == ["train"]


REFUSED: dict[str, tuple[Files, str, str]] = {
    "a name twice in one object": (
        {"a.json": json.dumps(COCO)[:-1] + ', "annotations": []}'}, "a.json", "holds 'annotations' twice in one obj"),
    "an empty file": ({"a.json": ""}, "a.json", r"a\.json: it is empty"),
    "an empty XML file": ({"Annotations/a.xml": " \n"}, "", r"a\.xml: it is empty"),
    "a list of another format": ({"a.json": []}, "a.json", "a bare list of results"),
    "an object without a name": ({"Annotations/a.xml": VOC.replace(">face<", "><")}, "", "an object has an empty name"),
    "a box without a label": ({"a.xml": CVAT.replace('"face"', '""')}, "a.xml", "a <box> has no label"),
    "tracks of a video": (
        {"a.xml": '<annotations><track id="0" label="face"/></annotations>'}, "a.xml", "tracks of a video"),
    "an unknown table": ({"a.csv": "id,name\n1,x\n"}, "a.csv", r"a\.csv:1: columns id, name: expected name,xmin"),
    "a table with a column more": (
        {"a.csv": "name,xmin,ymin,xmax,ymax,depth\na.jpg,1,2,3,4,5\n"}, "a.csv", "unknown columns depth; leave them"),
    "a table with a cell without end": (
        {"a.csv": 'a.jpg,1,2,3,4\n"' + "x" * 140_000 + "\n"}, "a.csv", r"a\.csv:2: not a table \(field larger"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("skip", [False, True])
def test_it_is_refused_by_name(name: str, skip: bool, tmp_path: Path) -> None:
    files, source, fault = REFUSED[name]
    try:
        labels = read(tmp_path, files, source, skip=skip)
    except LabelFileError as error:
        message = str(error)
    else:
        assert skip
        message = "; ".join(labels.notes)
    assert re.search(fault, message)


@pytest.mark.parametrize(
    ("files", "source", "fault"),
    [
        ({"a.tar.gz": b"\x1f\x8b"}, "a.tar.gz", "an archive; unpack it"),
        ({"a.xlsx": b"PK"}, "a.xlsx", "unknown format; name one of lap, "),
        ({"VOCdevkit/VOC2012/Annotations/a.xml": VOC}, "VOCdevkit", r"it holds VOC2012\); .*VOC2012 looks like voc"),
        ({"there/x.md": ""}, "there", r"unknown format \(it holds x\.md\)"),
    ],
)
def test_other_files_are_not_taken_for_label_files(files: Files, source: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault):
        read(tmp_path, files, source)


def test_a_zip_file_is_not_a_label_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(placed(tmp_path, {}) / "set.zip", "w") as archive:
        archive.writestr("a.json", json.dumps(COCO))
    with pytest.raises(InputError, match="an archive; unpack it"):
        read_labels(tmp_path / "set.zip")


def test_marks_of_voc_become_attributes(tmp_path: Path) -> None:
    marked = "<pose>Left</pose><truncated>1</truncated><occluded>0</occluded><bndbox>"
    labels = read(tmp_path, {"Annotations/a.xml": VOC.replace("<bndbox>", marked)})
    assert labels.images[0].boxes[0].attributes == (("pose", "Left"), ("truncated", 1))
