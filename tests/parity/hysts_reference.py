"""The real anime-face-detector, with random weights of full size. Runs only in the reference environment."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from tests.parity.random_weights import fill, spread

Which = Literal["faster-rcnn", "yolov3"]
FILES: Final[dict[Which, str]] = {
    "faster-rcnn": "mmdet_anime-face_faster-rcnn.pth", "yolov3": "mmdet_anime-face_yolov3.pth",
}  # fmt: skip
_ADDED: Final = r"bn3$|res\d\.conv2\.bn$"  # in ResNet's names and in Darknet's


def write_weights(which: Which, path: Path, picture: NDArray[np.uint8]) -> None:
    """Write a checkpoint like the released ones; weights are scaled by the activations for `picture` (BGR)."""
    model = network(which, None)
    fill(model, seed=len(which), added=_ADDED)

    def run() -> object:
        return detect(model, picture)

    spread(_outputs(which, model), run)
    torch.save({"meta": {"CLASSES": ("face",)}, "state_dict": model.state_dict()}, path)


def network(which: Which, checkpoint: Path | None) -> Any:
    """Return mmdet's model with the package's own configuration."""
    package = import_module("anime_face_detector")
    config = import_module("mmcv").Config.fromfile(str(package.get_config_path(which)))
    return import_module("mmdet.apis").init_detector(config, checkpoint and str(checkpoint), device="cpu")


def detect(model: Any, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return faces (n, 5) on a BGR picture, like the package's `_detect_faces` before enlarging."""
    found: NDArray[np.float32] = import_module("mmdet.apis").inference_detector(model, picture)[0]
    return found


def _outputs(which: Which, model: Any) -> dict[Any, tuple[list[float], list[float]]]:
    """Return the layers whose outputs form the boxes, with the desired means and deviations."""
    if which == "yolov3":
        one = [0.0] * 6, [1.0, 1.0, 0.3, 0.3, 1.5, 1.5]
        return dict.fromkeys(model.bbox_head.convs_pred, (one[0] * 3, one[1] * 3))
    return {
        model.rpn_head.rpn_cls: ([0.0] * 3, [1.5] * 3),
        model.rpn_head.rpn_reg: ([0.0] * 12, [0.4] * 12),
        model.roi_head.bbox_head.fc_cls: ([0.0] * 2, [1.0] * 2),
        model.roi_head.bbox_head.fc_reg: ([0.0] * 4, [0.6] * 4),
    }
