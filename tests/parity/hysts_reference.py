"""The real anime-face-detector, with random weights of full size. Runs in the reference environment alone."""

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
    """Makes a checkpoint as the released ones are; `picture` (BGR) shows how large the numbers get."""
    model = network(which, None)
    fill(model, seed=len(which), added=_ADDED)

    def run() -> object:
        return detect(model, picture)

    spread(_outputs(which, model), run)
    torch.save({"meta": {"CLASSES": ("face",)}, "state_dict": model.state_dict()}, path)


def network(which: Which, checkpoint: Path | None) -> Any:
    """mmdet's model by the package's own configuration."""
    package = import_module("anime_face_detector")
    config = import_module("mmcv").Config.fromfile(str(package.get_config_path(which)))
    return import_module("mmdet.apis").init_detector(config, checkpoint and str(checkpoint), device="cpu")


def detect(model: Any, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Faces (n, 5) on a BGR picture, as the package's `_detect_faces` has them before it enlarges them."""
    found: NDArray[np.float32] = import_module("mmdet.apis").inference_detector(model, picture)[0]
    return found


def _outputs(which: Which, model: Any) -> dict[Any, tuple[list[float], list[float]]]:
    """Which layers give what the boxes are made of, and the means and deviations that they shall have."""
    if which == "yolov3":
        one = [0.0] * 6, [1.0, 1.0, 0.3, 0.3, 1.5, 1.5]
        return dict.fromkeys(model.bbox_head.convs_pred, (one[0] * 3, one[1] * 3))
    return {
        model.rpn_head.rpn_cls: ([0.0] * 3, [1.5] * 3),
        model.rpn_head.rpn_reg: ([0.0] * 12, [0.4] * 12),
        model.roi_head.bbox_head.fc_cls: ([0.0] * 2, [1.0] * 2),
        model.roi_head.bbox_head.fc_reg: ([0.0] * 4, [0.6] * 4),
    }
