"""Suppression, compared with the simplest implementation."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.models.detectors.nms import nms

_PLACES = st.integers(0, 12)
_BOX = st.tuples(_PLACES, _PLACES, st.integers(1, 8), st.integers(1, 8), st.integers(0, 5))


def _overlap(one: Any, other: Any, pixel: int) -> np.float32:
    across = max(0.0, min(one[2], other[2]) - max(one[0], other[0]) + pixel)
    down = max(0.0, min(one[3], other[3]) - max(one[1], other[1]) + pixel)
    areas = [(box[2] - box[0] + pixel) * (box[3] - box[1] + pixel) for box in (one, other)]
    return np.float32(np.float32(across * down) / np.float32(sum(areas) - across * down))


@given(st.lists(_BOX, max_size=25), st.sampled_from([0.3, 0.5, 0.7]), st.sampled_from([0, 1]))
def test_a_box_is_kept_if_no_better_kept_box_overlaps_it(
    drawn: list[tuple[int, ...]], overlap: float, pixel: int
) -> None:
    boxes = np.array([(x, y, x + w, y + h) for x, y, w, h, _ in drawn], np.float32).reshape(-1, 4)
    scores = np.array([score / 5 for *_, score in drawn], np.float32)
    stay: list[int] = []
    for index in sorted(range(len(drawn)), key=lambda index: (-scores[index], index)):
        if all(_overlap(boxes[better], boxes[index], pixel) <= np.float32(overlap) for better in stay):
            stay.append(index)
    assert nms(boxes, scores, overlap, pixel=pixel).tolist() == stay
    assert nms(boxes, scores, overlap, pixel=pixel, most=3).tolist() == stay[:3]


def test_boxes_without_area_do_not_suppress_each_other() -> None:
    boxes = np.array([[1, 1, 1, 1], [1, 1, 1, 1], [0, 0, 2, 2]], np.float32)
    assert nms(boxes, np.array([0.1, 0.9, 0.5], np.float32), 0.5).tolist() == [1, 2, 0]


@pytest.mark.parametrize("pixel", [0, 1])
def test_none(pixel: int) -> None:
    assert nms(np.empty((0, 4), np.float32), np.empty(0, np.float32), 0.5, pixel=pixel).size == 0
