"""ultralytics' letterboxing: a whole picture in its own proportions on gray, and converting boxes back.

Source: `LetterBox` in ultralytics/data/augment.py and `scale_boxes` in ultralytics/utils/ops.py, release 8.4.190.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.detectors.resizing import Pixels, linear

_GRAY: Final = 114
_Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Boxed:
    """A letterboxed picture, and the conversion back to the picture's own px.

    Attributes:
        pixels: Shape (height, width, 3), RGB.
        scale: Px of the network per px of the picture, across and down.
        shift: Px to the left of the picture, and above it.
        size: The picture's width and height.
    """

    pixels: Pixels
    scale: tuple[float, float]
    shift: tuple[int, int]
    size: tuple[int, int]

    def back(self, boxes: _Floats) -> _Floats:
        """Convert corners (n, 4) to px of the picture, clipped to it."""
        moved = (boxes - np.array(self.shift * 2, np.float32)) / np.array(self.scale * 2, np.float32)
        return moved.clip(0, np.array(self.size * 2, np.float32)).astype(np.float32)


def letterboxed(picture: Image.Image, size: tuple[int, int], stride: int | None) -> Boxed:
    """Scale the RGB picture to fit into `size` (height, width), padded to `size` or, if `stride` is given, to the next
    multiple of it."""
    (wide, high), (most_high, most_wide) = picture.size, size
    ratio = min(most_high / high, most_wide / wide)
    new_wide, new_high = max(round(wide * ratio), 1), max(round(high * ratio), 1)
    across, down = most_wide - new_wide, most_high - new_high
    if stride is not None:
        across, down = across % stride, down % stride
    left, right = round(across / 2 - 0.1), round(across / 2 + 0.1)
    above, below = round(down / 2 - 0.1), round(down / 2 + 0.1)
    pixels = np.full((above + new_high + below, left + new_wide + right, 3), _GRAY, np.uint8)
    pixels[above : above + new_high, left : left + new_wide] = linear(np.asarray(picture), new_wide, new_high)
    return Boxed(pixels, (new_wide / wide, new_high / high), (left, above), picture.size)
