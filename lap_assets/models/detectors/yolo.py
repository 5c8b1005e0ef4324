"""The original's two YOLOv3s: hysts' for faces and grapeot's for heads; one Darknet network, two sets of rules."""

from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.batching import run_by_shape
from lap_assets.models.darknet.decode import decode_heads
from lap_assets.models.detectors.mmdet_names import numbers, yolo_keys
from lap_assets.models.detectors.mmdet_pipeline import (
    Resized,
    normalize_and_pad,
    resize_to_fit,
    scale_boxes,
)
from lap_assets.models.detectors.nms import nms
from lap_assets.models.detectors.resizing import Pixels, cubic
from lap_assets.models.types import Boxes, Detector, Target

if TYPE_CHECKING:
    from lap_assets.models.darknet.module import Darknet

_Numbers = NDArray[np.float32]
_HYSTS_SIDE: Final = 608
_CLASS_SCORE, _OBJECTNESS = 0.05, 0.005
_OF_ONE_SHAPE: Final = 2  # pictures at a time on a GPU
_HYSTS_OVERLAP: Final = 0.45
_MOST: Final = 100
_GRAPEOT_SIDE: Final = 512
_GREY: Final = 128
_CERTAIN: Final = 0.85
_GRAPEOT_OVERLAP: Final = float(np.nextafter(np.float32(0.4), np.float32(0)))  # grapeot also removes at exactly 0.4


class HystsYolo(Detector):
    """github.com/hysts/anime-face-detector, `yolov3`: suppression at .45, at most 100 faces, boxes not clipped.

    `enlarge`: as in `FasterRcnn`.
    """

    name = "hysts-yolov3"
    target: Target = "faces"

    def __init__(self, network: "Darknet", device: str, *, enlarge: float = 1.0) -> None:
        self._network = network.eval().to(device)
        self._device = device
        self._enlarge = enlarge
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 8

    @classmethod
    def load(cls, path: Path, device: str, *, enlarge: float = 1.0) -> "HystsYolo":
        """Load the detector from `mmdet_anime-face_yolov3.pth`.

        Raises:
            WeightsError: the file cannot be read, or a key or shape is wrong; the message names the first.
        """
        from lap_assets.models.state_dicts import check_state, load_checkpoint

        network, state = yolov3_network(_HYSTS_SIDE), load_checkpoint(path)
        keys, own = yolo_keys(network), network.state_dict()
        check_state(path, {source: tuple(own[key].shape) for key, source in keys.items()}, state)
        network.load_state_dict({key: numbers(state, source) for key, source in keys.items()}, assign=True)
        return cls(network, device, enlarge=enlarge)

    def prepare(self, picture: Image.Image) -> Resized:
        """Return the picture at the network's size."""
        return resize_to_fit(picture, _HYSTS_SIDE, _HYSTS_SIDE)

    def run(self, batch: list[Resized]) -> list[Boxes]:
        """Return the faces on each picture."""
        import torch

        with torch.inference_mode():
            return run_by_shape(batch, attrgetter("shape"), self._run, min(self.batch_size, _OF_ONE_SHAPE))

    def _run(self, batch: list[Resized]) -> list[Boxes]:
        pictures = normalize_and_pad([one.pixels for one in batch], (0, 0, 0), (255, 255, 255), self._device)
        boxes, objectness, classes = decode_heads(self._network, pictures)
        return [
            scale_boxes(hysts_faces(boxes[index] / one.scale, objectness[index], classes[index, :, 0]), self._enlarge)
            for index, one in enumerate(batch)
        ]


@dataclass(frozen=True, slots=True)
class Squared:
    """A picture centered on grapeot's square, and its own width and height."""

    pixels: Pixels
    size: tuple[int, int]


class GrapeotYolo(Detector):
    """github.com/grapeot/AnimeHeadDetector: objectness above .85, suppression at .4, whole px within the picture."""

    name = "grapeot-yolov3"
    target: Target = "heads"

    def __init__(self, network: "Darknet", device: str) -> None:
        self._network = network.eval().to(device)
        self._device = device
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 8

    @classmethod
    def load(cls, path: Path, device: str) -> "GrapeotYolo":
        """Load the detector from `head.weights`.

        Raises:
            WeightsError: the file cannot be read, or has more or fewer numbers than the network.
        """
        from lap_assets.models.darknet.weights import read_weights

        network = yolov3_network(_GRAPEOT_SIDE).to_empty(device="cpu")
        read_weights(path, network)
        return cls(network, device)

    def prepare(self, picture: Image.Image) -> Squared:
        """Return the picture on its square: scaled bicubically, with its size rounded down to whole px."""
        wide, high = picture.size
        factor = min(_GRAPEOT_SIDE / wide, _GRAPEOT_SIDE / high)
        size = max(1, int(wide * factor)), max(1, int(high * factor))
        left, top = (_GRAPEOT_SIDE - size[0]) // 2, (_GRAPEOT_SIDE - size[1]) // 2
        square = np.full((_GRAPEOT_SIDE, _GRAPEOT_SIDE, 3), _GREY, np.uint8)
        square[top : top + size[1], left : left + size[0]] = cubic(np.asarray(picture), *size)
        return Squared(square, picture.size)

    def run(self, batch: list[Squared]) -> list[Boxes]:
        """Return the heads on each picture."""
        import torch

        with torch.inference_mode():
            raw = torch.from_numpy(np.stack([one.pixels for one in batch])).to(self._device, non_blocking=True)
            boxes, objectness, _ = decode_heads(self._network, raw.permute(0, 3, 1, 2).contiguous().float() / 255)
        return [grapeot_heads(boxes[index], objectness[index], one.size) for index, one in enumerate(batch)]


def yolov3_network(side: int) -> "Darknet":
    """Return YOLOv3 for one class, without weights."""
    import torch

    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.layout import yolov3
    from lap_assets.models.darknet.module import Darknet

    with torch.device("meta"):
        return Darknet(parse_cfg(yolov3(classes=1, size=side), "YOLOv3"))


def hysts_faces(boxes: _Numbers, objectness: _Numbers, classes: _Numbers) -> Boxes:
    """Return the faces like mmdet's `YOLOV3Head.get_bboxes`: separate thresholds, and the product as the score."""
    good = (objectness >= np.float32(_OBJECTNESS)) & (classes > np.float32(_CLASS_SCORE))
    boxes, scores = boxes[good], classes[good] * objectness[good]
    kept = nms(boxes, scores, _HYSTS_OVERLAP, most=_MOST)
    return np.concatenate((boxes[kept], scores[kept, None]), axis=1)


def grapeot_heads(boxes: _Numbers, objectness: _Numbers, size: tuple[int, int]) -> Boxes:
    """Return the heads: objectness as score, suppression on the square, then corners clipped and truncated to px."""
    good = objectness > np.float32(_CERTAIN)
    boxes, scores = boxes[good], objectness[good]
    kept = nms(boxes, scores, _GRAPEOT_OVERLAP, pixel=1)
    sides = np.array(size * 2, np.float32)
    factor = (np.float32(_GRAPEOT_SIDE) / sides).min()
    corners = ((boxes[kept] - (_GRAPEOT_SIDE - factor * sides) / 2) / factor).clip(0, sides)
    return np.concatenate((np.trunc(corners), scores[kept, None]), axis=1)
