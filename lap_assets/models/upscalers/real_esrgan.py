"""Real-ESRGAN's model for anime (github.com/xinntao/Real-ESRGAN, x4plus_anime_6B), its network from spandrel."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.kinds import Upscaler
from lap_assets.models.state_dicts import WeightsError, load_checkpoint
from lap_assets.models.upscalers.tiles import Stretch, stretches

if TYPE_CHECKING:
    from torch import Tensor, nn

_SCALE: Final = 4
TILE: Final = 320  # px a side that the network is shown at most: about 2 GB
OVERLAP: Final = 24  # px; further away, nothing changes a level by more than one


class RealEsrgan(Upscaler):
    """Exactly twice the size: four times by the network, then each 2×2 px are averaged before anything is rounded.

    The original asked the ×4 network for ×2 and so got four times the size and a mirrored strip at two edges.
    """

    name = "realesrgan-anime-6b"

    def __init__(self, network: "nn.Module", device: str, *, tile: int = TILE) -> None:
        self._network = network.eval().to(device)
        self._device = device
        self._tile = tile

    @classmethod
    def load(cls, path: Path, device: str) -> "RealEsrgan":
        """The upscaler from `RealESRGAN_x4plus_anime_6B.pth`.

        Raises:
            WeightsError: the file cannot be read, or holds another network.
        """
        return cls(_network(path), device)

    def upscale(self, picture: Image.Image) -> Image.Image:
        """The picture at twice its size, in RGB."""
        return Image.fromarray(self._enlarged(picture, halved=True))

    def enlarged4(self, picture: Image.Image) -> NDArray[np.uint8]:
        """The network's own four times, shape (4 height, 4 width, 3): what the published program gives."""
        return self._enlarged(picture, halved=False)

    def _enlarged(self, picture: Image.Image, *, halved: bool) -> NDArray[np.uint8]:
        import torch

        levels = torch.from_numpy(np.array(picture.convert("RGB"))).permute(2, 0, 1)[None]
        scale = _SCALE // 2 if halved else _SCALE
        whole = np.empty((scale * picture.height, scale * picture.width, 3), np.uint8)
        with torch.inference_mode():
            for rows in stretches(picture.height, self._tile, OVERLAP):
                for columns in stretches(picture.width, self._tile, OVERLAP):
                    part = levels[:, :, slice(*rows.shown), slice(*columns.shown)]
                    numbers = self._network(part.to(self._device).contiguous().float() / 255).clamp(0, 1)
                    if halved:
                        numbers = torch.nn.functional.avg_pool2d(numbers, 2)
                    there = tuple(slice(*(scale * end for end in axis.kept)) for axis in (rows, columns))
                    whole[there] = _rounded(numbers, rows, columns, scale)
        return whole


def _rounded(numbers: "Tensor", rows: Stretch, columns: Stretch, scale: int) -> NDArray[np.uint8]:
    """The part that is kept, as levels."""
    inside = [slice(*(scale * (end - axis.shown[0]) for end in axis.kept)) for axis in (rows, columns)]
    kept = numbers[0, :, inside[0], inside[1]].permute(1, 2, 0)
    levels: NDArray[np.uint8] = (kept * 255).round().cpu().numpy().astype(np.uint8)
    return levels


def _network(path: Path) -> Any:
    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError  # type: ignore[import-untyped]

    try:
        found = ModelLoader(device="cpu").load_from_state_dict(dict(load_checkpoint(path)))
    except (UnsupportedModelError, RuntimeError, KeyError, IndexError) as error:
        said = " ".join(str(error).split())[:200]
        raise WeightsError(f"{path} does not hold an upscaler's network ({said})") from None
    if not isinstance(found, ImageModelDescriptor) or found.architecture.id != "ESRGAN" or found.scale != _SCALE:
        raise WeightsError(f"{path} holds {found.architecture.name} ×{found.scale}, and ESRGAN ×{_SCALE} is needed")
    return found.model
