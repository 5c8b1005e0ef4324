"""Stand-ins that let the published packages be imported in the reference environment without compiled code.

Runs only in the reference environment. Replacements of compiled or removed parts belong here, written as
simply as possible and independently (nothing of the project is used).
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import torch
from torch import Tensor


def stand_in() -> None:
    """Install the stand-ins; call this before any other import."""
    _torchvision()
    _put("mmcv._ext", _Extension("mmcv._ext"))
    sys.modules["xtcocotools"] = import_module("pycocotools")
    for part in ("coco", "cocoeval", "mask"):
        sys.modules[f"xtcocotools.{part}"] = import_module(f"pycocotools.{part}")
    module = ModuleType("torchvision.transforms.functional_tensor")
    module.rgb_to_grayscale = import_module("torchvision.transforms.functional").rgb_to_grayscale  # type: ignore[attr-defined]
    _put(module.__name__, module)


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float, offset: int = 0) -> Tensor:
    """Apply greedy suppression, box by box."""
    order, kept = scores.argsort(descending=True, stable=True).tolist(), []
    areas = (boxes[:, 2] - boxes[:, 0] + offset) * (boxes[:, 3] - boxes[:, 1] + offset)
    suppressed = torch.zeros(len(boxes), dtype=torch.bool)
    for best in order:
        if suppressed[best]:
            continue
        kept.append(best)
        corners = torch.maximum(boxes[best, :2], boxes[:, :2]), torch.minimum(boxes[best, 2:], boxes[:, 2:])
        sides = (corners[1] - corners[0] + offset).clamp(min=0)
        shared = sides[:, 0] * sides[:, 1]
        suppressed |= shared / (areas[best] + areas - shared) > iou_threshold
    return torch.tensor(kept, dtype=torch.long)


def roi_align(
    input: Tensor, rois: Tensor, output: Tensor, *_: Tensor, aligned_height: int, aligned_width: int,
    spatial_scale: float, sampling_ratio: int, pool_mode: int, aligned: bool,
) -> None:  # fmt: skip
    """Compute mmcv's `roi_align_forward` in mode 1 (averages), box by box."""
    assert pool_mode == 1
    bins = aligned_height, aligned_width
    for number, roi in enumerate(rois):
        x0, y0, x1, y1 = (roi[1:] * spatial_scale - 0.5 * aligned).unbind()
        sides = (y1 - y0, x1 - x0) if aligned else ((y1 - y0).clamp(min=1), (x1 - x0).clamp(min=1))
        places = []
        for start, side, count in zip((y0, x0), sides, bins, strict=True):
            samples = max(1, sampling_ratio if sampling_ratio > 0 else int(torch.ceil(side / count)))
            steps = torch.arange(count)[:, None] + (torch.arange(samples) + 0.5) / samples
            places.append(start + steps * (side / count))
        values = _bilinear(input[int(roi[0])], places[0].flatten(), places[1].flatten())
        shape = (-1, bins[0], places[0].shape[1], bins[1], places[1].shape[1])
        output[number] = values.view(shape).mean(dim=(2, 4))


def _bilinear(feature: Tensor, ys: Tensor, xs: Tensor) -> Tensor:
    """Interpolate a feature (c, h, w) at every y and x; 0 more than one cell outside."""
    rows, row_weights = _taps(ys, feature.shape[1])
    columns, column_weights = _taps(xs, feature.shape[2])
    total = feature.new_zeros(feature.shape[0], len(ys), len(xs))
    for row, down in zip(rows, row_weights, strict=True):
        for column, across in zip(columns, column_weights, strict=True):
            total += feature[:, row[:, None], column] * (down[:, None] * across[None, :])
    return total


def _taps(places: Tensor, length: int) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    inside = (places >= -1) & (places <= length)
    at = places.clamp(0, length - 1)
    low = at.floor().long()
    high = (low + 1).clamp(max=length - 1)
    return (low, high), ((1 - (at - low)) * inside, (at - low) * inside)


class _Extension(ModuleType):
    """Has every operator's name; only two are ever called."""

    nms = staticmethod(nms)
    roi_align_forward = staticmethod(roi_align)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


def _put(name: str, module: ModuleType) -> None:
    module.__spec__ = ModuleSpec(name, None)
    sys.modules[name] = module


def _torchvision() -> None:
    """Define the two operators torchvision needs on import, as its compiled part does not load with a CPU torch."""
    try:
        import_module("torchvision")
    except RuntimeError:
        for name in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[name]
        library: Any = import_module("torch.library").Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _kept.append(library)
        import_module("torchvision")


_kept: list[Any] = []
