"""Resizing like OpenCV, compared with its rules implemented pixel by pixel."""

from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lap_assets.models.detectors.resizing import Pixels, cubic, linear

_SIDES = st.integers(1, 14)


def _pixels(height: int, width: int, seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _linear_pixel(pixels: Pixels, row: int, column: int, size: tuple[int, int]) -> Pixels:
    """OpenCV's fixed-point arithmetic for one pixel of the result."""
    high, wide = pixels.shape[:2]
    y = np.float32((row + 0.5) * (high / size[1]) - 0.5)
    x = np.float32((column + 0.5) * (wide / size[0]) - 0.5)
    top, left = floor(y), floor(x)
    down, across = round(float(np.float32(y - top)) * 2048), round(float(np.float32(x - left)) * 2048)
    if left < 0 or left >= wide - 1:
        left, across = min(max(left, 0), wide - 1), 0
    rows = [pixels[min(max(top + step, 0), high - 1)].astype(int) for step in (0, 1)]
    sums = [line[left] * (2048 - across) + line[min(left + 1, wide - 1)] * across for line in rows]
    mixed = ((sums[0] >> 4) * (2048 - down) >> 16) + ((sums[1] >> 4) * down >> 16)
    return np.asarray(mixed + 2 >> 2, np.uint8)


@given(_SIDES, _SIDES, _SIDES, _SIDES, st.integers(0, 9))
def test_linear_is_opencvs_fixed_point(high: int, wide: int, after_high: int, after_wide: int, seed: int) -> None:
    pixels = _pixels(high, wide, seed)
    resized = linear(pixels, after_wide, after_high)
    assert resized.shape == (after_high, after_wide, 3)
    assert resized.dtype == np.uint8
    if (high, wide) == (2 * after_high, 2 * after_wide):
        return  # the mean of four pixels, in the next test
    for row in range(after_high):
        for column in range(after_wide):
            assert (resized[row, column] == _linear_pixel(pixels, row, column, (after_wide, after_high))).all()


def test_linear_to_exactly_half_is_the_mean_of_four() -> None:
    pixels = _pixels(8, 6, 1)
    four = pixels.reshape(4, 2, 3, 2, 3).astype(int).sum(axis=(1, 3))
    assert (linear(pixels, 3, 4) == (four + 2) // 4).all()


@pytest.mark.parametrize(
    ("size", "after"), [((9, 7), (20, 31)), ((30, 21), (8, 11)), ((1, 1), (5, 4)), ((2, 40), (3, 9))]
)
def test_cubic_is_keys_kernel(size: tuple[int, int], after: tuple[int, int]) -> None:
    """To within the rounding of its weights to 11 bits."""
    pixels = _pixels(size[1], size[0], 3)
    resized = cubic(pixels, *after).astype(float)

    def weights(before: int, length: int) -> NDArray[np.float64]:
        """Return the weights (new length, old length) of each old pixel in each new one; the edge is repeated."""
        matrix = np.zeros((length, before))
        for place in range(length):
            exact = (place + 0.5) * before / length - 0.5
            for tap in range(floor(exact) - 1, floor(exact) + 3):
                x = abs(exact - tap)
                near, far = 1.25 * x**3 - 2.25 * x**2 + 1, -0.75 * (x**3 - 5 * x**2 + 8 * x - 4)
                matrix[place, min(max(tap, 0), before - 1)] += near if x <= 1 else far
        return matrix

    exact = np.einsum("ry,yxc,kx->rkc", weights(size[1], after[1]), pixels, weights(size[0], after[0]))
    assert np.abs(resized - exact.clip(0, 255)).max() <= 1


@pytest.mark.parametrize("resize", [linear, cubic])
@pytest.mark.parametrize("after", [(7, 5), (14, 10), (3, 2), (1, 1)])
def test_one_color_stays(resize: object, after: tuple[int, int]) -> None:
    assert callable(resize)
    resized = resize(np.full((5, 7, 3), (3, 130, 255), np.uint8), *after)
    assert (resized == (3, 130, 255)).all()
