"""RoIAlign, compared with its definition, sample by sample."""

from math import ceil

import pytest
import torch
from torch import Tensor

from lap_assets.models.compat import ready_torchvision
from lap_assets.models.roi_align import roi_align, separable_roi_align


def _sample(plane: Tensor, y: float, x: float) -> Tensor:
    """Return the bilinear value of (channels, h, w) at a point; zero if outside by more than a cell."""
    height, width = plane.shape[1:]
    if not (-1 <= y <= height and -1 <= x <= width):
        return plane.new_zeros(plane.shape[0])
    y, x = min(max(y, 0.0), height - 1.0), min(max(x, 0.0), width - 1.0)
    top, left = int(y), int(x)
    bottom, right = min(top + 1, height - 1), min(left + 1, width - 1)
    down, across = y - top, x - left
    upper = plane[:, top, left] * (1 - across) + plane[:, top, right] * across
    lower = plane[:, bottom, left] * (1 - across) + plane[:, bottom, right] * across
    return upper * (1 - down) + lower * down


def _slow(features: Tensor, rois: Tensor, size: tuple[int, int], scale: float, ratio: int, aligned: bool) -> Tensor:
    out = features.new_zeros(len(rois), features.shape[1], *size)
    for place, (picture, *box) in enumerate(rois.tolist()):
        x0, y0, x1, y1 = (value * scale - (0.5 if aligned else 0) for value in box)
        wide, high = x1 - x0, y1 - y0
        if not aligned:
            wide, high = max(wide, 1.0), max(high, 1.0)
        rows, columns = ratio or ceil(high / size[0]), ratio or ceil(wide / size[1])
        for i in range(size[0]):
            for j in range(size[1]):
                samples = [
                    _sample(
                        features[int(picture)],
                        y0 + (i + (row + 0.5) / rows) * high / size[0],
                        x0 + (j + (column + 0.5) / columns) * wide / size[1],
                    )
                    for row in range(rows)
                    for column in range(columns)
                ]
                if samples:
                    out[place, :, i, j] = torch.stack(samples).mean(dim=0)
    return out


def _boxes(chance: torch.Generator) -> Tensor:
    """Boxes inside, across each edge, outside, thin, tiny, without area, and larger than the map."""
    corners = torch.rand(8, 2, generator=chance) * 120 - 20
    usual = torch.cat((corners, corners + torch.rand(8, 2, generator=chance) * 60), dim=1)
    unusual = torch.tensor(
        [[-300, -300, -200, -200], [400, 10, 420, 30], [5, 5, 5.3, 90], [7, 7, 7.2, 7.1], [9, 9, 9, 9],
         [-50, -40, 300, 200], [0, 0, 111.3, 79.7]]
    )  # fmt: skip
    boxes = torch.cat((usual, unusual))
    return torch.cat((torch.arange(len(boxes))[:, None] % 2, boxes), dim=1)


@pytest.mark.parametrize("aligned", [True, False])
@pytest.mark.parametrize(("size", "scale", "ratio"), [((7, 7), 0.25, 0), ((3, 5), 0.125, 2), ((2, 2), 0.5, 3)])
def test_it_follows_its_definition(size: tuple[int, int], scale: float, ratio: int, aligned: bool) -> None:
    chance = torch.Generator().manual_seed(3)
    features, rois = torch.randn(2, 3, 23, 31, generator=chance), _boxes(chance)
    found = separable_roi_align(features, rois, size, scale, ratio, aligned)
    assert found.shape == (len(rois), 3, *size)
    torch.testing.assert_close(found, _slow(features, rois, size, scale, ratio, aligned), atol=1e-5, rtol=0)


def test_no_boxes_give_nothing() -> None:
    assert roi_align(torch.rand(1, 4, 8, 8), torch.empty(0, 5), (7, 7), 0.5, 0, True).shape == (0, 4, 7, 7)


def test_it_equals_the_compiled_one() -> None:
    if not ready_torchvision():
        pytest.skip("torchvision's compiled operators do not load here")
    chance = torch.Generator().manual_seed(5)
    features, rois = torch.randn(2, 16, 50, 76, generator=chance), _boxes(chance)
    for aligned in (True, False):
        mine = separable_roi_align(features, rois, (7, 7), 0.5, 0, aligned)
        torch.testing.assert_close(mine, roi_align(features, rois, (7, 7), 0.5, 0, aligned), atol=1e-5, rtol=0)
