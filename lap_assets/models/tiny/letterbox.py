"""Letterboxing: a whole picture, in its own proportions, centered on a gray square."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GRAY: Final = 114


@dataclass(frozen=True, slots=True)
class Letterboxed:
    """The square, shape (side, side, 3) uint8, and the conversion back to the picture's own px."""

    pixels: NDArray[np.uint8]
    scale: tuple[float, float]  # px of the square per px of the picture, across and down
    shift: tuple[int, int]
    size: tuple[int, int]  # of the picture

    def back(self, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Convert boxes (n, 4 or more) to px of the picture, clipped to it; further columns are unchanged."""
        moved = boxes.copy()
        moved[:, :4] = (boxes[:, :4] - np.tile(self.shift, 2)) / np.tile(self.scale, 2)
        moved[:, [0, 2]] = moved[:, [0, 2]].clip(0, self.size[0])
        moved[:, [1, 3]] = moved[:, [1, 3]].clip(0, self.size[1])
        return moved


def letterboxed(picture: Image.Image, side: int) -> Letterboxed:
    """Return the RGB picture on a square of `side` px."""
    wide, high = picture.size
    scale = side / max(wide, high)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    shift = (side - size[0]) // 2, (side - size[1]) // 2
    square = Image.new("RGB", (side, side), (GRAY, GRAY, GRAY))
    square.paste(picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0), shift)
    return Letterboxed(np.asarray(square), (size[0] / wide, size[1] / high), shift, picture.size)
