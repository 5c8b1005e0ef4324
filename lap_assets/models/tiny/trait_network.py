"""The network that predicts a figure's traits from the crop around its face.

Import this module lazily: it imports torch. The trunk is the one of lap-tiny's detectors, whose weights the training
starts from; a branch beside it sees the positions of the hair's and the skin's colors, in any style. Two learned
weightings per channel pool the cells by position, so that hair on the forehead differs from hair behind the neck, and
neighboring figures from this one (the global depthwise convolution of Chen et al. 2018, "MobileFaceNets").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

SEEN: Final = 96
"""Side of the network's input crops in px."""
_WIDTHS: Final = (16, 32, 64, 128, 192)  # after each halving
_POOLED: Final = ((64, 8), (128, 16), (192, 32))  # channels and stride of the trunk's maps that are weighed
_POOLED_PLANES: Final = ((32, 8), (64, 16))  # and the branch's
_LOOKS: Final = 2  # weightings of each channel's cells
# Where the color of the hair and of the skin is taken: top, bottom, left, right as shares of a crop's side.
_PLACES: Final = ((0.405, 0.477, 0.43, 0.57), (0.58, 0.7, 0.42, 0.58))
_NEAR: Final = 35 / 255  # by which two colors are alike, as in `crop_features`
_SHADED: Final = 90 / 255  # along a color's own direction: the same hair in shadow and light


@dataclass(frozen=True, slots=True)
class TraitShape:
    """Length of the vector, and how many values each trait has."""

    dimensions: int
    values: tuple[int, ...]


class Convolved(nn.Module):
    """A convolution with normalization, as the detectors have."""

    def __init__(self, before: int, after: int, size: int = 3, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, after, size, stride, size // 2, bias=False)
        self.norm = nn.BatchNorm2d(after)

    def forward(self, cells: Tensor) -> Tensor:
        """Return the output cells."""
        convolved: Tensor = functional.leaky_relu(self.norm(self.conv(cells)), 0.1)
        return convolved


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.narrow = Convolved(width, width // 2, 1)
        self.wide = Convolved(width // 2, width)

    def forward(self, cells: Tensor) -> Tensor:
        changed: Tensor = self.wide(self.narrow(cells))
        return cells + changed


class _Weighed(nn.Module):
    """Maps (n, channels, side, side) to sums of each channel's cells (n, channels * _LOOKS)."""

    def __init__(self, channels: int, side: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(channels, side * side, _LOOKS) / side)

    def forward(self, cells: Tensor) -> Tensor:
        by_channel = cells.flatten(2).transpose(0, 1)
        return torch.bmm(by_channel, self.weight).transpose(0, 1).flatten(1)


def _likeness(crops: Tensor, place: tuple[float, float, float, float]) -> Tensor:
    """Return how much each pixel has the color of a place, 0 to 1: (n, 1, side, side)."""
    top, bottom, left, right = (round(share * crops.shape[-1]) for share in place)
    color = crops[:, :, top:bottom, left:right].flatten(2).median(dim=2).values
    direction = color / color.norm(dim=1, keepdim=True).clamp(min=1 / 255)
    off = crops - color[:, :, None, None]
    along = (off * direction[:, :, None, None]).sum(dim=1, keepdim=True)
    beside = (off**2).sum(dim=1, keepdim=True) - along**2
    return torch.exp(-(along**2) / _SHADED**2 - beside / _NEAR**2)


def _pooled(cells: Tensor, parts: nn.ModuleList, pools: nn.ModuleList) -> Iterator[Tensor]:
    for part, pool in zip(parts, pools, strict=True):
        cells = part(cells)
        yield pool(cells)


class TraitNetwork(nn.Module):
    """Maps crops (n, 3, SEEN, SEEN) in 0 … 1 to vectors (n, dimensions) and scores of all values of all traits."""

    def __init__(self, shape: TraitShape) -> None:
        super().__init__()
        self.values = shape.values
        one, two, three, four, five = _WIDTHS
        self.trunk = nn.ModuleList((
            nn.Sequential(Convolved(3, one, 3, 2), Convolved(one, two, 3, 2), Convolved(two, three, 3, 2),
                          _Residual(three)),
            nn.Sequential(Convolved(three, four, 3, 2), _Residual(four)),
            nn.Sequential(Convolved(four, five, 3, 2), _Residual(five)),
        ))  # fmt: skip
        self.pools = nn.ModuleList(_Weighed(channels, SEEN // stride) for channels, stride in _POOLED)
        self.branch = nn.ModuleList((
            nn.Sequential(Convolved(len(_PLACES), 16, 3, 2), Convolved(16, 32, 3, 2), Convolved(32, 32)),
            nn.Sequential(Convolved(32, 64, 3, 2), Convolved(64, 64)),
        ))  # fmt: skip
        self.branch_pools = nn.ModuleList(_Weighed(channels, SEEN // stride) for channels, stride in _POOLED_PLANES)
        pooled = _LOOKS * sum(channels for channels, _ in (*_POOLED, *_POOLED_PLANES))
        self.norm = nn.BatchNorm1d(pooled)
        self.vector = nn.Linear(pooled, shape.dimensions)
        self.heads = nn.Linear(shape.dimensions, sum(shape.values))

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        """Return vectors, and scores (n, sum of the numbers of values)."""
        small = functional.avg_pool2d(crops, 2)
        planes = torch.cat([_likeness(small, place) for place in _PLACES], dim=1)
        pooled = [*_pooled(crops, self.trunk, self.pools), *_pooled(planes, self.branch, self.branch_pools)]
        vectors = functional.relu(self.vector(self.norm(torch.cat(pooled, dim=1))))
        return vectors, self.heads(vectors)

    def by_trait(self, scores: Tensor) -> Sequence[Tensor]:
        """Return the scores of each trait's values."""
        return torch.split(scores, list(self.values), dim=1)


def as_crops(pixels: Tensor) -> Tensor:
    """Return crops (n, SEEN, SEEN, 3) of bytes as the network's input."""
    return (pixels.permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)
