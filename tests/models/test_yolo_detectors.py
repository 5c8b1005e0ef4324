"""The three Darknet detectors from a file to boxes, with a network that detects bright spots at known positions."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from lap_assets.core.errors import WeightsError
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.detectors.yolo import GrapeotYolo, HystsYolo, grapeot_heads, hysts_faces
from lap_assets.models.tiny.detector import TinyDetector, read_network
from lap_assets.models.types import Detector

_SPOT = 64  # px of the network's input: the anchor and, for it to be alone, two cells of 32
_CFG = f"""[net]
width=512
height=512
[convolutional]
filters=3
size=32
stride=32
activation=linear
[convolutional]
filters=6
activation=linear
[yolo]
anchors={_SPOT},{_SPOT}
classes=1
"""


def _network() -> Darknet:
    """Objectness and class follow a cell's brightest green, if almost full; the box is two cells around its center."""
    network = Darknet(parse_cfg(_CFG))
    network.layers[0] = nn.MaxPool2d(32, 32)
    layer: Any = network.layers[1].conv
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.copy_(torch.tensor([0, 0, 0, 0, -16.0, -16.0]))
        layer.weight[4:, 1] = 24
    return network


def _spot(size: tuple[int, int], box: list[int]) -> Image.Image:
    """A green spot 4 px within the box."""
    picture = Image.new("RGB", size, (255, 0, 255))
    picture.paste((0, 255, 0), (box[0] + 4, box[1] + 4, box[2] - 4, box[3] - 4))
    return picture


@pytest.mark.parametrize(
    ("make", "times"),
    [
        (lambda: HystsYolo(_network(), "cpu"), 608 / 1216),
        (lambda: GrapeotYolo(_network(), "cpu"), 512 / 1216),
        (lambda: TinyDetector(_network(), "heads", "cpu"), 512 / 1216),
    ],
)
def test_a_spot_is_found_at_its_position(make: Callable[[], Detector], times: float) -> None:
    """The picture is wide, so letterboxing adds bars above and below."""
    detector = make()
    size = (1216, 608)
    bars = 0 if times == 0.5 else (512 - 256) // 2
    cells = [(7, 3 + bars // 32), (2, 5 + bars // 32)]
    spots = [[32 * column, 32 * row - bars, 32 * column + 32, 32 * row + 32 - bars] for column, row in cells]
    pictures = [_spot(size, [round(index / times) for index in spot]) for spot in spots]
    for spot, found in zip(spots, detector.detect(pictures), strict=True):
        assert found.shape == (1, 5)
        assert found.dtype == np.float32
        expected = np.array([spot[0] - 16, spot[1] - 16, spot[2] + 16, spot[3] + 16]) / times
        expected = expected.clip(0, None)
        np.testing.assert_allclose(found[0, :4], expected, atol=1.0)
        assert found[0, 4] > 0.99


@pytest.mark.parametrize("kind", [HystsYolo, GrapeotYolo])
def test_nothing_on_an_empty_picture(kind: type[HystsYolo] | type[GrapeotYolo]) -> None:
    found = kind(_network(), "cpu").detect([Image.new("RGB", (40, 400), (9, 0, 9)), Image.new("L", (1, 1), 90)])
    assert [boxes.shape for boxes in found] == [(0, 5), (0, 5)]


def test_a_batch_equals_single_pictures() -> None:
    rng = np.random.default_rng(0)
    pictures = [
        Image.fromarray(rng.integers(0, 256, (*size, 3), dtype=np.uint8)) for size in ((90, 50), (50, 90), (90, 50))
    ]
    detectors: list[Any] = [
        HystsYolo(_network(), "cpu"),
        GrapeotYolo(_network(), "cpu"),
        TinyDetector(_network(), "faces", "cpu"),
    ]
    for detector in detectors:
        prepared = [detector.prepare(picture) for picture in pictures]
        alone = [detector.run([one])[0] for one in prepared]
        for one, other in zip(alone, detector.run(prepared), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_enlarged_boxes() -> None:
    picture = _spot((608, 608), [100, 100, 120, 120])
    plain, larger = (HystsYolo(_network(), "cpu", enlarge=by).detect([picture])[0] for by in (1.0, 1.1))
    assert len(plain)
    np.testing.assert_allclose(larger[:, 2] - larger[:, 0], (plain[:, 2] - plain[:, 0] + 1) * 1.1, rtol=1e-5)


def test_hysts_thresholds_are_separate_and_the_score_is_the_product() -> None:
    boxes = np.array([[0, 0, 9, 9], [20, 0, 29, 9], [40, 0, 49, 9], [-60, 0, 69, 9]], np.float32)
    objectness = np.array([0.004, 0.005, 0.9, 0.5], np.float32)
    classes = np.array([1.0, 0.5, 0.05, 0.4], np.float32)
    np.testing.assert_allclose(
        hysts_faces(boxes, objectness, classes), [[-60, 0, 69, 9, 0.2], [20, 0, 29, 9, 0.0025]], rtol=1e-6
    )


def test_hysts_returns_at_most_a_hundred() -> None:
    corners = np.arange(150, dtype=np.float32)[:, None] * 20 + np.array([0, 0, 9, 9], np.float32)
    scores = np.linspace(0.1, 0.9, 150, dtype=np.float32)
    found = hysts_faces(corners, np.ones(150, np.float32), scores)
    np.testing.assert_array_equal(found[:, 4], scores[:49:-1])


def test_grapeot_truncates_to_whole_px_within_the_picture() -> None:
    boxes = np.array([[100, 130, 140.9, 170], [400, 0, 600, 600]], np.float32)
    found = grapeot_heads(boxes, np.array([0.86, 0.85], np.float32), (1024, 512))
    np.testing.assert_array_equal(found[:, :4], [[200, 4, 281, 84]])  # twice, less a bar of 128 px
    found = grapeot_heads(boxes, np.array([0.86, 0.99], np.float32), (1024, 512))
    np.testing.assert_array_equal(found[0, :4], [800, 0, 1024, 512])


def test_grapeot_suppresses_by_whole_px() -> None:
    """Of 10 px each, 4 and 5 shared: (4+1)·11 of 11·11·2 less it is under .4 and (5+1)·11 is not."""
    scores = np.array([0.99, 0.9], np.float32)
    for shared, stay in ((4, 2), (5.5, 1)):
        boxes = np.array([[0, 0, 10, 10], [10 - shared, 0, 20 - shared, 10]], np.float32)
        assert len(grapeot_heads(boxes, scores, (512, 512))) == stay


def test_grapeot_suppresses_at_exactly_the_threshold_too() -> None:
    boxes = np.array([[0, 0, 6, 0], [3, 0, 9, 0]], np.float32)  # 7 px each, 4 shared of 10
    assert len(grapeot_heads(boxes, np.array([0.99, 0.9], np.float32), (512, 512))) == 1


def test_a_foreign_checkpoint_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mmdet_anime-face_yolov3.pth"
    torch.save({"state_dict": {"backbone.conv1.conv.weight": torch.zeros(32, 3, 3, 3)}, "meta": {}}, path)
    with pytest.raises(WeightsError, match=r"yolov3\.pth has no backbone\.conv1\.bn\.weight"):
        HystsYolo.load(path, "cpu")
    torch.save({"state_dict": {"backbone.conv1.conv.weight": torch.zeros(64, 3, 3, 3)}}, path)
    with pytest.raises(WeightsError, match=r"backbone\.conv1\.conv\.weight has shape \(64, 3, 3, 3\)"):
        HystsYolo.load(path, "cpu")
    cut = tmp_path / "head.weights"
    cut.write_bytes(np.array([0, 2, 0, 0, 0], "<i4").tobytes() + bytes(400))
    with pytest.raises(WeightsError, match=r"head\.weights has 100 numbers, but the network has 61,576,342"):
        GrapeotYolo.load(cut, "cpu")


def test_a_network_from_halves(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    network = Darknet(parse_cfg(_CFG)).half().float()
    state = {key: value.half() if value.is_floating_point() else value for key, value in network.state_dict().items()}
    (tmp_path / "heads.cfg").write_text(_CFG)
    save_file(state, tmp_path / "heads.safetensors")
    read = read_network(tmp_path / "heads.cfg", tmp_path / "heads.safetensors")
    assert all(torch.equal(value, read.state_dict()[key]) for key, value in network.state_dict().items())
    save_file(
        {key: value for key, value in state.items() if key != "layers.1.conv.bias"}, tmp_path / "heads.safetensors"
    )
    with pytest.raises(WeightsError, match=r"heads\.safetensors has no layers\.1\.conv\.bias"):
        read_network(tmp_path / "heads.cfg", tmp_path / "heads.safetensors")
