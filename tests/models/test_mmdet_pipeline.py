"""The input of hysts' detectors, and enlarging boxes."""

import numpy as np
import pytest
import torch
from PIL import Image

from lap_assets.models.detectors.mmdet_pipeline import normalize_and_pad, resize_to_fit, scale_boxes


@pytest.mark.parametrize(
    ("size", "after"),
    [
        ((225, 318), (800, 1131)), ((318, 225), (1131, 800)), ((225, 700), (428, 1333)), ((2400, 3400), (800, 1133)),
        ((1, 1), (800, 800)), ((1, 3000), (1, 1333)), ((1333, 800), (1333, 800)),
    ],
)  # fmt: skip
def test_sizes(size: tuple[int, int], after: tuple[int, int]) -> None:
    one = resize_to_fit(Image.new("RGB", size), 1333, 800)
    assert one.pixels.shape == (after[1], after[0], 3)
    np.testing.assert_array_equal(one.scale, np.array([after[0] / size[0], after[1] / size[1]] * 2, np.float32))


def test_normalised_and_padded_with_zeros_afterwards() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (33, 64, 3), dtype=np.uint8)
    made = normalize_and_pad([pixels, pixels[:, ::-1].copy()], (1, 2, 3), (4, 5, 6), "cpu")
    assert made.shape == (2, 3, 64, 64)
    expected = (pixels.astype(np.float32) - (1, 2, 3)) / (4, 5, 6)
    np.testing.assert_allclose(made[0, :, :33].permute(1, 2, 0), expected, rtol=1e-6)
    assert torch.equal(made[1, :, :33], made[0, :, :33].flip(2))
    assert not made[:, :, 33:].any()


def test_enlarged_as_hysts_package_does() -> None:
    boxes = np.array([[10, 20, 29, 59, 0.5]], np.float32)
    assert scale_boxes(boxes, 1) is boxes
    np.testing.assert_allclose(scale_boxes(boxes, 1.1), [[8.5, 17.5, 30.5, 61.5, 0.5]], rtol=1e-6)
    assert scale_boxes(boxes[:0], 1.1).shape == (0, 5)
