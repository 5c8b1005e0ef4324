"""Input and output of hysts' detectors: mmdet 2.x's test pipeline.

Belongs here: the common parts of Faster R-CNN and YOLOv3. Sources: `rescale_size` in mmcv's image/geometric.py; Resize,
Normalize and Pad in mmdet's datasets/pipelines/transforms.py; `_update_pred_box` in anime-face-detector's detector.py.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.detectors.resizing import Pixels, linear
from lap_assets.models.types import Boxes

if TYPE_CHECKING:
    from torch import Tensor

_PADDED_TO: Final = 32


@dataclass(frozen=True, slots=True)
class Resized:
    """A picture at a network's input size. `scale`: px of the input per px of the picture, (4,): x, y, x, y."""

    pixels: Pixels
    scale: NDArray[np.float32]

    @property
    def shape(self) -> tuple[int, ...]:
        """Height, width and channels."""
        return self.pixels.shape


def resize_to_fit(picture: Image.Image, long: int, short: int) -> Resized:
    """Scale the RGB picture up or down to the largest size with sides of at most `long` and `short` px."""
    wide, high = picture.size
    factor = min(long / max(wide, high), short / min(wide, high))
    size = max(1, int(wide * factor + 0.5)), max(1, int(high * factor + 0.5))
    scale = np.array([size[0] / wide, size[1] / high] * 2, np.float32)
    return Resized(linear(np.asarray(picture), *size), scale)


def normalize_and_pad(
    pixels: list[Pixels], mean: tuple[float, ...], deviation: tuple[float, ...], device: str
) -> "Tensor":
    """Return pictures of one size as network input: (n, 3, h, w), zero-padded right and below to multiples of 32."""
    import torch
    from torch.nn import functional

    raw = torch.from_numpy(np.stack(pixels)).to(device, non_blocking=True).permute(0, 3, 1, 2).contiguous().float()
    sides = raw.new_tensor((mean, deviation)).view(2, 3, 1, 1)
    high, wide = (-side % _PADDED_TO for side in raw.shape[2:])
    return functional.pad((raw - sides[0]) / sides[1], (0, wide, 0, high))


def scale_boxes(boxes: Boxes, times: float) -> Boxes:
    """Enlarge boxes about their centers, counting the last pixel in a box's size; unchanged if `times` is 1."""
    if times == 1:
        return boxes
    sides = (boxes[:, 2:4] - boxes[:, :2] + 1) * np.float32(times)
    corners = (boxes[:, :2] + boxes[:, 2:4]) / 2 - sides / 2
    return np.concatenate((corners, corners + sides, boxes[:, 4:]), axis=1)
