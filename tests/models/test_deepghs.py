"""deepghs' detectors from files of the same layout: squashed pictures, whole px, the package's thresholds."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lap_assets.core.errors import WeightsError
from lap_assets.models import load_detector
from lap_assets.models.weights import find_weights
from tests.models.onnx_files import cells, color_yolo, constant_yolo

pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
FACE, HEAD = "deepghs-face-v1.4-n", "deepghs-head-v2.0-s"


def test_a_picture_is_squashed_and_corners_are_whole_px(tmp_path: Path) -> None:
    """160 × 64 px on 64 × 64: a red cell of 8 px is 20 px wide."""
    color_yolo((64, 64)).write(tmp_path / find_weights(FACE).file)
    picture = Image.new("RGB", (160, 64))
    ImageDraw.Draw(picture).rectangle((40, 16, 59, 23), fill=(255, 0, 0))
    (boxes,) = load_detector(FACE, weights=tmp_path).detect([picture])
    assert boxes[0, :4].tolist() == [30, 12, 70, 28]
    assert np.array_equal(boxes[:, :4], boxes[:, :4].round())


def test_each_has_the_thresholds_of_its_package(tmp_path: Path) -> None:
    """Faces above .25, heads above .4; boxes of one class and of two are suppressed alike, at .7."""
    output = np.zeros((1, 6, cells((64, 64))), np.float32)
    rows = [
        (10, 10, 10, 10, 0.9, 0), (10, 11, 10, 10, 0.8, 0), (10, 14, 10, 10, 0.7, 0), (40, 10, 10, 10, 0.3, 0),
        (40, 40, 10, 10, 0, 0.45), (60, 60, 10, 10, 0, 0.35), (80, 80, 10, 10, 0.95, 0),
    ]  # fmt: skip
    output[0, :, : len(rows)] = np.array(rows, np.float32).T
    for name in (FACE, HEAD):
        constant_yolo(output).write(tmp_path / find_weights(name).file)
    picture = Image.new("RGB", (64, 64))
    faces = load_detector(FACE, weights=tmp_path).detect([picture])[0]
    assert faces[:, 4].tolist() == pytest.approx([0.9, 0.7, 0.3])  # the last lies beside the picture
    heads = load_detector(HEAD, weights=tmp_path).detect([picture])[0]
    assert heads.tolist() == pytest.approx(np.array([[35, 35, 45, 45, 0.45]]))


def test_a_yolo_of_another_kind_is_one_line(tmp_path: Path) -> None:
    path = constant_yolo(np.zeros((1, 300, 6), np.float32)).write(tmp_path / find_weights(FACE).file)
    with pytest.raises(WeightsError, match=f"^{path}: an end-to-end YOLO, not deepghs' YOLOv8; name it as onnx:FILE$"):
        load_detector(FACE, weights=tmp_path)
    constant_yolo(np.zeros((1, 5, cells((64, 64))), np.float32), texts={"names": "['face']"}).write(
        tmp_path / find_weights(HEAD).file
    )
    with pytest.raises(WeightsError, match=r"^\S+deepghs-head-v2\.0-s\.onnx: finds faces$"):
        load_detector(HEAD, weights=tmp_path)
