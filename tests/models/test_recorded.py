"""The detectors' parts, compared with the published code's results for the same inputs (see `make parity-record`).

Recorded with mmdet 2.28.2, mmcv 1.7.0, anime-face-detector 0.0.9 and OpenCV 4.14. Whole models are compared by
`make parity`.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.decode import decode
from lap_assets.models.darknet.layout import yolov3
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.detectors import faster_rcnn, resizing
from lap_assets.models.detectors.mmdet_names import yolo_keys
from lap_assets.models.detectors.mmdet_pipeline import normalize_and_pad, resize_to_fit, scale_boxes
from lap_assets.models.detectors.rcnn_postprocess import STRIDES, detections, pool_regions, proposals
from lap_assets.models.detectors.yolo import hysts_faces, yolov3_network
from tests.parity.recording import RESIZED, waves

_HERE = Path(__file__).parent / "recorded"
Arrays = dict[str, NDArray[Any]]


def _recorded(name: str) -> Arrays:
    with np.load(_HERE / f"{name}.npz") as found:
        return dict(found)


def _tensors(arrays: Arrays, name: str, count: int) -> list[torch.Tensor]:
    return [torch.from_numpy(arrays[f"{name}_{level}"]) for level in range(count)]


@pytest.mark.parametrize("filter_name", ["linear", "cubic"])
def test_resizing_equals_opencv_bit_for_bit(filter_name: str) -> None:
    recorded = _recorded("resizing")
    for number, (_, after) in enumerate(RESIZED):
        result = getattr(resizing, filter_name)(recorded[f"before_{number}"], *after)
        np.testing.assert_array_equal(result, recorded[f"{filter_name}_{number}"], err_msg=str(RESIZED[number]))


def test_sizes_that_pictures_are_fitted_to() -> None:
    for width, height, *expected in _recorded("fitting")["sizes"].tolist():
        picture = Image.new("RGB", (width, height))
        result = [resize_to_fit(picture, *within).pixels.shape[1::-1] for within in ((1333, 800), (608, 608))]
        assert [*result[0], *result[1]] == expected


def test_normalised_and_padded() -> None:
    recorded = _recorded("fitting")
    result = normalize_and_pad([recorded["picture"]], faster_rcnn.MEAN, faster_rcnn.DEVIATION, "cpu")
    np.testing.assert_allclose(result[0].numpy(), recorded["normalized"], atol=1e-6)


def test_boxes_enlarged() -> None:
    recorded = _recorded("fitting")
    np.testing.assert_allclose(scale_boxes(recorded["boxes"], 1.1), recorded["boxes_enlarged"], atol=1e-3)


def test_proposals() -> None:
    recorded = _recorded("two_stages")
    expected = recorded["proposals"][:, :4]
    result = proposals(_tensors(recorded, "logits", 5), _tensors(recorded, "deltas", 5), (121, 90)).numpy()
    np.testing.assert_allclose(result, expected, atol=1e-3)


def test_pooled() -> None:
    recorded = _recorded("two_stages")
    features = [torch.from_numpy(waves(2, 640 // stride, 512 // stride))[None] for stride in STRIDES[:4]]
    result = pool_regions(features, torch.from_numpy(recorded["boxes"]))
    np.testing.assert_allclose(result.numpy(), recorded["pooled"], atol=1e-5)


def test_detections() -> None:
    recorded = _recorded("two_stages")
    boxes, scores, moves = (torch.from_numpy(recorded[name]) for name in ("proposals", "scores", "moves"))
    result = detections(boxes[:, :4], scores.flip(1), moves, (121, 90), recorded["scale"])
    assert len(result) == 100
    np.testing.assert_allclose(result[:, :4], recorded["found"][:, :4], atol=1e-3)
    np.testing.assert_allclose(result[:, 4], recorded["found"][:, 4], atol=1e-6)


def test_faces_of_yolov3() -> None:
    recorded = _recorded("yolo")
    heads = Darknet(parse_cfg(yolov3(divisor=32))).heads
    parts = [decode(raw, head) for raw, head in zip(_tensors(recorded, "raw", 3), heads, strict=True)]
    boxes, objectness, classes = (torch.cat(part, dim=1)[0].numpy() for part in zip(*parts, strict=True))
    result = hysts_faces((boxes / recorded["scale"]).astype(np.float32), objectness, classes[:, 0])
    assert len(result) > 50
    np.testing.assert_allclose(result[:, :4], recorded["found"][:, :4], rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(result[:, 4], recorded["found"][:, 4], atol=1e-6)


def test_a_checkpoint_of_faster_rcnn_has_the_keys_and_shapes_that_are_asked_for() -> None:
    assert faster_rcnn.checkpoint_shapes() == _keys_and_shapes("faster_rcnn")


def test_a_checkpoint_of_yolov3_has_the_keys_and_shapes_that_are_asked_for() -> None:
    network = yolov3_network(608)
    here = network.state_dict()
    shapes = {there: tuple(here[key].shape) for key, there in yolo_keys(network).items()}
    assert shapes == _keys_and_shapes("yolov3")


def _keys_and_shapes(name: str) -> dict[str, tuple[int, ...]]:
    lines = [line.split() for line in (_HERE / f"{name}.txt").read_text("utf-8").splitlines()]
    return {key: tuple(map(int, shape)) for key, *shape in lines}
