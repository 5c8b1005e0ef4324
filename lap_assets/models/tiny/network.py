"""The embedder's network: convolutions down to a coarse grid, then a small vision transformer over its cells.

Callers import this module lazily, so torch and timm are imported at the top. Early convolutions let a transformer learn
faster (Xiao et al. 2021); without a position embedding, it accepts any size; generalized-mean pooling keeps salient
features (Radenović et al. 2018), which suits copy detection.
"""

from dataclasses import dataclass
from typing import Final

import torch
from timm.models.vision_transformer import Block
from torch import Tensor, nn
from torch.nn import functional

SEEN: Final = 160  # px per side of the square that a picture is squeezed into
SIDE: Final = 128  # px per side of a view of it
VIEWS: Final = (0.0, 0.2)  # the share of the side that each view crops at each edge


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the four halvings, numbers of transformer blocks and heads, and length of the vector."""

    widths: tuple[int, int, int, int] = (24, 48, 96, 192)
    blocks: int = 2
    heads: int = 4
    dimensions: int = 192


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


def _halving(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class TinyNetwork(nn.Module):
    """From gray pictures (n, 1, h, w) in -1 … 1, h and w multiples of 16, to vectors (n, dimensions) of length 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        one, two, three, four = shape.widths
        self.stem = nn.Sequential(
            _halving(1, one), _halving(one, two), _Residual(two), _halving(two, three), _Residual(three),
            _halving(three, four),
        )  # fmt: skip
        self.blocks = nn.Sequential(*(Block(four, shape.heads, mlp_ratio=3.0) for _ in range(shape.blocks)))
        self.norm = nn.LayerNorm(four)
        self.power = nn.Parameter(torch.tensor(3.0))
        self.head = nn.Linear(four, shape.dimensions)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the vectors."""
        cells = self.stem(pictures).flatten(2).transpose(1, 2)
        cells = self.norm(self.blocks(cells)).float()
        power = self.power.clamp(1, 8)
        pooled = functional.softplus(cells).clamp(min=1e-4).pow(power).mean(dim=1).pow(1 / power)
        return functional.normalize(self.head(pooled), dim=-1)


def as_gray(pictures: Tensor) -> Tensor:
    """Return pictures (n, 3, h, w) as (n, 1, h, w): the mean of the bands, which their exchange does not change."""
    return pictures.mean(dim=1, keepdim=True)


class TinyEmbedding(nn.Module):
    """The embedder: the whitened sum of a network's vectors for a picture's views.

    The views are the whole picture and its inner part in gray, each with its mirror image: so cropped edges of a copy
    matter less, and other colors and mirroring have hardly an effect. `even` whitens the sums (Jégou and Chum 2012):
    directions in which all pictures vary count less. Pictures are (n, 3, SEEN, SEEN) in -1 … 1; vectors have length 1.
    """

    def __init__(self, network: TinyNetwork) -> None:
        super().__init__()
        self.network = network
        dimensions = network.head.out_features
        self.even = nn.Linear(dimensions, dimensions)
        nn.init.eye_(self.even.weight)
        nn.init.zeros_(self.even.bias)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the vectors."""
        return functional.normalize(self.even(self.of_views(pictures)), dim=-1)

    def of_views(self, pictures: Tensor) -> Tensor:
        """Return the vectors before whitening."""
        side = pictures.shape[-1]
        gray = as_gray(pictures)
        total = gray.new_zeros(())
        for share in VIEWS:
            cut = round(share * side)
            part = gray[..., cut : side - cut, cut : side - cut]
            view = functional.interpolate(part, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
            view = view.contiguous(memory_format=torch.channels_last)
            total = total + self.network(view) + self.network(view.flip(3))
        return functional.normalize(total, dim=-1)
