"""hysts' Faster R-CNN for faces: torchvision's networks, mmdet's rules, the unmodified checkpoint."""

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

    `enlarge`: the factor by which boxes are enlarged about their centers; hysts' own package uses 1.1 by default, and
    1 leaves the network's boxes unchanged.
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
        """Load the detector from `mmdet_anime-face_faster-rcnn.pth`.

        Raises:
            WeightsError: the file cannot be read, or a key or shape is wrong; the message names the first.
        """
        import torch

        from lap_assets.models.state_dicts import check_state, load_checkpoint

        network, state = rcnn_network(), load_checkpoint(path)
        keys = {key: rcnn_key(key) for key in network.state_dict()}
        check_state(path, checkpoint_shapes(), state)
        with torch.inference_mode():
            network.load_state_dict(
                {key: _converted(source, numbers(state, source)) for key, source in keys.items()}, assign=True
            )
        return cls(network, device, enlarge=enlarge)

    def prepare(self, picture: Image.Image) -> Resized:
        """Return the picture at the network's size."""
        return resize_to_fit(picture, _LONG, _SHORT)

    def run(self, batch: list[Resized]) -> list[Boxes]:
        """Return the faces on each picture."""
        import torch

        with torch.inference_mode():
            return run_by_shape(batch, attrgetter("shape"), self._run, size=1)  # one picture occupies any device

    def _run(self, batch: list[Resized]) -> list[Boxes]:
        features = self._network.backbone(
            normalize_and_pad([one.pixels for one in batch], MEAN, DEVIATION, self._device)
        )
        levels = list(features.values())
        logits, deltas = self._network.rpn.head(levels)
        return [
            self._faces([[level[[index]] for level in maps] for maps in (levels, logits, deltas)], one)
            for index, one in enumerate(batch)
        ]

    def _faces(self, first_stage: list[list["Tensor"]], one: Resized) -> Boxes:
        """Run the second stage for one picture. `first_stage`: its features, logits and deltas by level, (1, …)."""
        levels, logits, deltas = first_stage
        size = one.pixels.shape[0], one.pixels.shape[1]
        boxes = proposals([logit[0] for logit in logits], [delta[0] for delta in deltas], size)
        heads = self._network.roi_heads
        scores, moves = heads.box_predictor(heads.box_head(pool_regions(levels[:4], boxes)))
        return scale_boxes(detections(boxes, scores, moves[:, 4:], size, one.scale), self._enlarge)


def checkpoint_shapes() -> dict[str, tuple[int, ...]]:
    """Return the keys and shapes that a checkpoint must have."""
    own = {rcnn_key(key): tuple(value.shape) for key, value in rcnn_network().state_dict().items()}
    return {key: (shape[0] // 2, *shape[1:]) if key.startswith(_FACE_ALONE) else shape for key, shape in own.items()}


def rcnn_network() -> Any:
    """Return the networks without weights, which come from the checkpoint."""
    import torch

    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from torchvision.models.detection import fasterrcnn_resnet50_fpn  # type: ignore[import-untyped]

    with torch.device("meta"):
        return fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=2)


def _converted(key: str, value: "Tensor") -> "Tensor":
    import torch

    if key.startswith(_FACE_FIRST):
        return value.flip(0)
    return torch.cat((torch.zeros_like(value), value)) if key.startswith(_FACE_ALONE) else value
