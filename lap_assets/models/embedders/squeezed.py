"""Embedders that squeeze every picture to one size, without cropping, so that any pictures fit into one batch."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.embedders.running import Levels, Runner
from lap_assets.models.types import Embedder, Vector

if TYPE_CHECKING:
    from torch import nn


class SqueezedEmbedder(Embedder):
    """A network after a resize to (width, height) px. `dimensions`: the length of its vectors."""

    def __init__(
        self,
        name: str,
        network: "nn.Module",
        dimensions: int,
        size: tuple[int, int],
        levels: Levels,
        device: str,
        resampling: Image.Resampling = Image.Resampling.BILINEAR,
    ) -> None:
        self.name = name
        self.dimensions = dimensions
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 128
        self._size = size
        self._resampling = resampling
        self._runner = Runner(network, levels, device)

    def prepare(self, picture: Image.Image) -> NDArray[Any]:
        """Return the picture at the network's size: shape (height, width, 3), uint8."""
        return np.asarray(picture.resize(self._size, self._resampling))

    def run(self, batch: list[NDArray[Any]]) -> list[Vector]:
        """Return a vector for each picture."""
        return self._runner.vectors(batch)
