"""deepghs' detectors of anime faces and heads, with the results of the package `dghs-imgutils`.

Source: imgutils/generic/yolo.py and imgutils/detect/{face,head}.py of dghs-imgutils 0.19.0. The picture is squashed
bicubically to the network's size; the thresholds are the package's; areas include the last px; corners are whole px.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from lap_assets.core.errors import WeightsError
from lap_assets.models.detectors.nms import nms
from lap_assets.models.detectors.resizing import Pixels
from lap_assets.models.onnx.heads import Candidates
from lap_assets.models.onnx.network import YoloNetwork, with_area
from lap_assets.models.types import Boxes, Detector, Target

_OVERLAP: Final = 0.7
_LEAST_SCORES: Final[dict[Target, float]] = {"faces": 0.25, "heads": 0.4}


@dataclass(frozen=True, slots=True)
class SquashedPicture:
    """A picture at the network's size, and its own width and height."""

    pixels: Pixels
    size: tuple[int, int]


class DeepghsDetector(Detector):
    """A face above .25, a head above .4; suppression at .7 whatever the class, corners within the picture."""

    is_concurrent = True

    def __init__(self, network: YoloNetwork, target: Target) -> None:
        """Check the network; raises `WeightsError` if it is not one of theirs."""
        if network.head != "anchor-free":
            raise WeightsError(f"{network.path}: an {network.head} YOLO, not deepghs' YOLOv8; name it as onnx:FILE")
        self.name, self.target, self.megabytes = network.path.stem, target, network.megabytes
        self._network, self._least = network, _LEAST_SCORES[target]

    def prepare(self, picture: Image.Image) -> SquashedPicture:
        """Return the squashed picture."""
        return squashed(picture, self._network.described.size)

    def run(self, batch: list[SquashedPicture]) -> list[Boxes]:
        """Return the boxes on each picture."""
        size = self._network.described.size
        return [whole_boxes(self._network.candidates(one.pixels, self._least), size, one.size) for one in batch]


def squashed(picture: Image.Image, size: tuple[int, int]) -> SquashedPicture:
    """Resize the RGB picture to that height and width. (The package swaps them, but its files are square.)"""
    return SquashedPicture(np.asarray(picture.resize(size[::-1], Image.Resampling.BICUBIC)), picture.size)


def whole_boxes(found: Candidates, size: tuple[int, int], own: tuple[int, int]) -> Boxes:
    """Return the boxes after suppression, in whole px of the picture. `size`: the network's height and width; `own`:
    the picture's width and height."""
    kept = nms(found.corners, found.scores, _OVERLAP, pixel=1)
    within = np.array(own * 2, np.float32)
    corners = found.corners[kept] / np.array(size[::-1] * 2, np.float32) * within
    return with_area(corners.clip(0, within).round(), found.scores[kept])


def load_faces(path: Path, _device: str) -> DeepghsDetector:
    """Load a file's face detector.

    Raises:
        WeightsError: it is not a YOLO that finds faces, or onnxruntime rejects it.
        NotReady: onnxruntime is not installed.
    """
    return DeepghsDetector(YoloNetwork(path, "faces"), "faces")


def load_heads(path: Path, _device: str) -> DeepghsDetector:
    """Load a file's head detector; raises like `load_faces`."""
    return DeepghsDetector(YoloNetwork(path, "heads"), "heads")
