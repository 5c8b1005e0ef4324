"""Training of lap-tiny's detectors: faces and heads in one network, which is split into two afterwards.

Both use the same features, so they share the trunk during training: the last convolution before each [yolo] has the
filters of the face anchors first, then those of the head anchors. Loss as in YOLOv3 (Redmon and Farhadi 2018), with the
generalized IoU (Rezatofighi et al. 2019) for boxes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from lap_assets.core.progress import Progress
from lap_assets.replica.seeds import seed_of
from lap_assets.training.batches import Arrays, Batches
from lap_assets.training.loop import Course, mixed_precision, trained
from lap_assets.training.poster_views import PosterBank, view
from lap_assets.training.tiny_cfg import joint_cfg

if TYPE_CHECKING:
    from torch import Tensor, nn

    from lap_assets.models.darknet.decode import Head

_IGNORED: Final = 0.6  # IoU with a truth from which a prediction not assigned to it is neither right nor wrong
_PASSED_OVER: Final = 2  # target of an ignored box: neither right nor wrong
_ALSO_ITS_OWN: Final = 0.5  # shape overlap from which anchors other than the best also learn a truth


@dataclass(frozen=True, slots=True)
class DetectionPlan:
    """Plan of one training. `pictures`: posters per step; `side`: of the network's input, in px."""

    steps: int = 1400
    pictures: int = 32
    side: int = 256
    seed: int = 1
    peak_rate: float = 2e-3
    weight_decay: float = 0.02


class _DetectionViews(Batches):
    def __init__(self, bank: PosterBank, plan: DetectionPlan) -> None:
        self._bank, self._plan = bank, plan

    def batch(self, step: int) -> Arrays:
        """Return pictures (n, side, side, 3) uint8 and their boxes (n, MOST_BOXES, 5)."""
        rng = np.random.default_rng(seed_of("posters", self._plan.seed, step))
        numbers = rng.choice(self._bank.posters, self._plan.pictures, replace=False)
        views = [view(self._bank, int(number), rng, self._plan.side) for number in numbers]
        return np.stack([picture for picture, _ in views]), np.stack([boxes for _, boxes in views])


def train_detectors(bank: PosterBank, plan: DetectionPlan, folder: Path, progress: Progress) -> "nn.Module":
    """Train the joint network on the posters of `bank`; checkpoints go into `folder`."""
    from lap_assets.models.darknet.cfg import parse_cfg
    from lap_assets.models.darknet.module import Darknet

    def loss_of(network: "nn.Module", batch: Arrays, device: str) -> "Tensor":
        import torch

        pictures, boxes = (torch.from_numpy(part).to(device) for part in batch)
        numbers = pictures.permute(0, 3, 1, 2).float() / 255
        with mixed_precision(device):
            outputs = network(numbers.contiguous(memory_format=torch.channels_last))
        heads = cast(Darknet, network).heads
        return detection_loss([output.float() for output in outputs], heads, boxes)

    course = Course(plan.steps, plan.seed, plan.peak_rate, plan.weight_decay, clip=10.0)
    return trained(
        "training the detectors", lambda: Darknet(parse_cfg(joint_cfg())), _DetectionViews(bank, plan), loss_of, course,
        folder / "detectors.pt", progress,
    )  # fmt: skip


def detection_loss(raw: "list[Tensor]", heads: "list[Head]", boxes: "Tensor") -> "Tensor":
    """Return the loss of the joint network's raw outputs.

    boxes: shape (n, MOST_BOXES, 5): target (0 face, 1 head, -1 none), x0 y0 x1 y1 in px. In each output, the first half
        of the anchors is for faces and the second for heads.
    """
    import torch

    total = torch.zeros((), device=boxes.device)
    shapes = [_anchors(head, boxes) for head in heads]
    for output, head, anchors in zip(raw, heads, shapes, strict=True):
        for target in (0, 1):
            half = len(head.anchors) // 2
            part = slice(target * half, (target + 1) * half)
            all_of_target = torch.cat([one[_half(one, target)] for one in shapes])
            fields = output.reshape(len(output), len(head.anchors), -1, *output.shape[2:])[:, part]
            total = total + _one_loss(fields, anchors[part], all_of_target, head.stride, boxes, target)
    return total / len(boxes)


def single_loss(raw: "list[Tensor]", heads: "list[Head]", boxes: "Tensor") -> "Tensor":
    """Return the loss of the raw outputs of a network with one target.

    boxes: shape (n, most, 5): role (0 wanted, 2 ignored, -1 none), x0 y0 x1 y1 in px. A prediction near an ignored box
        counts neither way.
    """
    import torch

    shapes = [_anchors(head, boxes) for head in heads]
    total = torch.zeros((), device=boxes.device)
    for output, head, anchors in zip(raw, heads, shapes, strict=True):
        fields = output.reshape(len(output), len(head.anchors), -1, *output.shape[2:])
        total = total + _one_loss(fields, anchors, torch.cat(shapes), head.stride, boxes, 0)
    return total / len(boxes)


def _half(anchors: "Tensor", target: int) -> slice:
    half = len(anchors) // 2
    return slice(target * half, (target + 1) * half)


def _anchors(head: "Head", like: "Tensor") -> "Tensor":
    import torch

    return torch.tensor(head.anchors, device=like.device, dtype=torch.float32)


def _one_loss(
    fields: "Tensor", anchors: "Tensor", all_anchors: "Tensor", stride: int, boxes: "Tensor", target: int
) -> "Tensor":
    """Return the loss of one target in one output. `fields`: (n, anchors, 6, h, w): x y w h, objectness, class."""
    import torch
    from torch.nn import functional

    number, _, _, high, wide = fields.shape
    rows, columns = torch.meshgrid(torch.arange(high), torch.arange(wide), indexing="ij")
    cell = torch.stack((columns, rows)).to(fields)
    center = (fields[:, :, :2].sigmoid() + cell) * stride
    size = fields[:, :, 2:4].clamp(max=6).exp() * anchors[None, :, :, None, None]
    found = torch.cat((center - size / 2, center + size / 2), dim=2).movedim(2, -1)  # n a h w 4
    is_target = boxes[..., 0] == target
    with torch.no_grad():
        overlap = _iou(found.reshape(number, -1, 1, 4), boxes[:, None, :, 1:])
        counts = is_target | (boxes[..., 0] == _PASSED_OVER)
        overlap = overlap.masked_fill(~counts[:, None], 0).max(dim=2).values.reshape(found.shape[:-1])
    objectness = torch.zeros_like(overlap)
    weight = (overlap < _IGNORED).float()
    picture, index = is_target.nonzero(as_tuple=True)
    truth = boxes[picture, index, 1:]
    sides = truth[:, 2:] - truth[:, :2]
    alike = _shape_overlap(sides, anchors)
    best = _shape_overlap(sides, all_anchors).max(dim=1, keepdim=True).values
    one, anchor = ((alike >= best - 1e-6) | (alike > _ALSO_ITS_OWN)).nonzero(as_tuple=True)
    middle = (truth[one, :2] + truth[one, 2:]) / 2
    column = (middle[:, 0] / stride).long().clamp(0, wide - 1)
    row = (middle[:, 1] / stride).long().clamp(0, high - 1)
    at = (picture[one], anchor, row, column)
    objectness[at], weight[at] = 1.0, 1.0
    objectness_loss = functional.binary_cross_entropy_with_logits(fields[:, :, 4], objectness, weight, reduction="sum")
    box_loss = (1 - _giou(found[at], truth[one])).sum()
    classes = fields.movedim(2, -1)[at][:, 5]
    class_loss = functional.binary_cross_entropy_with_logits(classes, torch.ones_like(classes), reduction="sum")
    return objectness_loss + 2.5 * box_loss + 0.5 * class_loss


def _shape_overlap(sides: "Tensor", anchors: "Tensor") -> "Tensor":
    """Return the IoU (n, m) of sizes (n, 2) and (m, 2) aligned at one corner."""
    import torch

    common = torch.minimum(sides[:, None], anchors[None]).prod(dim=-1)
    return common / (sides.prod(dim=-1)[:, None] + anchors.prod(dim=-1)[None] - common)


def _iou(one: "Tensor", other: "Tensor") -> "Tensor":
    import torch

    lower, upper = torch.maximum(one[..., :2], other[..., :2]), torch.minimum(one[..., 2:], other[..., 2:])
    common = (upper - lower).clamp(min=0).prod(dim=-1)
    areas = [(box[..., 2:] - box[..., :2]).prod(dim=-1) for box in (one, other)]
    return common / (areas[0] + areas[1] - common).clamp(min=1e-6)


def _giou(one: "Tensor", other: "Tensor") -> "Tensor":
    import torch

    lower, upper = torch.minimum(one[..., :2], other[..., :2]), torch.maximum(one[..., 2:], other[..., 2:])
    around = (upper - lower).prod(dim=-1).clamp(min=1e-6)
    iou = _iou(one, other)
    areas = [(box[..., 2:] - box[..., :2]).prod(dim=-1) for box in (one, other)]
    union = (areas[0] + areas[1]) / (1 + iou)
    return iou - (around - union) / around
