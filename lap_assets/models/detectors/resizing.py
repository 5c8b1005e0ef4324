"""Resizing 8-bit pictures exactly like OpenCV, in integer arithmetic, as input of the original detectors.

Source: OpenCV's imgproc/src/resize.cpp. Pixels are centered; weights are rounded to 11 bits; rows and columns beyond
the edge repeat it. Pillow's filters widen when shrinking a picture, OpenCV's do not.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Shape (height, width, channels)."""
_Weights = NDArray[np.int32]

_ONE: Final = 2048  # 11 bits
_CUBIC: Final = np.float32(-0.75)
_LANES: Final = 8  # OpenCV computes this many numbers of a row at a time as floats, the rest of the row as integers


def linear(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resize the picture like `cv2.resize(…, interpolation=cv2.INTER_LINEAR)`."""
    if pixels.shape[:2] == (height, width):
        return pixels
    if pixels.shape[:2] == (2 * height, 2 * width):
        return _halved(pixels)
    columns, across = _linear_weights(pixels.shape[1], width)
    inside = (columns[:, 0] >= 0) & (columns[:, 0] < pixels.shape[1] - 1)
    across = np.where(inside[:, None], across, [_ONE, 0]).astype(np.int32)
    rows, down = _linear_weights(pixels.shape[0], height)
    wide = _across(pixels, columns, across) >> 4
    above, below = (wide[_within(rows[:, tap], len(wide))] * down[:, tap, None, None] >> 16 for tap in (0, 1))
    return ((above + below + 2) >> 2).astype(np.uint8)


def cubic(pixels: Pixels, width: int, height: int) -> Pixels:
    """Resize the picture like `cv2.resize(…, interpolation=cv2.INTER_CUBIC)` with OpenCV's own code.

    (If OpenCV delegates to Intel's IPP, one pixel in twenty-five differs by one level.)
    """
    if pixels.shape[:2] == (height, width):
        return pixels
    wide = _across(pixels, *_cubic_weights(pixels.shape[1], width)).reshape(len(pixels), -1)
    rows, down = _cubic_weights(pixels.shape[0], height)
    scaled = down.astype(np.float32) * np.float32(1 / (_ONE * _ONE))
    taps = [wide[_within(rows[:, tap], len(wide))] for tap in range(4)]
    whole = wide.shape[1] // _LANES * _LANES
    total = np.zeros((height, whole), np.float32)
    for tap in (3, 2, 1, 0):  # in OpenCV's order, because intermediate sums are rounded
        total += taps[tap][:, :whole].astype(np.float32) * scaled[:, tap, None]
    rest = sum(taps[tap][:, whole:].astype(np.int64) * down[:, tap, None] for tap in range(4))
    joined = np.concatenate((np.rint(total), (rest + _ONE * _ONE // 2) // (_ONE * _ONE)), axis=1)
    return joined.clip(0, 255).astype(np.uint8).reshape(height, width, -1)


def _halved(pixels: Pixels) -> Pixels:
    """Return the picture at exactly half its size, for which OpenCV averages four pixels."""
    total = pixels.astype(np.uint16)
    rows = total[::2] + total[1::2]
    return ((rows[:, ::2] + rows[:, 1::2] + 2) >> 2).astype(np.uint8)


def _across(pixels: Pixels, columns: NDArray[np.intp], weights: _Weights) -> NDArray[np.int32]:
    """Return the weighted sums along each row: shape (height, new width, channels)."""
    total = np.zeros((pixels.shape[0], len(columns), pixels.shape[2]), np.int32)
    for tap in range(columns.shape[1]):
        taken = pixels[:, _within(columns[:, tap], pixels.shape[1])]
        total += taken.astype(np.int32) * weights[None, :, tap, None]
    return total


def _within(indices: NDArray[np.intp], length: int) -> NDArray[np.intp]:
    return indices.clip(0, length - 1)


def _positions(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return, for each new index, the old index at or left of it, and the offset from that to the right (0 … 1)."""
    exact = ((np.arange(new) + 0.5) * (1 / (new / old)) - 0.5).astype(np.float32)
    whole = np.floor(exact)
    return whole.astype(np.intp), exact - whole


def _linear_weights(old: int, new: int) -> tuple[NDArray[np.intp], _Weights]:
    """Return two old indices and their weights for each new index."""
    first, offset = _positions(old, new)
    weights = np.stack((np.float32(1) - offset, offset), axis=1)
    return first[:, None] + np.arange(2), np.rint(weights * _ONE).astype(np.int32)


def _cubic_weights(old: int, new: int) -> tuple[NDArray[np.intp], _Weights]:
    """Return four old indices and their weights for each new index (Keys 1981, with a = -0.75)."""
    first, x = _positions(old, new)
    one, a = np.float32(1), _CUBIC
    left = ((a * (x + one) - 5 * a) * (x + one) + 8 * a) * (x + one) - 4 * a
    near = ((a + 2) * x - (a + 3)) * x * x + one
    y = one - x
    far = ((a + 2) * y - (a + 3)) * y * y + one
    weights = np.stack((left, near, far, one - left - near - far), axis=1)
    return first[:, None] + np.arange(-1, 3), np.rint(weights * _ONE).astype(np.int32)
