"""Darknet's YOLOv3 and grapeot's steps, compared with independent implementations, at small widths.

Full widths are compared by `make parity`.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.layout import yolov3
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.darknet.weights import read_weights
from lap_assets.models.detectors.resizing import cubic
from lap_assets.models.detectors.yolo import GrapeotYolo
from tests.parity import grapeot_reference as published
from tests.parity.comparing import boxes

_DIVISOR = 8
_NUMBERS = published.random_numbers(3, _DIVISOR)


def _resize(pixels: Any, size: tuple[int, int], interpolation: str) -> Any:
    assert interpolation == "cubic"
    return cubic(pixels, *size)


_CV2 = SimpleNamespace(INTER_CUBIC="cubic", resize=_resize)  # `cubic` is compared with OpenCV's own in test_recorded


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Darknet:
    path: Path = tmp_path_factory.mktemp("weights") / "head.weights"
    published.write_weights(path, _NUMBERS)
    made = Darknet(parse_cfg(yolov3(size=published.SIDE, divisor=_DIVISOR)))
    read_weights(path, made)
    return made.eval()


def test_the_real_file_has_the_published_size() -> None:
    numbers = sum(
        filters * ((4 if gain else 1) + before * size * size) for filters, before, size, gain in published.shapes()
    )
    assert 4 * numbers + 20 == 246_305_388


def test_raw_heads_are_the_same(network: Darknet) -> None:
    pictures = torch.rand(2, 3, 96, 160, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        for ours, theirs in zip(network(pictures), published.forward(_NUMBERS, pictures, _DIVISOR), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_heads_are_the_same_boxes(network: Darknet) -> None:
    chance = np.random.default_rng(2)
    detector = GrapeotYolo(network, "cpu")
    for high, wide in ((90, 61), (33, 1200)):
        pixels = chance.integers(0, 256, (high, wide, 3), dtype=np.uint8)
        theirs = published.detect(_CV2, _NUMBERS, pixels[:, :, ::-1], _DIVISOR)
        ours = detector.run([detector.prepare(Image.fromarray(pixels))])[0]  # before rounding
        assert len(ours) > 20
        assert not boxes(
            "grapeot", [(f"{wide}x{high}", theirs, ours)], whole=True
        ).missed  # in any order: scores may be near-equal
