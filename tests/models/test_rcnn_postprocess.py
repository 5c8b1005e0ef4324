"""Faster R-CNN between its networks, compared with mmdet's rules implemented box by box."""

from math import exp, floor, log, log2, sqrt

import numpy as np
import torch
from torch import Tensor

from lap_assets.models.detectors.rcnn_postprocess import (
    STRIDES,
    anchors,
    apply_deltas,
    detections,
    pool_regions,
    proposals,
)
from lap_assets.models.roi_align import roi_align


def test_anchors_are_not_rounded() -> None:
    made = anchors((2, 3), 4)
    assert made.shape == (18, 4)
    for row in range(2):
        for column in range(3):
            for place, ratio in enumerate((0.5, 1.0, 2.0)):
                wide, high = 32 / sqrt(ratio), 32 * sqrt(ratio)
                x, y = column * 4, row * 4
                expected = [x - wide / 2, y - high / 2, x + wide / 2, y + high / 2]
                torch.testing.assert_close(made[(row * 3 + column) * 3 + place], torch.tensor(expected))


def test_boxes_are_moved_scaled_and_clipped() -> None:
    boxes = torch.tensor([[10.0, 20, 30, 60], [10, 20, 30, 60]])
    deltas = torch.tensor([[0.5, -0.25, log(0.5), log(2)], [0, 0, 100, -100]])
    made = apply_deltas(boxes, deltas, (70, 50))
    torch.testing.assert_close(made[0], torch.tensor([25.0, 0, 35, 70]))  # the center 30, 30; 10 wide, 80 high
    least = 40 * exp(-abs(log(16 / 1000)))
    torch.testing.assert_close(made[1], torch.tensor([0, 40 - least / 2, 50, 40 + least / 2]))


def _overlap(one: Tensor, other: Tensor) -> float:
    sides = (torch.minimum(one[2:], other[2:]) - torch.maximum(one[:2], other[:2])).clamp(min=0)
    areas = (one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod()
    return float(sides.prod() / (areas - sides.prod()))


def _stay(boxes: list[Tensor], overlap: float) -> list[int]:
    stay: list[int] = []
    for place, box in enumerate(boxes):
        if all(_overlap(boxes[better], box) <= overlap for better in stay):
            stay.append(place)
    return stay


def test_proposals_only_suppress_within_a_level() -> None:
    torch.manual_seed(2)
    sizes = [(6, 5), (3, 3), (2, 2), (1, 1), (1, 1)]
    logits = [torch.randn(3, *size) for size in sizes]
    deltas = [torch.randn(12, *size) * 0.3 for size in sizes]
    found = proposals(logits, deltas, (22, 18))
    expected: list[tuple[float, Tensor]] = []
    for logit, delta, size, stride in zip(logits, deltas, sizes, STRIDES, strict=True):
        boxes = apply_deltas(anchors(size, stride), delta.permute(1, 2, 0).reshape(-1, 4), (22, 18))
        scores = logit.permute(1, 2, 0).flatten().sigmoid()
        level = sorted(range(len(boxes)), key=lambda place: -float(scores[place]))
        level = [place for place in level if (boxes[place, 2:] > boxes[place, :2]).all()]
        expected += [
            (float(scores[level[kept]]), boxes[level[kept]]) for kept in _stay([boxes[place] for place in level], 0.7)
        ]
    expected.sort(key=lambda pair: -pair[0])
    torch.testing.assert_close(found, torch.stack([box for _, box in expected]))


def test_proposals_are_at_most_a_thousand() -> None:
    torch.manual_seed(3)
    sizes = [(40, 40), (20, 20), (10, 10), (5, 5), (3, 3)]
    smaller = torch.tensor([0.0, 0, -2, -2] * 3)[:, None, None]  # small boxes rarely overlap
    deltas = [torch.randn(12, *size) * 0.1 + smaller for size in sizes]
    found = proposals([torch.randn(3, *size) for size in sizes], deltas, (160, 160))
    assert found.shape == (1000, 4)
    empty = [torch.full((12, *size), 0.0) for size in sizes]
    assert proposals([torch.randn(3, *size) for size in sizes], empty, (0, 0)).shape == (0, 4)


def test_pooled_from_the_level_that_suits_the_size() -> None:
    torch.manual_seed(4)
    features = [torch.randn(1, 2, 160 // stride, 160 // stride) for stride in STRIDES[:4]]
    corners = torch.rand(40, 2) * 40
    sides = 2 ** (torch.linspace(4, 9.2, 40)[:, None] + torch.rand(40, 2))
    boxes = torch.cat((corners, corners + sides), dim=1)
    found = pool_regions(features, boxes)
    levels = set()
    for place, box in enumerate(boxes):
        side = sqrt(float((box[2:] - box[:2]).prod()))
        level = min(max(floor(log2(side / 56 + 1e-6)), 0), 3)
        levels.add(level)
        roi = torch.cat((torch.zeros(1), box))[None]
        expected = roi_align(features[level], roi, (7, 7), 1 / STRIDES[level], 0, True)
        torch.testing.assert_close(found[place], expected[0], msg=f"box {place}")
    assert levels == {0, 1, 2, 3}
    assert pool_regions(features, boxes[:0]).shape == (0, 2, 7, 7)


def test_detections() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 70], [30, 0, 40, 10]])
    logits = torch.tensor([[0.0, 1.0], [0.0, 2.0], [2.0, 0.0], [4.0, 0.0]])  # background, face
    deltas = torch.zeros(4, 4)
    deltas[2] = torch.tensor([1.0, 1.0, 5 * log(2), 0])  # by the deviations .1 .1 .2 .2
    found = detections(boxes, logits, deltas, (100, 56), np.array([2, 4, 2, 4], np.float32))
    assert found.dtype == np.float32
    one, other = (1 / (1 + exp(-score)) for score in (2, -2))
    expected = [[0.5, 0, 5.5, 2.5, one], [46 / 2, 52 / 4, 56 / 2, 72 / 4, other]]
    np.testing.assert_allclose(found, expected, rtol=1e-5)
