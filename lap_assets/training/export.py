"""Writing what was trained as lap-tiny's files: safetensors, mostly halves, without what only training needs."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from lap_assets.core.files import write_bytes, write_text
from lap_assets.models.types import Target
from lap_assets.training.tiny_cfg import joint_cfg, single_cfg

if TYPE_CHECKING:
    from torch import Tensor, nn

    from lap_assets.models.tiny.network import Shape


def write_embedder(embedding: "nn.Module", shape: "Shape", path: Path) -> None:
    """Write the embedder, with its network's shape as metadata of the file."""
    _write(embedding.state_dict(), path, {"shape": json.dumps(asdict(shape))})


def write_detectors(joint: "nn.Module", folder: Path) -> None:
    """Split the network of both targets, and writes `faces` and `heads` as cfg and safetensors each."""
    targets: tuple[Target, ...] = ("faces", "heads")
    for place, target in enumerate(targets):
        write_text(folder / f"{target}.cfg", single_cfg(target))
        _write(half_of(joint.state_dict(), place), folder / f"{target}.safetensors", {})


def half_of(joint: "Mapping[str, Tensor]", place: int) -> "dict[str, Tensor]":
    """Return the numbers of one target's network: of each last convolution the first half of the filters, or the second."""
    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.module import Darknet

    whole = Darknet(parse_cfg(joint_cfg())).state_dict()
    single = Darknet(parse_cfg(single_cfg("faces"))).state_dict()
    return {
        key: value if single[key].shape == whole[key].shape else value.chunk(2)[place] for key, value in joint.items()
    }


def _write(state: "Mapping[str, Tensor]", path: Path, about: dict[str, str]) -> None:
    from safetensors.torch import save

    kept = {
        key: (value.half() if value.ndim > 1 else value).contiguous()  # norms are few, and can be beyond a half's range
        for key, value in state.items()
        if not key.endswith("num_batches_tracked")
    }
    write_bytes(path, save(kept, about))
