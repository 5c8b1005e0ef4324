"""The keys of hysts' checkpoints (mmdet 2.x) for the keys of LAP's modules.

Every function maps a module's key to the checkpoint's key; so the module defines what a checkpoint must have, and
errors can name the checkpoint's own key.
"""

from collections.abc import Iterator, Mapping
from re import sub
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

    from lap_assets.models.darknet.module import Darknet

_RCNN: Final = (
    (r"^backbone\.body\.", "backbone."),
    (r"^backbone\.fpn\.inner_blocks\.(\d)\.0\.", r"neck.lateral_convs.\1.conv."),
    (r"^backbone\.fpn\.layer_blocks\.(\d)\.0\.", r"neck.fpn_convs.\1.conv."),
    (r"^rpn\.head\.conv\.0\.0\.", "rpn_head.rpn_conv."),
    (r"^rpn\.head\.cls_logits\.", "rpn_head.rpn_cls."),
    (r"^rpn\.head\.bbox_pred\.", "rpn_head.rpn_reg."),
    (r"^roi_heads\.box_head\.fc6\.", "roi_head.bbox_head.shared_fcs.0."),
    (r"^roi_heads\.box_head\.fc7\.", "roi_head.bbox_head.shared_fcs.1."),
    (r"^roi_heads\.box_predictor\.cls_score\.", "roi_head.bbox_head.fc_cls."),
    (r"^roi_heads\.box_predictor\.bbox_pred\.", "roi_head.bbox_head.fc_reg."),
)
_COUNTER: Final = "num_batches_tracked"
_RESIDUALS: Final = (1, 2, 8, 8, 4)


def numbers(state: "Mapping[str, Tensor]", key: str) -> "Tensor":
    """Return the checkpoint's tensor of that key; batch counters, which are not used, may be missing."""
    import torch

    return torch.zeros((), dtype=torch.long) if key not in state and key.endswith(_COUNTER) else state[key]


def rcnn_key(key: str) -> str:
    """Return the checkpoint's key for a key of torchvision's `fasterrcnn_resnet50_fpn`."""
    for pattern, name in _RCNN:
        key = sub(pattern, name, key)
    return key


def yolo_keys(network: "Darknet") -> dict[str, str]:
    """Return the checkpoint's key for each key of a Darknet YOLOv3: the same convolutions in Darknet's order."""
    from lap_assets.models.darknet.weights import convolutions

    keys: dict[str, str] = {}
    for (layer, convolution), name in zip(convolutions(network), _yolo_order(), strict=True):
        is_plain = name.startswith("bbox_head.convs_pred")
        for key in convolution.state_dict():
            ending = key.removeprefix("conv.") if is_plain else key.replace("norm.", "bn.")
            keys[f"layers.{layer}.{key}"] = f"{name}.{ending}"
    return keys


def _yolo_order() -> Iterator[str]:
    yield "backbone.conv1"
    for stage, residuals in enumerate(_RESIDUALS, start=1):
        yield f"backbone.conv_res_block{stage}.conv"
        for block in range(residuals):
            yield f"backbone.conv_res_block{stage}.res{block}.conv1"
            yield f"backbone.conv_res_block{stage}.res{block}.conv2"
    for head in range(3):
        if head:
            yield f"neck.conv{head}"
        for number in range(1, 6):
            yield f"neck.detect{head + 1}.conv{number}"
        yield f"bbox_head.convs_bridge.{head}"
        yield f"bbox_head.convs_pred.{head}"
