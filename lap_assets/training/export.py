"""Write trained networks as lap-tiny's files: safetensors, mostly in half precision, without training-only buffers."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lap_assets.core.files import write_bytes, write_text
from lap_assets.models.tiny.trained import note_of
from lap_assets.models.tiny.traits import KIND
from lap_assets.models.types import Target
from lap_assets.training.tiny_cfg import joint_cfg, single_cfg
from lap_assets.training.traits import TRAITS

if TYPE_CHECKING:
    from torch import Tensor, nn

    from lap_assets.models.tiny.network import Shape
    from lap_assets.models.tiny.trait_network import TraitNetwork


def write_embedder(embedding: "nn.Module", shape: "Shape", path: Path) -> None:
    """Write the embedder, with its network's shape as metadata of the file."""
    _write(embedding.state_dict(), path, {"shape": json.dumps(asdict(shape))})


def write_detectors(joint: "nn.Module", folder: Path) -> None:
    """Split the joint network into `faces` and `heads`, and write cfg and safetensors of each."""
    targets: tuple[Target, ...] = ("faces", "heads")
    for index, target in enumerate(targets):
        write_text(folder / f"{target}.cfg", single_cfg(target))
        _write(half_of(joint.state_dict(), index), folder / f"{target}.safetensors", {})


def write_traits(network: "TraitNetwork", path: Path) -> None:
    """Write the trait network, with the names of its traits and their values."""
    traits = [[trait.name, trait.values] for trait in TRAITS]  # a list: the scores have this order
    note = note_of(kind=KIND, dimensions=network.vector.out_features, traits=traits)
    _write(network.state_dict(), path, note)


def half_of(joint: "Mapping[str, Tensor]", index: int) -> "dict[str, Tensor]":
    """Return the weights of one target: the first (0) or second (1) half of the filters of each last convolution."""
    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.module import Darknet

    whole = Darknet(parse_cfg(joint_cfg())).state_dict()
    single = Darknet(parse_cfg(single_cfg("faces"))).state_dict()
    return {
        key: value if single[key].shape == whole[key].shape else value.chunk(2)[index] for key, value in joint.items()
    }


def _write(state: "Mapping[str, Tensor]", path: Path, about: dict[str, str]) -> None:
    from safetensors.torch import save

    kept = {
        key: (value.half() if value.ndim > 1 else value).contiguous()  # norms may exceed the range of half precision
        for key, value in state.items()
        if not key.endswith("num_batches_tracked")
    }
    write_bytes(path, save(kept, about))
