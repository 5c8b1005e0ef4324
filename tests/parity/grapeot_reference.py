"""grapeot's head detector, written independently from its published steps: no module, cfg or code of the project.

The steps: letterbox (bicubic, gray 128), Darknet's YOLOv3, objectness above .85, suppression at .4, back to the
picture. cv2 is an argument, so that the network can run without it.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

SIDE: Final = 512
_ANCHORS: Final = [(10, 13), (16, 30), (33, 23), (30, 61), (62, 45), (59, 119), (116, 90), (156, 198), (373, 326)]


class WeightStream:
    """Weights read layer by layer, in the order of `head.weights`: bias, scale, mean, variance, weights."""

    def __init__(self, numbers: Tensor) -> None:
        self.numbers, self.place = numbers, 0

    def take(self, *shape: int) -> Tensor:
        """Return the next numbers."""
        count = int(np.prod(shape))
        self.place += count
        return self.numbers[self.place - count : self.place].view(shape)

    def convolve(self, x: Tensor, filters: int, size: int, stride: int = 1) -> Tensor:
        """Apply a normalized convolution with leaky activation."""
        bias, scale, mean, variance = (self.take(filters) for _ in range(4))
        x = functional.conv2d(x, self.take(filters, x.shape[1], size, size), stride=stride, padding=size // 2)
        x = functional.batch_norm(x, mean, variance, scale, bias, eps=1e-5)
        return torch.where(x > 0, x, 0.1 * x)

    def raw(self, x: Tensor) -> Tensor:
        """Apply the last layer of a head: three anchors with six numbers each."""
        bias = self.take(18)
        return functional.conv2d(x, self.take(18, x.shape[1], 1, 1), bias)


def shapes(divisor: int = 1) -> list[tuple[int, int, int, float]]:
    """Yield filters, input channels, size and gain of each convolution in the file's order; no gain: not normalized.

    The gain only matters for random weights: residuals are small, so that values do not grow.
    """
    found: list[tuple[int, int, int, float]] = []
    width = 32 // divisor

    def add(before: int, *layers: tuple[int, int, float]) -> None:
        for filters, size, gain in layers:
            found.append((filters, before, size, gain))
            before = filters

    add(3, (width, 3, 1))
    for blocks in (1, 2, 8, 8, 4):
        width *= 2
        add(width // 2, (width, 3, 1), *((width // 2, 1, 1), (width, 3, 0.3)) * blocks)
    for level in range(3):
        half = width // 2
        if level:
            add(width, (half, 1, 1))
        add(half + width if level else width, *((half, 1, 1), (width, 3, 1)) * 3, (18, 1, 0))
        width = half
    return found


def random_numbers(seed: int, divisor: int = 1) -> NDArray[np.float32]:
    """Return the contents of a weights file after its header, for a network that finds many boxes of moderate size."""
    chance = np.random.default_rng(seed)
    parts: list[NDArray[Any]] = []
    for filters, before, size, gain in shapes(divisor):
        bias = chance.normal(0, 0.2, filters)
        weights = chance.normal(0, (1.7 / (before * size * size)) ** 0.5, (filters, before * size * size))
        if gain:
            scale, mean, variance = (chance.uniform(*ends, filters) for ends in ((0.6, 1.4), (-0.4, 0.4), (0.6, 1.4)))
            parts += [bias, scale * gain, mean, variance, weights.ravel()]
        else:
            deviations = np.tile([1, 1, 0.3, 0.3, 1.5, 1.5], 3)
            parts += [bias - np.tile([0, 0, 0, 0, 3, 0], 3), (weights * deviations[:, None]).ravel()]
    return np.concatenate(parts).astype(np.float32)


def write_weights(path: Path, numbers: NDArray[np.float32]) -> None:
    """Write a weights file with Darknet's current header of 20 bytes."""
    path.write_bytes(np.array([0, 2, 5, 0, 0], "<i4").tobytes() + numbers.astype("<f4").tobytes())


def forward(numbers: NDArray[np.float32], x: Tensor, divisor: int = 1) -> list[Tensor]:
    """Return the raw outputs of the three heads for pictures (n, 3, h, w)."""
    net, width = WeightStream(torch.from_numpy(numbers)), 32 // divisor
    x = net.convolve(x, width, 3)
    kept = []
    for blocks in (1, 2, 8, 8, 4):
        width *= 2
        x = net.convolve(x, width, 3, stride=2)
        for _ in range(blocks):
            x = x + net.convolve(net.convolve(x, width // 2, 1), width, 3)
        kept.append(x)
    heads = []
    for level in range(3):
        half = width // 2
        if level:
            x = net.convolve(x, half, 1).repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
            x = torch.cat((x, kept[4 - level]), dim=1)
        for filters, size in ((half, 1), (width, 3), (half, 1), (width, 3), (half, 1)):
            x = net.convolve(x, filters, size)
        heads.append(net.raw(net.convolve(x, width, 3)))
        width = half
    assert net.place == len(numbers)
    return heads


def boxes_of(heads: list[Tensor]) -> Tensor:
    """Return rows of x0 y0 x1 y1 objectness in px of the square, for the first picture."""
    rows = []
    for head, anchors in zip(heads, (_ANCHORS[6:], _ANCHORS[3:6], _ANCHORS[:3]), strict=True):
        stride = SIDE // head.shape[-1]
        for row in range(head.shape[2]):
            for column in range(head.shape[3]):
                for number, anchor in enumerate(anchors):
                    tx, ty, tw, th, certain, _ = head[0, 6 * number : 6 * number + 6, row, column].unbind()
                    if certain.sigmoid() <= 0.85:
                        continue
                    x, y = (tx.sigmoid() + column) * stride, (ty.sigmoid() + row) * stride
                    w, h = tw.exp() * anchor[0], th.exp() * anchor[1]
                    rows.append(torch.stack((x - w / 2, y - h / 2, x + w / 2, y + h / 2, certain.sigmoid())))
    return torch.stack(rows) if rows else torch.empty(0, 5)


def suppressed(boxes: Tensor) -> Tensor:
    """Return boxes, best first, without those overlapping a better kept one by .4 or more; last px are inclusive."""
    waiting, kept = boxes[boxes[:, 4].argsort(descending=True, stable=True)], []
    while len(waiting):
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        shared = (torch.minimum(best[2:4], waiting[:, 2:4]) - torch.maximum(best[:2], waiting[:, :2]) + 1).clamp(min=0)
        area = (best[2] - best[0] + 1) * (best[3] - best[1] + 1)
        areas = (waiting[:, 2] - waiting[:, 0] + 1) * (waiting[:, 3] - waiting[:, 1] + 1)
        both = shared[:, 0] * shared[:, 1]
        waiting = waiting[both / (area + areas - both) < 0.4]
    return torch.stack(kept) if kept else boxes


def detect(cv2: Any, numbers: NDArray[np.float32], picture: NDArray[np.uint8], divisor: int = 1) -> NDArray[np.float32]:
    """Return heads (n, 5) on a BGR picture, before edges are truncated to whole px."""
    high, wide = picture.shape[:2]
    factor = min(SIDE / wide, SIDE / high)
    size = int(wide * factor), int(high * factor)
    square = np.full((SIDE, SIDE, 3), 128)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    square[top : top + size[1], left : left + size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC)
    x = torch.from_numpy(square[:, :, ::-1].transpose(2, 0, 1).copy()).float().div(255).unsqueeze(0)
    with torch.no_grad():
        found = suppressed(boxes_of(forward(numbers, x, divisor)))
    ratio = min(torch.tensor(SIDE / wide), torch.tensor(SIDE / high))
    for axis, length in enumerate((wide, high)):
        corners = (found[:, axis:4:2] - (SIDE - ratio * length) / 2) / ratio
        found[:, axis:4:2] = corners.clamp(0, length)
    return found.numpy()
