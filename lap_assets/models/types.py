"""The base classes of models (embedders, detectors, upscalers), and the arrays that they return."""

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
"""Shape (n, 5): x0 y0 x1 y1 in px of the upright picture, and a score from 0 to 1; best first. `detect` rounds them to
`core.precision`."""
Target = Literal["faces", "heads"]


class Embedder(BatchModel[NDArray[Any], Vector]):
    """Turns a picture into one vector; near vectors (by cosine) mean near-duplicates. `dimensions`: its length."""

    dimensions: int

    def embed(self, pictures: Iterable[Picture]) -> Vector:
        """Return one row per picture: shape (n, dimensions), float32.

        Raises:
            PictureError: a picture cannot be read.
        """
        rows = self.each(pictures)
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)


class Detector(BatchModel[Any, Boxes]):
    """Finds boxes of one target on a picture. `target`: "faces" or "heads"."""

    target: Target

    def finished(self, result: Boxes) -> Boxes:
        """Return the boxes rounded to their precision, best first; ties in the order of their corners."""
        numbers = result.astype(np.float64)
        corners, scores = numbers[:, :4].round(CORNER_DECIMALS) + 0.0, numbers[:, 4:].round(SCORE_DECIMALS)
        order = np.lexsort((*corners.T[::-1], -scores[:, 0]))
        return np.concatenate((corners, scores), axis=1)[order].astype(np.float32)

    def detect(self, pictures: Iterable[Picture]) -> list[Boxes]:
        """Return the boxes on each picture.

        Raises:
            PictureError: a picture cannot be read.
        """
        return self.each(pictures)


class Upscaler(ABC):
    """Enlarges a picture to exactly twice its width and height.

    Attributes:
        name: The name in the settings.
        at_once: How many threads may call `upscale` at the same time.
    """

    name: str
    at_once: int = 1

    @abstractmethod
    def upscale(self, picture: Image.Image) -> Image.Image:
        """Return the picture (mode L or RGB) at twice its size, in RGB."""
