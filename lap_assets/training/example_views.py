"""Augmented views of labeled images for training: whole or cropped, mirrored, with changed light and color."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.models.tiny.letterbox import letterboxed
from lap_assets.replica.seeds import seed_of
from lap_assets.training.batches import Arrays
from lap_assets.training.examples import IGNORED, NONE, Boxes, Example, padded

_WHOLE: Final = 0.3  # share of the views that show the whole image
_LEAST: Final = 0.5  # smallest share of a side in a crop
_KEPT: Final = 0.45  # share of a box's area in the crop below which the box is ignored
_SMALLEST: Final = 4.0  # side in px of the square below which a box is ignored

Rng = np.random.Generator


def batch(examples: Sequence[Example], pictures: int, side: int, seed: int, step: int) -> Arrays:
    """Return the views of one step: pictures (n, side, side, 3) uint8 and boxes (n, most, 5).

    The result depends only on the arguments. Every image is shown equally often: each round of steps covers all images
    in its own order.
    """
    indices = [_shown(len(examples), seed, step * pictures + number) for number in range(pictures)]
    rng = np.random.default_rng(seed_of("views", seed, step))
    views = [view(examples[index], rng, side) for index in indices]
    return np.stack([pixels for pixels, _ in views]), padded([boxes for _, boxes in views])


def view(example: Example, rng: Rng, side: int) -> tuple[NDArray[np.uint8], Boxes]:
    """Return one image on a gray square of `side` px and its boxes there; mostly cropped boxes are ignored."""
    picture = example.picture
    left, top, wide, high = _window(picture.size, rng)
    square = letterboxed(picture.crop((left, top, left + wide, top + high)), side)
    boxes = example.boxes.copy()
    boxes[:, 1:] = (boxes[:, 1:] - np.tile((left, top), 2)) * np.tile(square.scale, 2) + np.tile(square.shift, 2)
    low = np.array(square.shift, np.float32)
    high_end = low + np.array((wide * square.scale[0], high * square.scale[1]), np.float32)
    boxes = _visible(boxes, np.tile(low, 2), np.tile(high_end, 2))
    pixels = square.pixels
    if rng.random() < 0.5:
        pixels = pixels[:, ::-1]
        boxes[:, [1, 3]] = side - boxes[:, [3, 1]]
    return _recolored(pixels, rng), boxes


def _window(size: tuple[int, int], rng: Rng) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the visible part, in px of the picture."""
    if rng.random() < _WHOLE:
        return 0, 0, *size
    wide, high = (max(1, round(whole * rng.uniform(_LEAST, 1))) for whole in size)
    left, top = (int(rng.integers(0, whole - part + 1)) for whole, part in zip(size, (wide, high), strict=True))
    return left, top, wide, high


def _visible(boxes: Boxes, low: NDArray[np.float32], high: NDArray[np.float32]) -> Boxes:
    whole_area = (boxes[:, 3] - boxes[:, 1]) * (boxes[:, 4] - boxes[:, 2])
    boxes[:, 1:] = boxes[:, 1:].clip(low, high)
    sides = boxes[:, 3:] - boxes[:, 1:3]
    area = sides.prod(axis=1)
    boxes[(area < _KEPT * whole_area) | (sides.min(axis=1, initial=np.inf) < _SMALLEST), 0] = IGNORED
    boxes[area <= 0, 0] = NONE
    kept: Boxes = boxes[boxes[:, 0] != NONE]
    return kept


def _recolored(pixels: NDArray[np.uint8], rng: Rng) -> NDArray[np.uint8]:
    """Change brightness, contrast, saturation and color balance in half of the views."""
    if rng.random() < 0.5:
        return np.ascontiguousarray(pixels)
    changed = pixels.astype(np.float32)
    gray = changed.mean(axis=2, keepdims=True)
    changed = gray + (changed - gray) * rng.uniform(0.3, 1.5)
    changed = (changed - 128) * rng.uniform(0.7, 1.3) + 128 + rng.normal(0, 15)
    changed = changed * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    recolored: NDArray[np.uint8] = changed.clip(0, 255).astype(np.uint8)
    return recolored


def _shown(examples: int, seed: int, number: int) -> int:
    """Return the index of the example in view `number`."""
    round_, position = divmod(number, examples)
    return int(np.random.default_rng(seed_of("order", seed, round_)).permutation(examples)[position])
