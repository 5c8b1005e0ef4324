"""The embedder's network: convolutions down to a coarse grid, then a small vision transformer over its cells.

Imported lazily by whoever builds it, so torch and timm stand at the top. Early convolutions let a transformer learn
in little time (Xiao et al. 2021); it has no position embedding, so it takes any size; generalized-mean pooling keeps
what stands out (Radenović et al. 2018), as copy detection wants.
"""

from dataclasses import dataclass
from typing import Final

import torch
from timm.models.vision_transformer import Block
from torch import Tensor, nn
from torch.nn import functional

SEEN: Final = 160  # px a side of the square that a picture is squeezed into
SIDE: Final = 128  # px a side of a view of it
VIEWS: Final = (0.0, 0.2)  # what a view leaves out at each edge, as a share of the side


@dataclass(frozen=True, slots=True)
class Shape:
    """Widths of the four halvings, transformer blocks and heads, length of the vector."""

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


def _halving(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)
    )


class TinyNetwork(nn.Module):
    """Pictures (n, 3, h, w) in -1 … 1, h and w multiples of 16, to vectors (n, dimensions) of length 1."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        one, two, three, four = shape.widths
        self.stem = nn.Sequential(
            _halving(3, one), _halving(one, two), _Residual(two), _halving(two, three), _Residual(three),
            _halving(three, four),
        )  # fmt: skip
        self.blocks = nn.Sequential(*(Block(four, shape.heads, mlp_ratio=3.0) for _ in range(shape.blocks)))
        self.norm = nn.LayerNorm(four)
        self.power = nn.Parameter(torch.tensor(3.0))
        self.head = nn.Linear(four, shape.dimensions)

    def forward(self, pictures: Tensor) -> Tensor:
        """The vectors."""
        cells = self.stem(pictures).flatten(2).transpose(1, 2)
        cells = self.norm(self.blocks(cells)).float()
        power = self.power.clamp(1, 8)
        pooled = functional.softplus(cells).clamp(min=1e-4).pow(power).mean(dim=1).pow(1 / power)
        return functional.normalize(self.head(pooled), dim=-1)


class TinyEmbedding(nn.Module):
    """The embedder: the sum of a network's vectors for a picture's views, whitened.

    A picture is seen whole and as its inner part, each with its mirror image: so what a copy lost at its edges weighs
    less, and mirroring changes nothing. `even` whitens the sums (Jégou and Chum 2012): directions in which all
    pictures differ count less. Pictures are (n, 3, SEEN, SEEN) in -1 … 1; vectors have length 1.
    """

    def __init__(self, network: TinyNetwork) -> None:
        super().__init__()
        self.network = network
        dimensions = network.head.out_features
        self.even = nn.Linear(dimensions, dimensions)
        nn.init.eye_(self.even.weight)
        nn.init.zeros_(self.even.bias)

    def forward(self, pictures: Tensor) -> Tensor:
        """The vectors."""
        return functional.normalize(self.even(self.of_views(pictures)), dim=-1)

    def of_views(self, pictures: Tensor) -> Tensor:
        """The vectors before they are evened out."""
        side = pictures.shape[-1]
        total = pictures.new_zeros(())
        for share in VIEWS:
            cut = round(share * side)
            part = pictures[..., cut : side - cut, cut : side - cut]
            view = functional.interpolate(part, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)
            view = view.contiguous(memory_format=torch.channels_last)
            total = total + self.network(view) + self.network(view.flip(3))
        return functional.normalize(total, dim=-1)
