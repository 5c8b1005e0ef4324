"""The steps of Faster R-CNN between its networks: anchors, proposals, pooling, detections, by mmdet 2.x's rules.

torchvision's rules differ (rounded anchors, strides by the map's size, RoIAlign half a pixel off, boxes under 0.01 px
dropped); with them, only 28 % of the detections match. Sources, all in mmdet 2.28: core/anchor/anchor_generator.py,
core/bbox/coder/delta_xywh_bbox_coder.py, models/dense_heads/rpn_head.py, models/roi_heads/roi_extractors/
single_level_roi_extractor.py, core/post_processing/bbox_nms.py. Torch is imported inside the functions.
"""

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.models.detectors.nms import nms
from lap_assets.models.types import Boxes

if TYPE_CHECKING:
    from torch import Tensor

STRIDES: Final = (4, 8, 16, 32, 64)
_RATIOS: Final = (0.5, 1.0, 2.0)  # an anchor's height over its width
_SCALE: Final = 8  # an anchor's side in cells
_PROPOSALS: Final = 1000  # per level before suppression, and over all levels after it
_PROPOSAL_OVERLAP: Final = 0.7
_FINEST: Final = 56  # px; boxes from twice this side are pooled from the second level
_POOLED: Final = 7
_SCORE: Final = 0.05
_OVERLAP: Final = 0.5
_MOST: Final = 100
_RATIO_LIMIT: Final = abs(log(16 / 1000))
_DEVIATIONS: Final = (0.1, 0.1, 0.2, 0.2)


def anchors(size: Sequence[int], stride: int) -> "Tensor":
    """Return the anchors of a map of that size: (height * width * 3, 4), by row, column, ratio; in px of the input."""
    import torch

    height, width = size
    tall = torch.tensor(_RATIOS).sqrt()
    wide, high = stride * (1 / tall) * _SCALE, stride * tall * _SCALE
    around = torch.stack((-0.5 * wide, -0.5 * high, 0.5 * wide, 0.5 * high), dim=-1)
    rows, columns = torch.meshgrid(torch.arange(height) * stride, torch.arange(width) * stride, indexing="ij")
    corners = torch.stack((columns, rows, columns, rows), dim=-1).float()
    return (corners[:, :, None] + around).view(-1, 4)


def apply_deltas(boxes: "Tensor", deltas: "Tensor", size: tuple[int, int]) -> "Tensor":
    """Return boxes (n, 4) moved and scaled by deltas (n, 4), clipped to the height and width `size`."""
    import torch

    sides = boxes[:, 2:] - boxes[:, :2]
    centers = (boxes[:, :2] + boxes[:, 2:]) * 0.5 + sides * deltas[:, :2]
    sides = sides * deltas[:, 2:].clamp(-_RATIO_LIMIT, _RATIO_LIMIT).exp()
    corners = torch.cat((centers - sides * 0.5, centers + sides * 0.5), dim=-1)
    corners[:, 0::2] = corners[:, 0::2].clamp(0, size[1])
    corners[:, 1::2] = corners[:, 1::2].clamp(0, size[0])
    return corners


def proposals(logits: list["Tensor"], deltas: list["Tensor"], size: tuple[int, int]) -> "Tensor":
    """Return the proposals: at most 1000 boxes (n, 4) in px of the input, best first.

    Args:
        logits: one per level, (3, h, w).
        deltas: one per level, (12, h, w).
        size: height and width of the picture without its padding.
    """
    import torch

    boxes, scores, levels = [], [], []
    for level, (logit, delta, stride) in enumerate(zip(logits, deltas, STRIDES, strict=True)):
        score = logit.permute(1, 2, 0).reshape(-1).sigmoid()
        best = score.sort(descending=True, stable=True)
        chosen = best.indices[:_PROPOSALS]
        every = anchors(logit.shape[1:], stride).to(delta.device)
        boxes.append(apply_deltas(every[chosen], delta.permute(1, 2, 0).reshape(-1, 4)[chosen], size))
        scores.append(best.values[:_PROPOSALS])
        levels.append(torch.full_like(scores[-1], level))
    every, score = torch.cat(boxes), torch.cat(scores)
    has_area = ((every[:, 2:] - every[:, :2]) > 0).all(dim=1)
    every, score, level_of = every[has_area], score[has_area], torch.cat(levels)[has_area]
    if not len(every):
        return every
    apart = every + (level_of * (every.max() + 1))[:, None]  # levels do not suppress each other
    kept = nms(_array(apart), _array(score), _PROPOSAL_OVERLAP, most=_PROPOSALS)
    return every[torch.from_numpy(kept).to(every.device)]


def pool_regions(features: list["Tensor"], boxes: "Tensor") -> "Tensor":
    """Return the features of each box (n, 4) of one picture: (n, channels, 7, 7), from the level for the box's size.

    `features`: the first four levels, each (1, channels, h, w).
    """
    import torch

    from lap_assets.models.roi_align import roi_align

    sides = boxes[:, 2:] - boxes[:, :2]
    levels = torch.floor(torch.log2(sides.prod(dim=1).sqrt() / _FINEST + 1e-6)).clamp(0, len(features) - 1)
    rois = torch.cat((boxes.new_zeros(len(boxes), 1), boxes), dim=1)
    out = features[0].new_zeros(len(boxes), features[0].shape[1], _POOLED, _POOLED)
    for level, (feature, stride) in enumerate(zip(features, STRIDES, strict=False)):
        of_level = (levels == level).nonzero().squeeze(1)
        if len(of_level):
            out[of_level] = roi_align(feature, rois[of_level], (_POOLED, _POOLED), 1 / stride, 0, True).to(out.dtype)
    return out


def detections(
    boxes: "Tensor", logits: "Tensor", deltas: "Tensor", size: tuple[int, int], scale: NDArray[np.float32]
) -> Boxes:
    """Return the faces, at most 100, in px of the picture.

    Args:
        boxes: the proposals, (n, 4).
        logits: (n, 2): background, face.
        deltas: (n, 4), of the face.
        size: as in `proposals`.
        scale: as in `mmdet_pipeline.Resized`.
    """
    scores = logits.softmax(dim=-1)[:, 1]
    found = apply_deltas(boxes, deltas * deltas.new_tensor(_DEVIATIONS), size) / deltas.new_tensor(scale)
    good = scores > _SCORE
    corners, certain = _array(found[good]), _array(scores[good])
    kept = nms(corners, certain, _OVERLAP, most=_MOST)
    return np.concatenate((corners[kept], certain[kept, None]), axis=1)


def _array(tensor: "Tensor") -> NDArray[np.float32]:
    return tensor.float().cpu().numpy()
