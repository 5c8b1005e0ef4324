"""Animesion's ViT, written independently in plain torch from the layout of its checkpoint, as a reference.

Layers with the checkpoint's names and random weights belong here. It uses neither the project nor timm.
"""

from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

FILE: Final = "verify_danbooruFaces_l16.ckpt"
_EPSILON: Final = 1e-12


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.proj_q, self.proj_k, self.proj_v = (nn.Linear(width, width) for _ in range(3))
        self.heads = heads

    def forward(self, x: Tensor) -> Tensor:
        count, tokens, width = x.shape
        query, key, value = (
            project(x).view(count, tokens, self.heads, -1).transpose(1, 2)
            for project in (self.proj_q, self.proj_k, self.proj_v)
        )
        weights = (query @ key.transpose(2, 3) / (width // self.heads) ** 0.5).softmax(3)
        joined: Tensor = (weights @ value).transpose(1, 2).reshape(count, tokens, width)
        return joined


class _Block(nn.Module):
    def __init__(self, width: int, heads: int, wide: int) -> None:
        super().__init__()
        self.attn = _Attention(width, heads)
        self.proj = nn.Linear(width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, _EPSILON), nn.LayerNorm(width, _EPSILON)
        self.pwff = nn.ModuleDict({"fc1": nn.Linear(width, wide), "fc2": nn.Linear(wide, width)})

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.proj(self.attn(self.norm1(x)))
        after: Tensor = x + self.pwff["fc2"](nn.functional.gelu(self.pwff["fc1"](self.norm2(x))))
        return after


class Animesion(nn.Module):
    """Map pictures (n, 3, side, side), (x - 127.5) / 127.5, to the class token after the last LayerNorm, (n, width)."""

    def __init__(
        self,
        side: int = 128,
        patch: int = 16,
        width: int = 1024,
        depth: int = 24,
        wide: int = 4096,
        classes: int = 3263,
    ) -> None:
        super().__init__()
        self.side = side
        self.class_token = nn.Parameter(torch.zeros(1, 1, width))
        self.positional_embedding = nn.ParameterDict({"pos_embedding": torch.zeros(1, (side // patch) ** 2 + 1, width)})
        self.patch_embedding = nn.Conv2d(3, width, patch, patch)
        blocks = nn.ModuleList(_Block(width, width // 64, wide) for _ in range(depth))
        self.transformer = nn.ModuleDict({"blocks": blocks})
        self.norm = nn.LayerNorm(width, _EPSILON)
        self.fc = nn.Linear(width, classes)

    def forward(self, pictures: Tensor) -> Tensor:
        patches = self.patch_embedding(pictures).flatten(2).transpose(1, 2)
        x = torch.cat((self.class_token.expand(len(patches), -1, -1), patches), dim=1)
        x = x + self.positional_embedding["pos_embedding"]
        for block in self.transformer["blocks"]:  # type: ignore[attr-defined]
            x = block(x)
        normed: Tensor = self.norm(x)
        return normed[:, 0]

    def vector(self, path: Path) -> NDArray[np.float32]:
        """Return the vector of an RGB picture file, resized to a square (bilinear)."""
        with Image.open(path) as opened:
            squashed = opened.convert("RGB").resize((self.side, self.side), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.array(squashed)).permute(2, 0, 1)[None].float()
        with torch.inference_mode():
            numbers: NDArray[np.float32] = self((pixels - 127.5) / 127.5)[0].numpy()
        return numbers


def with_random_weights(network: Animesion, seed: int) -> Animesion:
    """Return the network with random weights under which every part matters: uneven attention, nothing near zero."""
    chance = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, weight in network.named_parameters():
            if "norm" in key and key.endswith("weight"):
                weight.normal_(1, 0.2, generator=chance)
            elif weight.ndim > 1 and "token" not in key and "pos" not in key:
                weight.normal_(0, (1.5 / weight[0].numel()) ** 0.5, generator=chance)
            else:
                weight.normal_(0, 0.3, generator=chance)
    return network.eval()


def write_checkpoint(path: Path, network: Animesion) -> None:
    """Write a file like the published one: keys with the prefix `model.`, including the classifier."""
    torch.save({"state_dict": {f"model.{key}": value for key, value in network.state_dict().items()}}, path)
