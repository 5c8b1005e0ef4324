"""The real RealESRGANer with random weights of full size. Runs only in the reference environment."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

FILE: Final = "RealESRGAN_x4plus_anime_6B.pth"


def _network() -> Any:
    return import_module("basicsr.archs.rrdbnet_arch").RRDBNet(3, 3, scale=4, num_feat=64, num_block=6, num_grow_ch=32)


def write_weights(path: Path) -> None:
    """Write a checkpoint like the released one, whose output uses the whole range of levels."""
    torch.manual_seed(6)
    network = _network()
    picture = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(2)
        given = network(picture)
        factor = 0.25 / given.std()
        network.conv_last.weight.mul_(factor)
        network.conv_last.bias.mul_(factor).add_(0.5 - given.mean() * factor)
    torch.save({"params_ema": network.state_dict()}, path)


def upscaler(path: Path) -> Any:
    """Return the upscaler at its native scale, with the picture as one tile."""
    upscaler_class = import_module("realesrgan").RealESRGANer
    return upscaler_class(scale=4, model_path=str(path), model=_network(), tile=0, pre_pad=0, half=False)


def enlarge(upscaler: Any, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a BGR picture at four times its size."""
    found: NDArray[np.uint8] = upscaler.enhance(picture, outscale=None)[0]
    return found
