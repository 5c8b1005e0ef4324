"""Label files of other programs: read, or rejected by file and line; omissions are counted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import LabelFileError
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.checking import BEYOND_PX
from lap_assets.labels.formats import coco, read_labels, write_labels
from tests.profiles import examples

IMAGES = [
    {"id": 31, "file_name": "a.jpg", "width": 100, "height": 50},
    {"id": 7, "file_name": "b.jpg", "width": 100, "height": 50},
]
FACE = {"id": 1, "image_id": 31, "category_id": 4, "bbox": [10, 10, 20, 30]}
CATEGORIES = [{"id": 4, "name": "face"}, {"id": 9, "name": "head"}]
Put = Callable[[str, str | bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


def picture(path: Path, size: tuple[int, int] = (100, 50)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size).save(path)


def coco_file(put: Put, **changes: Any) -> Path:
    parts = {"images": IMAGES, "annotations": [FACE], "categories": CATEGORIES} | changes
    return put("a.json", json.dumps(parts))


def boxes_of(labels: Annotations) -> dict[str, list[tuple[tuple[float, ...], str]]]:
    """Return corners and class of each box, by image."""
    names = labels.names()
    return {image.name: [(box.corners, names[labels.id_of(box)]) for box in image.boxes] for image in labels.images}


ids = st.integers(-5, 10**6) | st.text("ab1", min_size=1, max_size=3)


@examples(25)
@given(
    image_ids=st.lists(ids, min_size=2, max_size=2, unique_by=str),
    numbers=st.lists(st.integers(0, 90), min_size=1, max_size=3, unique=True),
    names=st.lists(st.sampled_from(["face", "head", "object"]), min_size=3, max_size=3),
)
def test_coco_to_coco_keeps_the_ids_of_images_and_categories(
    tmp_path_factory: pytest.TempPathFactory, image_ids: list[int | str], numbers: list[int], names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("ids")
    images = [{**image, "id": id} for image, id in zip(IMAGES, image_ids, strict=True)]
    categories = [{"id": id, "name": name} for id, name in zip(numbers, names, strict=False)]
    found = [{**FACE, "image_id": image_ids[1], "category_id": id} for id in numbers]
    (folder / "a.json").write_text(json.dumps({"images": images, "annotations": found, "categories": categories}))
    write_labels(read_labels(folder / "a.json"), folder / "b.json", "coco")
    back = json.loads((folder / "b.json").read_text())
    assert [(one["id"], one["file_name"]) for one in back["images"]] == [(i["id"], i["file_name"]) for i in images]
    assert {(one["id"], one["name"]) for one in back["categories"]} == {(c["id"], c["name"]) for c in categories}
    assert sorted((one["image_id"], one["category_id"]) for one in back["annotations"]) == sorted(
        (image_ids[1], id) for id in numbers
    )


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"images": [IMAGES[0], {**IMAGES[1], "id": 31}]}, r"image b\.jpg: image id 31 occurs twice"),
        ({"categories": [CATEGORIES[0], {"id": 4, "name": "head"}]}, "category id 4 occurs twice"),
        ({"annotations": [{**FACE, "bbox": [90, 10, 40, 5]}]}, "90 10 130 15 lies outside the image"),
        ({"annotations": [{**FACE, "bbox": [10, 10, -5, 5]}]}, "annotation 1: invalid box"),
        ({"images": [{**IMAGES[0], "width": 0}, IMAGES[1]]}, r"image a\.jpg: width: expected 1 px or more"),
        ({"images": [{**IMAGES[0], "file_name": "../../a.jpg"}, IMAGES[1]]}, "not a valid path"),
    ],
)
def test_what_is_clearly_wrong_in_coco_is_named_and_skipped_where_that_is_asked_for(
    put: Put, changes: dict[str, Any], fault: str
) -> None:
    path = coco_file(put, **changes)
    with pytest.raises(LabelFileError, match=fault):
        read_labels(path)
    labels = read_labels(path, skip=True)
    assert len(labels.images) in (1, 2)
    assert any(note.startswith("left out: ") for note in labels.notes)


def test_masks_keypoints_and_areas_of_masks(put: Put) -> None:
    polygon = {**FACE, "id": 2, "segmentation": [[1, 2, 9, 2, 9, 20]]}
    del polygon["bbox"]
    masked = {**FACE, "area": 400.5, "segmentation": [[1, 2, 9, 2, 9, 20]], "keypoints": [1, 2, 2]}
    labels = read_labels(coco_file(put, annotations=[masked, polygon]))
    assert [box.corners for box in labels.images[0].boxes] == [(10, 10, 30, 40), (1, 2, 9, 20)]
    assert {note.split(":")[0] for note in labels.notes} == {
        "masks left out",
        "sets of keypoints left out",
        "polygons without a box, read as the box around them",
    }
    assert json.loads(coco.text(labels))["annotations"][0]["area"] == 400.5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("./a.jpg", "a.jpg"), ("/data/set/images/0/a.jpg", "0/a.jpg"), ("/data/a.jpg", "a.jpg"),
        ("https://x.org/up/a.jpg", "a.jpg"), (r"C:\x\images\a.jpg", "a.jpg"), ("../images/1/a.jpg", "1/a.jpg"),
        (r"0\a.jpg", "0/a.jpg"),
    ],
)  # fmt: skip
def test_names_outside_the_folder(put: Put, name: str, expected: str) -> None:
    labels = read_labels(coco_file(put, images=[{**IMAGES[0], "file_name": name}]))
    assert [image.name for image in labels.images] == [expected]


def test_the_images_folder_says_which_part_of_a_name_counts(put: Put, tmp_path: Path) -> None:
    picture(tmp_path / "pictures/x/a.jpg")
    path = coco_file(put, images=[{**IMAGES[0], "file_name": "/old/place/x/a.jpg", "width": None}])
    (image,) = read_labels(path, images=tmp_path / "pictures").images
    assert (image.name, image.size) == ("x/a.jpg", (100, 50))


def test_sizes_that_disagree_with_the_picture_are_refused(put: Put, tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg", (50, 100))
    path = coco_file(put, images=IMAGES[:1])
    with pytest.raises(LabelFileError, match=r"made for 100x50 px, the picture a\.jpg has 50x100 \(width and"):
        read_labels(path, images=tmp_path)


@pytest.mark.parametrize("beyond", [0.01, BEYOND_PX])
def test_rounding_beyond_the_edge_is_clipped_and_counted(put: Put, beyond: float) -> None:
    labels = read_labels(coco_file(put, annotations=[{**FACE, "bbox": [90, -beyond, 10 + beyond, 5]}]))
    (box,) = labels.images[0].boxes
    assert box.corners == (90, 0, 100, round(5 - beyond, 3))
    assert labels.notes[0].startswith("boxes clipped at the image's edge (by at most 2 px or 0.5% of the side): 1 (at ")


@pytest.mark.parametrize("digits", [3, 4, 6])
@pytest.mark.parametrize("width", [100, 853, 1920, 4000])
def test_yolo_at_any_number_of_digits_reaches_the_edge(put: Put, tmp_path: Path, digits: int, width: int) -> None:
    picture(tmp_path / "images/a.jpg", (width, 40))
    rows = [
        f"0 {(x + width) / 2 / width:.{digits}f} 0.5 {(width - x) / width:.{digits}f} 1" for x in range(0, width, 7)
    ]
    put("labels/a.txt", "\n".join(rows))
    (image,) = read_labels(put("data.yaml", "train: images\nnames: [face]\n").parent).images
    assert len(image.boxes) == len(rows)
    assert all(box.xmax <= width and box.ymax <= 40 for box in image.boxes)


def yolo(put: Put, tmp_path: Path, data: str, *images: str) -> Path:
    for image in images:
        picture(tmp_path / image)
        label = image.replace("images", "labels", 1).rpartition(".")[0]
        put(f"{label}.txt", "1.0 0.5 0.5 0.2 0.4\n")
    return put("data.yaml", data)


MIDDLE = (40, 15, 60, 35)


@pytest.mark.parametrize(
    ("data", "images"),
    [
        ("path: .\ntrain: images/train\nval: images/val\ntest:\n", ["images/train/a.jpg", "images/val/b.jpg"]),
        ("train: ../train/images\nval: ../valid/images\ntest: ../test/images\n",
         ["train/images/a.jpg", "valid/images/b.jpg"]),
        ("train: [train/images]\nvalid: valid/images\n", ["train/images/a.JPG", "valid/images/b.tif"]),
        ("path: ../datasets/elsewhere\ntrain: images/train\nval: images/val\n",
         ["images/train/a.jpg", "images/val/b.jpg"]),
    ],
)  # fmt: skip
def test_trees_of_ultralytics_and_roboflow(put: Put, tmp_path: Path, data: str, images: list[str]) -> None:
    labels = read_labels(yolo(put, tmp_path, data + "names: [no, yes]\n", *images).parent)
    assert [image.split for image in labels.images] == ["train", "val"]
    assert set(map(tuple, boxes_of(labels).values())) == {((MIDDLE, "yes"),)}
    assert labels.classes == {0: "no", 1: "yes"}


def test_yolo_names_that_two_folders_share_keep_their_folders(put: Put, tmp_path: Path) -> None:
    data = "train: train/images\nval: valid/images\nnames: {0: a, 1: b}\n"
    labels = read_labels(yolo(put, tmp_path, data, "train/images/a.jpg", "valid/images/a.jpg").parent)
    assert [image.name for image in labels.images] == ["train/images/a.jpg", "valid/images/a.jpg"]


def test_yolo_polygons_keypoints_and_lists_of_another_machine(put: Put, tmp_path: Path) -> None:
    picture(tmp_path / "images/a.jpg")
    put("labels/a.txt", "0 .1 .1 .2 .1 .2 .2\r\n0 .5 .5 .2 .4\r\n0 .5 .5 .2 .4 .1 .1 2 .2 .2 2\r\n")
    put("train.txt", "/content/set/images/a.jpg\n")
    put("data.yaml", "path: /content/set\ntrain: train.txt\nkpt_shape: [2, 3]\nnames: {0: face}\n")
    labels = read_labels(tmp_path)
    assert [box.corners for box in labels.images[0].boxes] == [(10, 5, 20, 10), MIDDLE, MIDDLE]
    assert {note.split(":")[0] for note in labels.notes} == {
        "polygons read as the boxes around them", "sets of keypoints left out",
        "repeated boxes on an image, kept",
    }  # fmt: skip


def test_a_yolo_folder_whose_labels_are_elsewhere_is_not_silently_empty(put: Put, tmp_path: Path) -> None:
    picture(tmp_path / "pictures/a.jpg")
    put("labels/a.txt", "0 0.5 0.5 0.2 0.2")
    put("data.yaml", "train: pictures\nnames: [face]\n")
    with pytest.raises(LabelFileError, match=r"labels/a\.txt: 1 label files belong to no listed image, and no box"):
        read_labels(tmp_path)
    picture(tmp_path / "pictures/b.jpg")
    put("pictures/b.txt", "0 0.5 0.5 0.2 0.2")
    assert any("belong to no listed image: 1" in note for note in read_labels(tmp_path).notes)


def test_yolo_without_data_yaml_is_read_by_its_classes(put: Put, tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg")
    put("a.txt", "1 0.5 0.5 0.2 0.4")
    put("classes.txt", "boy\ngirl\n")
    assert boxes_of(read_labels(tmp_path)) == {"a.jpg": [(MIDDLE, "girl")]}


def test_an_alias_bomb_is_refused_at_once(put: Put) -> None:
    levels = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 30))
    with pytest.raises(LabelFileError, match=r"data\.yaml: line 2: aliases \(\*b0\) are not supported"):
        read_labels(put("data.yaml", f"b0: &b0 [x]\n{levels}names: *b29\n").parent)


def voc(put: Put, stem: str = "a", *, body: str = "", head: str = "", encoding: str = "utf-8", **parts: str) -> Path:
    size = parts.get("size", "<size><width>100</width><height>50</height><depth>3</depth></size>")
    file = parts.get("file", f"<filename>{stem}.jpg</filename>")
    text = f"{head}<annotation><folder>x</folder>{file}{size}{body}</annotation>"
    return put(f"Annotations/{stem}.xml", text.encode(encoding)).parent.parent


def thing(name: str = "face", more: str = "") -> str:
    box = "<bndbox><xmin>10</xmin><ymin>10</ymin><xmax>30</xmax><ymax>40</ymax></bndbox>"
    return f"<object><name>{name}</name>{box}{more}</object>"


FOUND = {"a.jpg": [((10, 10, 30, 40), "face")]}


@pytest.mark.parametrize(
    "file",
    ["<filename>\n a.jpg </filename>", "", "<filename/>", r"<filename>C:\x\a.jpg</filename>",
     "<filename>sub/a.jpg</filename>", "<filename>of another.jpg</filename>"],
)  # fmt: skip
def test_voc_files_belong_to_the_picture_of_their_own_name(put: Put, file: str) -> None:
    assert boxes_of(read_labels(voc(put, body=thing(), file=file))) == FOUND


@pytest.mark.parametrize("size", ["", "<size><width>0</width><height>0</height></size>", "<size/>"])
@pytest.mark.parametrize("place", ["JPEGImages", "pictures"])
def test_voc_without_sizes_takes_them_from_the_pictures(put: Put, tmp_path: Path, size: str, place: str) -> None:
    folder = voc(put, body=thing(), size=size, file="<filename>a</filename>")
    with pytest.raises(LabelFileError, match=r"a\.xml: .*(it has no size/width|expected 1 px or more)"):
        read_labels(folder)
    picture(tmp_path / place / "a.jpg")
    labels = read_labels(folder, images=None if place == "JPEGImages" else tmp_path / place)
    assert boxes_of(labels) == FOUND
    assert labels.images[0].size == (100, 50)


@pytest.mark.parametrize("encoding", ["shift_jis", "gb2312", "UTF-16", "windows-1251", "iso-8859-1", "utf-8"])
def test_voc_in_the_encoding_that_it_declares(put: Put, encoding: str) -> None:
    name = {"shift_jis": "顔", "gb2312": "脸", "windows-1251": "лицо"}.get(encoding, "face")
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    assert read_labels(voc(put, body=thing(name), head=head, encoding=encoding)).thing == name


@pytest.mark.parametrize("encoding", ["zip", "rot13", "nothing-like-it", "ascii-85"])
def test_voc_in_an_unknown_encoding_is_refused(put: Put, encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n'
    with pytest.raises(LabelFileError, match=r"a\.xml: it declares the unknown encoding"):
        read_labels(voc(put, body=thing(), head=head))


def test_voc_attributes_of_cvat_and_shapes_that_are_no_boxes(put: Put) -> None:
    pairs = {"rotation": "0.0", "keyframe": "False", "eye": "closed", "list": "[1]", "none": "null"}
    more = "".join(f"<attribute><name>{n}</name><value>{v}</value></attribute>" for n, v in pairs.items())
    turned = "<object><name>face</name><robndbox><cx>1</cx></robndbox></object>"
    outline = "".join(f"<pt><x>{x}</x><y>{y}</y></pt>" for x, y in ((1, 2), (9, 3), (5, 20)))
    drawn = f"<object><name>face</name><polygon>{outline}</polygon></object>"
    body = thing(more=f"<difficult> 1 </difficult><attributes>{more}</attributes>") + turned + drawn
    labels = read_labels(voc(put, body=body))
    first, second = labels.images[0].boxes
    assert dict(first.attributes) == {**pairs, "rotation": 0.0}
    assert first.ignore
    assert second.corners == (1, 2, 9, 20)
    assert [note.split(":")[0] for note in labels.notes] == [
        "rotated boxes left out", "polygons read as the boxes around them",
    ]  # fmt: skip


def test_voc_in_capitals_beside_the_pictures_and_by_lists(put: Put, tmp_path: Path) -> None:
    voc(put, "Naruto 1", body=thing())
    (tmp_path / "Annotations/Naruto 1.xml").rename(tmp_path / "Annotations/Naruto 1.XML")
    voc(put, "b", body=thing())
    put("ImageSets/Main/test.txt", "Naruto 1\n")
    put("ImageSets/Main/trainval.txt", "b\ngone\n")
    labels = read_labels(tmp_path)
    assert {image.name: image.split for image in labels.images} == {"Naruto 1.jpg": "test", "b.jpg": "train"}
    assert [note.split(":")[0] for note in labels.notes] == [
        "images only in trainval.txt, used for training", "images in ImageSets without an annotation left out",
    ]  # fmt: skip
    beside = put("beside/c.xml", (tmp_path / "Annotations/b.xml").read_bytes()).parent
    assert boxes_of(read_labels(beside)) == {"c.jpg": FOUND["a.jpg"]}


def test_equal_class_names_and_a_class_named_like_the_thing_round_trip(tmp_path: Path) -> None:
    boxes = (Box(1, 2, 3, 4), Box(1, 2, 3, 4, 1), Box(1, 2, 3, 4, 2))
    made = Annotations((LabeledImage("a.jpg", 90, 90, boxes),), {1: "face", 2: "face"}, "face")
    for name, file in (("coco", "a.json"), ("voc", "voc"), ("parquet", "a.parquet"), ("lap", "labels_faces.txt")):
        write_labels(made, tmp_path / file, name)
        back = read_labels(tmp_path / file)
        assert [box.class_id for box in back.images[0].boxes] == [None, 1, 2], name
        assert dict(back.classes) == {1: "face", 2: "face"}, name
