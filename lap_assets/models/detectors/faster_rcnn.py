"""hysts' Faster R-CNN for faces: torchvision's networks, mmdet's rules, the checkpoint as it was released."""

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from lap_assets.models.batching import run_by_shape
from lap_assets.models.detectors.mmdet_names import numbers, rcnn_key
from lap_assets.models.detectors.mmdet_pipeline import (
    Resized,
    normalize_and_pad,
    resize_to_fit,
    scale_boxes,
)
from lap_assets.models.detectors.rcnn_postprocess import detections, pool_regions, proposals
from lap_assets.models.types import Boxes, Detector, Target

if TYPE_CHECKING:
    from torch import Tensor

_LONG, _SHORT = 1333, 800
MEAN: Final = (123.675, 116.28, 103.53)
DEVIATION: Final = (58.395, 57.12, 57.375)
_FACE_FIRST: Final = "roi_head.bbox_head.fc_cls."  # mmdet: face, background; torchvision: background, face
_FACE_ALONE: Final = "roi_head.bbox_head.fc_reg."  # torchvision has four rows for the background before the face's


class FasterRcnn(Detector):
    """github.com/hysts/anime-face-detector, `faster-rcnn`: score above .05, suppression at .5, at most 100 faces.

    `enlarge`: boxes are made so many times larger about their centres; hysts' own package does it by 1.1 by
    default, and 1 leaves them as the network returns them.
    """

    name = "hysts-faster-rcnn"
    target: Target = "faces"
    megabytes = 1500

    def __init__(self, network: Any, device: str, *, enlarge: float = 1.0) -> None:
        self._network = network.eval().to(device)
        self._device = device
        self._enlarge = enlarge
        self.is_concurrent = device == "cpu"
        self.batch_size = 1 if self.is_concurrent else 4

    @classmethod
    def load(cls, path: Path, device: str, *, enlarge: float = 1.0) -> "FasterRcnn":
        """The detector from `mmdet_anime-face_faster-rcnn.pth`.

        Raises:
            WeightsError: the file cannot be read, or a key or shape is off; the message names the first.
        """
        import torch

        from lap_assets.models.state_dicts import check_state, load_checkpoint

        network, state = rcnn_network(), load_checkpoint(path)
        keys = {key: rcnn_key(key) for key in network.state_dict()}
        check_state(path, checkpoint_shapes(), state)
        with torch.inference_mode():
            network.load_state_dict(
                {key: _as_here(there, numbers(state, there)) for key, there in keys.items()}, assign=True
            )
        return cls(network, device, enlarge=enlarge)

    def prepare(self, picture: Image.Image) -> Resized:
        """The picture at the network's size."""
        return resize_to_fit(picture, _LONG, _SHORT)

    def run(self, batch: list[Resized]) -> list[Boxes]:
        """The faces on each."""
        import torch

        with torch.inference_mode():
            return run_by_shape(batch, attrgetter("shape"), self._run, size=1)  # one fills any device

    def _run(self, batch: list[Resized]) -> list[Boxes]:
        features = self._network.backbone(
            normalize_and_pad([one.pixels for one in batch], MEAN, DEVIATION, self._device)
        )
        levels = list(features.values())
        logits, deltas = self._network.rpn.head(levels)
        return [
            self._faces([[level[[place]] for level in of] for of in (levels, logits, deltas)], one)
            for place, one in enumerate(batch)
        ]

    def _faces(self, first: list[list["Tensor"]], one: Resized) -> Boxes:
        """The second stage for one picture. `first`: its features, logits and deltas, a level each, (1, …)."""
        levels, logits, deltas = first
        size = one.pixels.shape[0], one.pixels.shape[1]
        boxes = proposals([logit[0] for logit in logits], [delta[0] for delta in deltas], size)
        heads = self._network.roi_heads
        scores, moves = heads.box_predictor(heads.box_head(pool_regions(levels[:4], boxes)))
        return scale_boxes(detections(boxes, scores, moves[:, 4:], size, one.scale), self._enlarge)


def checkpoint_shapes() -> dict[str, tuple[int, ...]]:
    """What a checkpoint must hold: its keys and their shapes."""
    here = {rcnn_key(key): tuple(value.shape) for key, value in rcnn_network().state_dict().items()}
    return {key: (shape[0] // 2, *shape[1:]) if key.startswith(_FACE_ALONE) else shape for key, shape in here.items()}


def rcnn_network() -> Any:
    """The networks without numbers: they are read from the checkpoint alone."""
    import torch

    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from torchvision.models.detection import fasterrcnn_resnet50_fpn  # type: ignore[import-untyped]

    with torch.device("meta"):
        return fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=2)


def _as_here(key: str, value: "Tensor") -> "Tensor":
    import torch

    if key.startswith(_FACE_FIRST):
        return value.flip(0)
    return torch.cat((torch.zeros_like(value), value)) if key.startswith(_FACE_ALONE) else value
