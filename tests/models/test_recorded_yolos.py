"""Letterboxing, heads and suppression, compared with ultralytics, yolov5 and dghs-imgutils on the same inputs.

Recorded by `make parity-record` with ultralytics 8.4.190, yolov5 7.0.14 and dghs-imgutils 0.19.0. Whole networks are
compared by `make parity`.
"""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from lap_assets.models.onnx.deepghs import squashed, whole_boxes
from lap_assets.models.onnx.heads import Head, candidates_in, suppressed
from lap_assets.models.onnx.letterbox import letterboxed
from lap_assets.models.types import Boxes
from tests.parity.yolo_recording import BOXED, LEAST, ON, SIDE, STRIDE

with np.load(Path(__file__).parent / "recorded" / "yolos.npz") as _found:
    RECORDED = dict(_found)


@pytest.mark.parametrize("number", range(len(BOXED)))
def test_a_picture_is_letterboxed_to_the_last_level_and_its_boxes_come_back(number: int) -> None:
    picture = Image.fromarray(RECORDED[f"before_{number}"])
    for name, stride in (("fixed", None), ("least", STRIDE)):
        result = letterboxed(picture, ON, stride)
        np.testing.assert_array_equal(result.pixels, RECORDED[f"{name}_{number}"])
        back = result.back(RECORDED["corners"])
        np.testing.assert_allclose(back, RECORDED[f"{name}_back_{number}"], rtol=0, atol=1e-4)


@pytest.mark.parametrize("head", get_args(Head))
@pytest.mark.parametrize(("name", "expected"), [("found", None), ("first", (0,))])
def test_an_output_gives_the_same_boxes_in_the_same_order(
    head: Head, name: str, expected: tuple[int, ...] | None
) -> None:
    corners, scores = suppressed(candidates_in(RECORDED[head][0], head, LEAST, expected), head)
    result = np.concatenate((corners, scores[:, None]), axis=1)
    np.testing.assert_array_equal(result, RECORDED[f"{head}_{name}"])


def test_boxes_above_a_higher_score_are_those_of_a_higher_threshold() -> None:
    """Suppression is greedy: weaker boxes change nothing, up to the maximum number of kept boxes."""
    for head in get_args(Head):
        least, higher = (
            suppressed(candidates_in(RECORDED[head][0], head, score, (0,)), head)[1] for score in (LEAST, 0.25)
        )
        assert 0 < len(higher) < len(least) <= 300
        np.testing.assert_array_equal(least[least > 0.25], higher)


def test_deepghs_pictures_and_boxes_are_the_packages() -> None:
    picture = Image.fromarray(RECORDED["deepghs_before"])
    result = squashed(picture, (SIDE, SIDE))
    given = result.pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    np.testing.assert_array_equal(given, RECORDED["deepghs_given"])
    found = candidates_in(RECORDED["deepghs"], "anchor-free", 0.25, None)
    theirs: Boxes = RECORDED["deepghs_found"]
    has_area = (theirs[:, :2] < theirs[:, 2:4]).all(axis=1)
    np.testing.assert_allclose(whole_boxes(found, (SIDE, SIDE), picture.size), theirs[has_area], rtol=0, atol=1e-7)
