"""torchvision is importable beside this torch, and suppression in pure torch is greedy."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from lap_assets.models.compat import nms, ready_torchvision
from tests.profiles import examples


def _overlap(one: list[float], other: list[float]) -> float:
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - wide * high
    return wide * high / both if both else 0.0


def _greedy(boxes: Tensor, scores: Tensor, most: float) -> list[int]:
    lists, kept = boxes.tolist(), list[int]()
    for place in sorted(range(len(lists)), key=lambda place: -scores[place].item()):
        if all(_overlap(lists[place], lists[better]) <= most for better in kept):
            kept.append(place)
    return kept


@examples(60)
@given(st.integers(0, 2**32), st.integers(0, 60), st.sampled_from([0.0, 0.3, 0.5, 0.75]))
def test_suppression_is_greedy_with_ties(seed: int, count: int, most: float) -> None:
    chance = torch.Generator().manual_seed(seed)
    corners = torch.randint(0, 24, (count, 2), generator=chance).float()
    sides = torch.randint(0, 16, (count, 2), generator=chance).float()
    boxes = torch.cat((corners, corners + sides), dim=1)
    scores = torch.randint(0, 8, (count,), generator=chance) / 8
    assert nms(boxes, scores, most).tolist() == _greedy(boxes, scores, most)


def test_torchvision_works_from_several_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: ready_torchvision(), range(8)))) == 1
    from torchvision.ops import nms as theirs  # type: ignore[import-untyped]

    boxes = torch.tensor([[0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 4.0, 3.9], [9.0, 9.0, 12.0, 12.0]])
    assert theirs(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5).tolist() == [1, 2]


def test_suppression_equals_the_compiled_operator() -> None:
    if not ready_torchvision():
        pytest.skip("torchvision's compiled operators do not load here")
    from torchvision.ops import nms as theirs

    corners = torch.rand(400, 2) * 80
    boxes = torch.cat((corners, corners + torch.rand(400, 2) * 40), dim=1)
    scores = (torch.rand(400) * 20).round() / 20
    assert torch.equal(nms(boxes, scores, 0.5), theirs(boxes, scores, 0.5))
