"""Whitening of vectors: full whitening makes all axes equally long, half whitening is in between."""

import numpy as np
import torch

from lap_assets.training.whitening import whitening


def _spreads(power: float) -> np.ndarray:
    torch.manual_seed(1)
    vectors = torch.randn(4000, 6) @ torch.diag(torch.tensor((3.0, 2.0, 1.0, 0.7, 0.4, 0.2))) + 5
    weight, bias = whitening(vectors, power)
    even = vectors @ weight.T + bias
    assert even.mean(dim=0).abs().max() < 1e-4
    assert weight.norm(dim=1).max().item() <= 1.0001
    spread = np.sort(torch.linalg.eigvalsh(torch.cov(even.T)).numpy())
    return np.asarray(spread / spread[-1])


def test_full_whitening_makes_all_axes_equally_long() -> None:
    assert np.allclose(_spreads(1.0), 1, atol=1e-3)


def test_no_whitening_leaves_the_axes_as_they_are() -> None:
    assert np.allclose(_spreads(0.0), np.array((0.04, 0.16, 0.49, 1, 4, 9)) / 9, rtol=0.15)


def test_half_whitening_is_in_between() -> None:
    assert np.allclose(_spreads(0.5), np.sqrt(np.array((0.04, 0.16, 0.49, 1, 4, 9)) / 9), rtol=0.1)
