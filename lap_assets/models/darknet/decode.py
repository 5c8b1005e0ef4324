"""Decoding a head's raw output into boxes, objectness and class scores. Thresholds belong to the detectors."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """One [yolo] section. `anchors`: width and height in px of the input; `stride`: px of the input per cell."""

    anchors: tuple[tuple[float, float], ...]
    classes: int
    stride: int

    @property
    def channels(self) -> int:
        """Channels of the raw output: x y w h, objectness and the classes, for each anchor."""
        return len(self.anchors) * (5 + self.classes)


class Network(Protocol):
    """A network for `decode_heads`: its heads, and their raw outputs."""

    heads: list[Head]

    def __call__(self, pictures: "Tensor", /) -> "list[Tensor]":
        """Return a raw output for each of `heads`."""


def decode(raw: "Tensor", head: Head) -> tuple["Tensor", "Tensor", "Tensor"]:
    """Decode the boxes of a head's raw output (n, anchors * (5 + classes), h, w), by row, column, anchor.

    Redmon and Farhadi, YOLOv3 (2018), section 2.1: the center is the cell's corner plus sigmoid(x, y), the size is
    the anchor's times exp(w, h); objectness and classes are sigmoids.

    Returns:
        With m = h * w * anchors: boxes (n, m, 4) as x0 y0 x1 y1 in px of the input, objectness (n, m), class scores
        (n, m, classes).
    """
    import torch

    n, _, height, width = raw.shape
    cells = raw.view(n, len(head.anchors), 5 + head.classes, height, width).permute(0, 3, 4, 1, 2)
    rows, columns = torch.meshgrid(
        torch.arange(height, dtype=raw.dtype, device=raw.device),
        torch.arange(width, dtype=raw.dtype, device=raw.device),
        indexing="ij",
    )
    corners = torch.stack((columns, rows), dim=-1)[:, :, None, :]
    centers = (corners + cells[..., :2].sigmoid()) * head.stride
    halves = cells[..., 2:4].exp() * raw.new_tensor(head.anchors) / 2
    boxes = torch.cat((centers - halves, centers + halves), dim=-1)
    certain = cells[..., 4:].sigmoid()
    return boxes.flatten(1, 3), certain[..., 0].flatten(1), certain[..., 1:].flatten(1, 3)


def decode_heads(network: Network, pictures: "Tensor") -> tuple[Numbers, Numbers, Numbers]:
    """Run the network on pictures (n, channels, h, w), and decode all heads, concatenated, as arrays."""
    import torch

    heads = [decode(raw.float(), head) for raw, head in zip(network(pictures), network.heads, strict=True)]
    boxes, objectness, classes = (torch.cat(part, dim=1).cpu().numpy() for part in zip(*heads, strict=True))
    return boxes, objectness, classes
