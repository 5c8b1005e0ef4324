"""The two losses: minimal for true outputs, and unaffected by ignored boxes."""

import numpy as np
import pytest
import torch

from lap_assets.models.darknet.decode import Head
from lap_assets.training.contrastive import contrastive_loss
from lap_assets.training.detection import detection_loss
from lap_assets.training.loop import mixed_precision
from lap_assets.training.poster_views import MOST_BOXES

HEAD = Head(((20.0, 20.0), (40.0, 40.0), (24.0, 24.0), (48.0, 48.0)), 1, 16)  # two anchors for faces, two for heads


def _unit(vectors: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.normalize(vectors, dim=-1)


def test_the_contrastive_loss_is_least_where_copies_agree() -> None:
    torch.manual_seed(1)
    pictures = _unit(torch.randn(16, 24))
    agreeing = contrastive_loss(torch.cat((pictures, pictures)))
    near = contrastive_loss(torch.cat((pictures, _unit(pictures + 0.1 * torch.randn(16, 24)))))
    unlike = contrastive_loss(torch.cat((pictures, pictures.roll(1, 0))))
    assert agreeing < near < unlike


def test_the_contrastive_loss_equals_its_formula_without_memory() -> None:
    torch.manual_seed(2)
    vectors = _unit(torch.randn(8, 5)).double()
    terms, nearest = [], []
    for i in range(8):
        partner = (i + 4) % 8
        others = [float(vectors[i] @ vectors[j]) for j in range(8) if j != i]
        terms.append(-float(vectors[i] @ vectors[partner]) / 0.05 + np.log(np.sum(np.exp(np.array(others) / 0.05))))
        apart = [float((vectors[i] - vectors[j]).norm()) for j in range(8) if j not in (i, partner)]
        nearest.append(-np.log(min(apart)))
    expected = np.mean(terms) + 0.5 * np.mean(nearest)
    assert contrastive_loss(vectors).item() == pytest.approx(expected, rel=1e-6)


def _truth(*boxes: tuple[float, ...]) -> torch.Tensor:
    listed = torch.full((1, MOST_BOXES, 5), -1.0)
    for place, box in enumerate(boxes):
        listed[0, place] = torch.tensor(box)
    return listed


def _said(anchor: int, row: int, column: int, *, quiet: float = -12.0) -> torch.Tensor:
    """Return raw output that is sure of one anchor in one cell, at the cell's center, with the anchor's size."""
    raw = torch.zeros(1, HEAD.channels, 8, 8)
    fields = raw.view(1, 4, 6, 8, 8)
    fields[:, :, 4:] = quiet
    fields[0, anchor, 4:, row, column] = 12.0
    return raw


def test_the_detection_loss_is_least_for_the_true_box_of_the_true_target() -> None:
    face = (0.0, 3 * 16 + 8 - 10.0, 5 * 16 + 8 - 10.0, 3 * 16 + 8 + 10.0, 5 * 16 + 8 + 10.0)
    right = detection_loss([_said(0, 5, 3)], [HEAD], _truth(face))
    assert right < 0.01
    assert detection_loss([_said(2, 5, 3)], [HEAD], _truth(face)) > 10  # reported as a head
    assert detection_loss([_said(0, 3, 5)], [HEAD], _truth(face)) > 10  # rows and columns confused
    assert detection_loss([_said(1, 5, 3)], [HEAD], _truth(face)) > 10  # twice too large
    assert detection_loss([_said(0, 5, 3)], [HEAD], _truth()) > 10  # nothing is there


def test_a_detector_learns_a_box_from_the_loss() -> None:
    torch.manual_seed(4)
    truth = _truth((0.0, 30.0, 40.0, 55.0, 62.0), (1.0, 60.0, 70.0, 110.0, 118.0))
    raw = torch.randn(1, HEAD.channels, 8, 8, requires_grad=True)
    optimizer = torch.optim.Adam([raw], 0.2)
    before = detection_loss([raw], [HEAD], truth).item()
    for _ in range(60):
        optimizer.zero_grad()
        loss = detection_loss([raw], [HEAD], truth)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert loss.item() < before / 20


def test_training_computes_in_bfloat16_only_where_the_processor_does() -> None:
    weights = torch.ones(4, 4)
    with mixed_precision("cpu"):
        product = weights @ weights
    expected = torch.bfloat16 if torch.backends.cpu.get_cpu_capability() == "AVX512" else torch.float32
    assert product.dtype is expected
