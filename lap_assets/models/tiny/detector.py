"""lap-tiny's detectors of faces and heads: one small Darknet network each, shipped beside this file."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from lap_assets.models.darknet.decode import decode_heads
from lap_assets.models.detectors.nms import nms
from lap_assets.models.tiny.letterbox import Letterboxed, letterboxed
from lap_assets.models.types import Boxes, Detector, Target

if TYPE_CHECKING:
    from lap_assets.models.darknet.module import Darknet

_SCORE: Final = 0.05
_OVERLAP: Final = 0.45
_MOST: Final = 100


class TinyDetector(Detector):
    """The score is the objectness, above .05; suppression at .45, at most 100 boxes, clipped to the picture."""

    name = "lap-tiny"

    def __init__(self, network: "Darknet", target: Target, device: str) -> None:
        self.target = target
        self._device = device
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 8
        self._side = network.size[0]
        self._network = network.eval().to(self._device)

    def prepare(self, picture: Image.Image) -> Letterboxed:
        """Return the picture on the network's square."""
        return letterboxed(picture, self._side)

    def run(self, batch: list[Letterboxed]) -> list[Boxes]:
        """Return the boxes on each picture."""
        import torch

        raw = torch.from_numpy(np.stack([one.pixels for one in batch])).to(self._device, non_blocking=True)
        with torch.inference_mode():  # the pictures are already channels_last in memory
            boxes, objectness, _ = decode_heads(self._network, raw.permute(0, 3, 1, 2).float() / 255)
        return [one.back(_best(boxes[index], objectness[index])) for index, one in enumerate(batch)]


def load_faces(cfg: Path, device: str) -> TinyDetector:
    """Load the shipped face detector from its cfg and the weights beside it.

    Raises:
        WeightsError: the weights do not fit the cfg, so the package is damaged.
    """
    return TinyDetector(read_network(cfg, cfg.with_suffix(".safetensors")), "faces", device)


def load_heads(cfg: Path, device: str) -> TinyDetector:
    """Load the shipped head detector; raises like `load_faces`."""
    return TinyDetector(read_network(cfg, cfg.with_suffix(".safetensors")), "heads", device)


def read_network(cfg: Path, weights: Path) -> "Darknet":
    """Return the network of a cfg file with weights from a safetensors file, which may store 16-bit floats.

    Raises:
        WeightsError: the file cannot be read, or a key or shape is wrong.
        CfgError: the cfg is invalid.
    """
    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.module import Darknet
    from lap_assets.models.state_dicts import check_state, load_checkpoint

    network, state = Darknet(parse_cfg(cfg.read_text("utf-8"), cfg.name)), load_checkpoint(weights)
    own = network.state_dict()
    needed = {key: tuple(value.shape) for key, value in own.items() if not key.endswith("num_batches_tracked")}
    check_state(weights, needed, state)
    network.load_state_dict({**own, **{key: value.to(own[key].dtype) for key, value in state.items()}})
    return network


def _best(boxes: Boxes, scores: Boxes) -> Boxes:
    good = scores > np.float32(_SCORE)
    boxes, scores = boxes[good], scores[good]
    kept = nms(boxes, scores, _OVERLAP, most=_MOST)
    return np.concatenate((boxes[kept], scores[kept, None]), axis=1)
