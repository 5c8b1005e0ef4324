"""The base classes of models: embedders, detectors, upscalers; and the arrays that they return."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.precision import CORNER_DECIMALS, SCORE_DECIMALS
from lap_assets.models.batching import BatchModel, Picture

Vector = NDArray[np.float32]
Boxes = NDArray[np.float32]
"""Shape (n, 5): x0 y0 x1 y1 in px of the upright picture, and a score from 0 to 1; best first. What `detect` returns is
rounded to `core.precision`."""
Target = Literal["faces", "heads"]


class Embedder(BatchModel[NDArray[Any], Vector]):
    """Turns a picture into one vector; near vectors (by cosine) mean near-duplicates. `dimensions`: its length."""

    dimensions: int

    def embed(self, pictures: Iterable[Picture]) -> Vector:
        """A row a picture: shape (n, dimensions), float32.

        Raises:
            PictureError: one cannot be read.
        """
        rows = self.each(pictures)
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)


class Detector(BatchModel[Any, Boxes]):
    """Finds boxes of one target on a picture. `target`: "faces" or "heads"."""

    target: Target

    def finished(self, result: Boxes) -> Boxes:
        """The boxes at their precision, best first; of equal scores in the order of their corners."""
        numbers = result.astype(np.float64)
        corners, scores = numbers[:, :4].round(CORNER_DECIMALS) + 0.0, numbers[:, 4:].round(SCORE_DECIMALS)
        order = np.lexsort((*corners.T[::-1], -scores[:, 0]))
        return np.concatenate((corners, scores), axis=1)[order].astype(np.float32)

    def detect(self, pictures: Iterable[Picture]) -> list[Boxes]:
        """The boxes on each picture.

        Raises:
            PictureError: one cannot be read.
        """
        return self.each(pictures)


class Upscaler(ABC):
    """Makes a picture exactly twice as wide and high.

    Attributes:
        name: As the settings name it.
        at_once: From how many threads at a time `upscale` may be called.
    """

    name: str
    at_once: int = 1

    @abstractmethod
    def upscale(self, picture: Image.Image) -> Image.Image:
        """The picture (mode L or RGB) at twice its size, in RGB."""
