"""Labels of pictures rotated by EXIF: boxes stay on their object, whether the labels are upright or as stored."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import LabelFileError
from lap_assets.labels.formats import read_labels
from lap_assets.labels.turning import turned
from lap_assets.pictures.gate import open_upright

WIDTH, HEIGHT = 60, 40
BOX = (5, 4, 25, 12)


def draw(path: Path, orientation: int, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
    """Write a black picture with a white box and an EXIF orientation; the box is as stored."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("L", size)
    picture.paste(255, BOX)
    exif = picture.getexif()
    exif[0x0112] = orientation
    picture.save(path, exif=exif)


def white_of(path: Path) -> tuple[int, ...]:
    """Return the corners of the white box in the upright picture."""
    rows, columns = np.nonzero(np.asarray(open_upright(path).convert("L")) > 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def coco(path: Path, size: tuple[int, int]) -> Path:
    xmin, ymin, xmax, ymax = BOX
    image = {"id": 1, "file_name": "a.png", "width": size[0], "height": size[1]}
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [xmin, ymin, xmax - xmin, ymax - ymin]}
    path.write_text(json.dumps({"images": [image], "annotations": [box], "categories": [{"id": 1, "name": "face"}]}))
    return path


def voc(path: Path, size: tuple[int, int]) -> Path:
    (path / "Annotations").mkdir(parents=True)
    box = "".join(f"<{name}>{side}</{name}>" for name, side in zip(("xmin", "ymin", "xmax", "ymax"), BOX, strict=True))
    (path / "Annotations" / "a.xml").write_text(
        f"<annotation><filename>a.png</filename><size><width>{size[0]}</width><height>{size[1]}</height></size>"
        f"<object><name>face</name><bndbox>{box}</bndbox></object></annotation>"
    )
    return path


def cvat(path: Path, size: tuple[int, int]) -> Path:
    xtl, ytl, xbr, ybr = BOX
    path.write_text(
        f'<annotations><image id="0" name="a.png" width="{size[0]}" height="{size[1]}">'
        f'<box label="face" xtl="{xtl}" ytl="{ytl}" xbr="{xbr}" ybr="{ybr}"/></image></annotations>'
    )
    return path


@pytest.mark.parametrize("orientation", range(1, 9))
def test_corners_are_rotated_with_the_picture(orientation: int, tmp_path: Path) -> None:
    draw(tmp_path / "a.png", orientation)
    assert turned(BOX, WIDTH, HEIGHT, orientation) == white_of(tmp_path / "a.png")


@given(st.integers(1, 8), st.tuples(*[st.integers(0, 40)] * 4))
def test_rotation_keeps_sides_and_stays_inside(orientation: int, sides: tuple[int, ...]) -> None:
    (xmin, xmax), (ymin, ymax) = sorted(sides[:2]), sorted(sides[2:])
    found = turned((xmin, ymin, xmax, ymax), WIDTH, HEIGHT, orientation)
    across, down = found[2] - found[0], found[3] - found[1]
    assert sorted((across, down)) == sorted((xmax - xmin, ymax - ymin))
    width, height = (HEIGHT, WIDTH) if orientation > 4 else (WIDTH, HEIGHT)
    assert 0 <= found[0] <= found[2] <= width
    assert 0 <= found[1] <= found[3] <= height


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
@pytest.mark.parametrize("written", [coco, voc, cvat])
def test_labels_of_the_stored_picture_are_converted_to_upright(
    written: Callable[[Path, tuple[int, int]], Path], orientation: int, tmp_path: Path
) -> None:
    draw(tmp_path / "images" / "a.png", orientation)
    labels = read_labels(
        written(tmp_path / ("labels.json" if written is coco else "labels.xml"), (WIDTH, HEIGHT)),
        images=tmp_path / "images",
    )
    (image,) = labels.images
    assert image.size == (HEIGHT, WIDTH)
    assert [box.corners for box in image.boxes] == [white_of(tmp_path / "images" / "a.png")]
    assert labels.notes == ("pictures rotated by EXIF, whose boxes were rotated too: 1 (at a.png)",)


def test_labels_of_the_upright_picture_are_unchanged(tmp_path: Path) -> None:
    draw(tmp_path / "a.png", 6)
    (image,) = read_labels(coco(tmp_path / "labels.json", (HEIGHT, WIDTH)), images=tmp_path).images
    assert (image.size, image.boxes[0].corners) == ((HEIGHT, WIDTH), BOX)


@pytest.mark.parametrize(("orientation", "size"), [(3, (WIDTH, HEIGHT)), (2, (WIDTH, HEIGHT)), (6, (40, 40))])
def test_ambiguous_orientations_are_reported(orientation: int, size: tuple[int, int], tmp_path: Path) -> None:
    draw(tmp_path / "a.png", orientation, size)
    labels = read_labels(coco(tmp_path / "labels.json", size), images=tmp_path)
    assert labels.images[0].boxes[0].corners == BOX
    assert labels.notes == ("pictures rotated by EXIF, whose boxes are taken as upright: 1 (at a.png)",)


def test_swapped_sides_without_exif_stay_a_fault(tmp_path: Path) -> None:
    draw(tmp_path / "a.png", 1)
    with pytest.raises(LabelFileError, match=r"made for 40x60 px, the picture a\.png has 60x40 \(width and"):
        read_labels(coco(tmp_path / "labels.json", (HEIGHT, WIDTH)), images=tmp_path)


def yolo(folder: Path) -> Path:
    (folder / "a.txt").write_text("0 0.5 0.5 0.25 0.5\n")
    return folder


def csv(folder: Path) -> Path:
    (folder / "a.csv").write_text("a.png,10,10,20,30\n")
    return folder / "a.csv"


def unsized_coco(folder: Path) -> Path:
    annotation = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 10, 20]}
    parts = {"images": [{"id": 1, "file_name": "a.png"}], "annotations": [annotation],
             "categories": [{"id": 1, "name": "face"}]}  # fmt: skip
    (folder / "a.json").write_text(json.dumps(parts))
    return folder / "a.json"


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("written", [yolo, csv, unsized_coco])
def test_labels_without_sizes_are_taken_as_upright_and_reported(
    written: Callable[[Path], Path], orientation: int, tmp_path: Path
) -> None:
    draw(tmp_path / "a.png", orientation)
    labels = read_labels(written(tmp_path), images=None if written is yolo else tmp_path)
    across, down = (HEIGHT, WIDTH) if orientation == 6 else (WIDTH, HEIGHT)
    assert [image.size for image in labels.images] == [(across, down)]
    if written is yolo:
        expected = (across * 3 / 8, down / 4, across * 5 / 8, down * 3 / 4)
        assert [box.corners for box in labels.images[0].boxes] == [expected]
    reported = ("pictures rotated by EXIF, whose boxes are taken as upright: 1 (at a.png)",)
    assert labels.notes == (() if orientation == 1 else reported)
