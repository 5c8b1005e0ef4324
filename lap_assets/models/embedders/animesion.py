"""Animesion's ViT-L/16, trained on faces of Danbooru (github.com/arkel23/animesion): timm's network, its checkpoint.

The vector is the class token after the last LayerNorm, before the classifier. Depth, width, patch and picture size
follow from the checkpoint's shapes; a head is 64 wide, as in every ViT of the paper (arXiv 2010.11929).
"""

from collections.abc import Mapping
from functools import partial
from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lap_assets.core.errors import WeightsError
from lap_assets.models.embedders.running import Levels
from lap_assets.models.embedders.squeezed import SqueezedEmbedder
from lap_assets.models.state_dicts import check_state, load_checkpoint

if TYPE_CHECKING:
    from torch import Tensor

NAME: Final = "animesion-vit-l16"
LEVELS: Final = Levels((127.5, 127.5, 127.5), (127.5, 127.5, 127.5))
_HEAD: Final = 64
_WHOLE: Final = {"cls_token": "class_token", "pos_embed": "positional_embedding.pos_embedding"}
_PARTS: Final = (  # timm's names, and the checkpoint's
    ("patch_embed.proj.", "patch_embedding."),
    (".attn.proj.", ".proj."),
    (".mlp.", ".pwff."),
)


def load(path: Path, device: str) -> SqueezedEmbedder:
    """Load the embedder from Animesion's checkpoint.

    Raises:
        WeightsError: the file cannot be read, or a key or shape is wrong; the message names the first.
    """
    state = {key.removeprefix("model."): value for key, value in load_checkpoint(path).items()}
    network = _network(path, state)
    own = network.state_dict()
    check_state(path, _expected({key: tuple(value.shape) for key, value in own.items()}, state), state)
    network.load_state_dict({key: _joined(state, _sources(key)) for key in own}, assign=True)
    side = network.patch_embed.img_size[0]
    return SqueezedEmbedder(NAME, network, network.embed_dim, (side, side), LEVELS, device)


def _network(path: Path, state: "Mapping[str, Tensor]") -> Any:
    """Return the network that fits the shapes, without weights."""
    import torch

    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from timm.models.vision_transformer import VisionTransformer

    patches = _shape(path, state, "patch_embedding.weight", 4)
    tokens = _shape(path, state, "positional_embedding.pos_embedding", 3)[1]
    wide = _shape(path, state, "transformer.blocks.0.pwff.fc1.weight", 2)[0]
    width, patch, across = patches[0], patches[2], isqrt(max(0, tokens - 1))
    if across == 0 or across * across != tokens - 1 or width % _HEAD:
        raise WeightsError(f"{path} is a transformer of {tokens} tokens of {width} numbers: not this model's file")
    with torch.device("meta"):
        return VisionTransformer(
            img_size=across * patch, patch_size=patch, embed_dim=width, depth=_depth(state), num_heads=width // _HEAD,
            mlp_ratio=wide / width, num_classes=0, norm_layer=partial(torch.nn.LayerNorm, eps=1e-12),
        )  # fmt: skip


def _shape(path: Path, state: "Mapping[str, Tensor]", key: str, dimensions: int) -> tuple[int, ...]:
    if key not in state:
        raise WeightsError(f"{path} has no {key}: it is not this model's file, or a different version of it")
    if state[key].ndim != dimensions:
        raise WeightsError(f"{path}: {key} has shape {tuple(state[key].shape)}, expected {dimensions} axes")
    return tuple(state[key].shape)


def _depth(state: "Mapping[str, Tensor]") -> int:
    blocks = {key.split(".")[2] for key in state if key.startswith("transformer.blocks.")}
    return len(blocks)


def _sources(key: str) -> list[str]:
    """Return the checkpoint's keys for one of timm's keys, in order."""
    if key in _WHOLE:
        return [_WHOLE[key]]
    if ".attn.qkv." in key:
        return [source for part in "qkv" for source in _sources(key.replace(".attn.qkv.", f".ATTN.proj_{part}."))]
    for timm_name, name in _PARTS:
        key = key.replace(timm_name, name)
    key = key.replace(".ATTN.", ".attn.")
    return [f"transformer.{key}" if key.startswith("blocks.") else key]


def _expected(own: Mapping[str, tuple[int, ...]], state: "Mapping[str, Tensor]") -> dict[str, tuple[int, ...]]:
    """Return the shapes that the checkpoint must have. It may include a classifier for any number of classes."""
    shapes = {}
    for key, shape in own.items():
        sources = _sources(key)
        shapes.update({source: (shape[0] // len(sources), *shape[1:]) for source in sources})
    if "fc.weight" in state:
        classes = state["fc.weight"].shape[0] if state["fc.weight"].ndim else 0
        shapes.update({"fc.weight": (classes, own["norm.weight"][0]), "fc.bias": (classes,)})
    return shapes


def _joined(state: "Mapping[str, Tensor]", sources: list[str]) -> "Tensor":
    import torch

    parts = [state[source].float() for source in sources]
    return parts[0] if len(parts) == 1 else torch.cat(parts)
