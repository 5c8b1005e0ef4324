"""SSCD (Pizzi et al. 2022, arXiv 2202.10261): a ResNet-50 trained to find copies.

The trunk's map is pooled by its generalized mean (p = 3), projected to 512 numbers and normalized to length 1; pictures
keep their proportions, with the shorter side at 288 px. A cosine similarity above .75 is correct in 90 % of cases on
DISC21.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.errors import WeightsError
from lap_assets.models.batching import run_by_shape
from lap_assets.models.embedders.running import IMAGENET, Runner
from lap_assets.models.state_dicts import check_state, load_checkpoint
from lap_assets.models.types import Embedder, Vector

if TYPE_CHECKING:
    from torch import Tensor, nn

_SHORT: Final = 288  # px
_LONG: Final = 4 * _SHORT  # px; longer pictures are squeezed to this, to limit memory
_OF_ONE_SHAPE: Final = 8  # pictures at a time on a GPU
_POWER: Final = 3.0
_LEAST: Final = 1e-6


class Sscd(Embedder):
    """The model `sscd_disc_mixup`, from its torchvision file."""

    name = "sscd"

    def __init__(self, network: "nn.Module", dimensions: int, device: str) -> None:
        self.dimensions = dimensions
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 64
        self._runner = Runner(network, IMAGENET, device)

    @classmethod
    def load(cls, path: Path, device: str) -> "Sscd":
        """Load the embedder from `sscd_disc_mixup.torchvision.pt`.

        Raises:
            WeightsError: the file cannot be read, or a key or shape is wrong; the message names the first.
        """
        state = load_checkpoint(path)
        if "backbone.fc.weight" not in state or state["backbone.fc.weight"].ndim != 2:
            raise WeightsError(
                f"{path} has no backbone.fc.weight: it is not this model's file, or a different version of it"
            )
        dimensions = state["backbone.fc.weight"].shape[0]
        network = sscd_network(dimensions)
        check_state(path, network, state)
        network.load_state_dict(state, strict=False)  # only batch counters may be missing
        return cls(network, dimensions, device)

    def prepare(self, picture: Image.Image) -> NDArray[Any]:
        """Return the picture with its shorter side at 288 px: shape (height, width, 3), uint8."""
        short = min(picture.size)
        wide, high = (min(_LONG, _SHORT * side // short) for side in picture.size)
        return np.asarray(picture.resize((wide, high), Image.Resampling.BILINEAR))

    def run(self, batch: list[NDArray[Any]]) -> list[Vector]:
        """Return a vector of length 1 for each picture; pictures of one shape run together."""
        return run_by_shape(batch, np.shape, self._runner.vectors, min(self.batch_size, _OF_ONE_SHAPE))


def sscd_network(dimensions: int) -> "nn.Module":
    """Return torchvision's ResNet-50 with the file's keys (`backbone.`) and pooling."""
    from torch import nn
    from torch.nn import functional

    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from torchvision.models import resnet50  # type: ignore[import-untyped]

    class GeneralizedMean(nn.Module):
        def forward(self, cells: "Tensor") -> "Tensor":
            return cells.float().clamp(min=_LEAST).pow(_POWER).mean((2, 3)).pow(1 / _POWER)

    class SscdNetwork(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone = resnet50(weights=None, num_classes=dimensions)
            self.backbone.avgpool = GeneralizedMean()

        def forward(self, pictures: "Tensor") -> "Tensor":
            return functional.normalize(self.backbone(pictures).float())

    return SscdNetwork()
