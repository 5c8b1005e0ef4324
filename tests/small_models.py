"""Small models without weights, for tests of the code around models: they record the pictures that they receive."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.types import Boxes, Detector, Embedder, Target, Upscaler, Vector


class ColorHistogram(Embedder):
    """A color histogram as a vector of 64 numbers (not normalized)."""

    name = "colors"
    dimensions = 64
    batch_size = 3

    def __init__(self) -> None:
        self.seen = 0

    def prepare(self, picture: Image.Image) -> NDArray[Any]:
        return np.asarray(picture.resize((32, 32)), np.uint8)

    def run(self, batch: list[NDArray[Any]]) -> list[Vector]:
        self.seen += len({id(prepared) for prepared in batch})  # copies fill up a batch
        places = [pixels.reshape(-1, 3) // 64 @ np.array([16, 4, 1]) for pixels in batch]
        return [np.bincount(place, minlength=64).astype(np.float32) for place in places]


class BrightSpot(Detector):
    """One box around everything brighter than half; its share of the picture is the score."""

    name = "bright"
    batch_size = 2

    def __init__(self, target: Target = "faces") -> None:
        self.target = target
        self.seen = 0

    def prepare(self, picture: Image.Image) -> NDArray[Any]:
        return np.asarray(picture.convert("L"))

    def run(self, batch: list[NDArray[Any]]) -> list[Boxes]:
        self.seen += len({id(prepared) for prepared in batch})  # copies fill up a batch
        return [self._box(gray) for gray in batch]

    @staticmethod
    def _box(gray: NDArray[Any]) -> Boxes:
        rows, columns = np.nonzero(gray > 127)
        if not rows.size:
            return np.empty((0, 5), np.float32)
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1, rows.size / gray.size]
        return np.array([box], np.float32)


class Doubling(Upscaler):
    """Repeats each pixel; counts the pictures."""

    name = "doubling"

    def __init__(self) -> None:
        self.seen = 0

    def upscale(self, picture: Image.Image) -> Image.Image:
        self.seen += 1
        return picture.convert("RGB").resize((2 * picture.width, 2 * picture.height), Image.Resampling.NEAREST)
