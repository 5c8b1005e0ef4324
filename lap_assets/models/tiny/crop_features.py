"""Measured features of the crop around a box, for classes: colors, outlines, and the position of the hair's color.

Belongs here: crops and numbers; no network takes part. Lengths are in px of the crop. Outlines are histograms of
oriented gradients (Dalal and Triggs 2005).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box

AROUND: Final = 3.0
"""A crop's side relative to the longer side of the box: hair and clothes say as much as the face."""
SIDE: Final = 144
"""Px of a crop's side; the box's longer side is a third of it."""
_BOX: Final = SIDE / AROUND
_INNER: Final = 24  # px left out at each edge, where outlines are looked at closely
_LIFT: Final = 0.12  # hair is above the face: of half a box's longer side in the crop, by which the box lies lower
_CELL: Final = 12
_COLOR_CELL: Final = 36
_DIRECTIONS: Final = 9
_NEAR: Final = 35.0  # levels of 255 by which two colors are alike
_SHADED: Final = 90.0  # levels along a color's own direction: the same hair in shadow and light

Crop = NDArray[np.uint8]
"""Shape (SIDE, SIDE, 3)."""
Plane = NDArray[np.float32]
"""Shape (side, side)."""

BLOCKS: Final = (
    ("colors", 3 * (SIDE // _COLOR_CELL) ** 2, 0.3),
    ("outlines", _DIRECTIONS * ((SIDE - 2 * _INNER) // _CELL) ** 2, 1.0),
    ("hair", (SIDE // _CELL) ** 2, 1.0),
    ("hair outlines", _DIRECTIONS * (SIDE // _CELL) ** 2, 1.0),
)
"""The groups of numbers in `features_of`, in order: name, length and weight. Colors vary most and weigh less."""
LENGTH: Final = sum(count for _, count, _ in BLOCKS)


def crop_of(picture: Image.Image, box: Box) -> Crop:
    """Return the square around a box; black outside the picture."""
    part = picture.crop(square_around(box))
    return np.asarray(part.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0).convert("RGB"))


def square_around(box: Box, around: float = AROUND) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom in px of the square whose side is `around` times the box's longer one."""
    longer = max(box.width, box.height, 2)
    across, down = (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2 - _LIFT * longer * AROUND / 2
    reach = longer * around / 2
    return round(across - reach), round(down - reach), round(across + reach), round(down + reach)


def features_of(crop: Crop) -> NDArray[np.float32]:
    """Return the features of a crop, shape (LENGTH,)."""
    pixels = crop.astype(np.float32)
    hair = _hair(pixels)
    inner = pixels[_INNER:-_INNER, _INNER:-_INNER]
    parts = (
        _mean_of_cells(pixels, _COLOR_CELL),
        _outlines(inner),
        _mean_of_cells(hair, _CELL),
        _outlines(255 * hair[:, :, None]),
    )
    return np.concatenate([part.ravel() for part in parts]).astype(np.float32)


def _hair(pixels: NDArray[np.float32]) -> Plane:
    """Return how close each pixel is to the color just above the face, 0 to 1."""
    down, across, half = SIDE / 2 * (1 + _LIFT), SIDE / 2, _BOX / 2
    rows = slice(int(down - 0.95 * half), int(down - 0.5 * half))
    sample = pixels[rows, int(across - 0.4 * half) : int(across + 0.4 * half)]
    color = np.median(sample.reshape(-1, 3), axis=0)
    direction = color / max(float(np.linalg.norm(color)), 1.0)
    off = pixels - color
    along = off @ direction
    beside = (off**2).sum(axis=2) - along**2
    likeness: Plane = np.exp(-(along**2) / _SHADED**2 - beside / _NEAR**2)
    return likeness


def _outlines(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return edge strengths per cell and direction, relative to the neighboring cells: (cells, cells, directions)."""
    across, down = np.zeros_like(pixels), np.zeros_like(pixels)
    across[:, 1:-1] = pixels[:, 2:] - pixels[:, :-2]
    down[1:-1] = pixels[2:] - pixels[:-2]
    strongest = (across**2 + down**2).argmax(axis=2)[:, :, None]
    across, down = (np.take_along_axis(one, strongest, 2)[:, :, 0] for one in (across, down))
    strength, turn = np.hypot(across, down), np.arctan2(down, across) % np.pi / np.pi * _DIRECTIONS
    lower = np.floor(turn).astype(np.int64)
    count = len(pixels) // _CELL
    cell = np.arange(len(pixels)) // _CELL
    place = (cell[:, None] * count + cell) * _DIRECTIONS
    cells = np.zeros(count * count * _DIRECTIONS)
    for direction, share in ((lower, lower + 1 - turn), (lower + 1, turn - lower)):
        places = (place + direction % _DIRECTIONS).ravel()
        cells += np.bincount(places, (strength * share).ravel(), len(cells))
    cells = cells.reshape(count, count, _DIRECTIONS) / _CELL**2
    energy = np.pad((cells**2).sum(axis=2), 1, mode="edge")
    around = sum(energy[y : y + count, x : x + count] for y in range(3) for x in range(3)) / 9
    return np.minimum(cells / np.sqrt(around + 0.02 * np.mean(around) + 1e-6)[:, :, None], 0.5)


def _mean_of_cells(values: NDArray[np.float32], cell: int) -> NDArray[np.float32]:
    count = len(values) // cell
    means: NDArray[np.float32] = values.reshape(count, cell, count, cell, *values.shape[2:]).mean(axis=(1, 3))
    return means
