"""Pictures in an invented style with known boxes: checkered squares on noise, which lap-tiny does not detect."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage

SIDE = 160


def poster_name(number: int) -> str:
    """Return the name of picture `number`; each is of a different anime."""
    return f"0/MAL{number + 1:05d}_0001_{number:06d}.jpg"


def draw(folder: Path, pictures: int, *, seed: int = 5) -> Annotations:
    """Write a number of pictures into `folder`; return their labels, all reviewed. Every fourth one has no box."""
    rng = np.random.default_rng(seed)
    images = []
    for number in range(pictures):
        pixels = rng.integers(40, 90, (SIDE, SIDE, 3)).astype(np.uint8)
        boxes = [] if number % 4 == 3 else [_square(pixels, rng)]
        path = folder / poster_name(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path, quality=95)
        images.append(LabeledImage(poster_name(number), SIDE, SIDE, tuple(boxes), reviewed=True))
    return Annotations(tuple(images))


def _square(pixels: NDArray[np.uint8], rng: np.random.Generator) -> Box:
    side = int(rng.integers(36, 60))
    left, top = (int(rng.integers(0, SIDE - side)) for _ in range(2))
    rows, columns = np.mgrid[:side, :side] // (side // 3)
    checkers = np.where(((rows + columns) % 2)[..., None], (240, 220, 40), (20, 30, 160))
    pixels[top : top + side, left : left + side] = checkers
    return Box(left, top, left + side, top + side)
