"""Looks: measurements of a detector on images with known boxes, which control a training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from lap_assets.labels.evaluation import evaluate
from lap_assets.labels.matching import AREAS, THRESHOLDS, PictureBoxes, judge, xywh
from lap_assets.models.types import Boxes, Detector, Target
from lap_assets.training.examples import IGNORED, NONE, Example

if TYPE_CHECKING:
    from lap_assets.models.darknet.module import Darknet

SUGGESTED: Final = 0.3
"""The lowest score of a box that is suggested to a person."""


@dataclass(frozen=True, slots=True)
class Look:
    """One measurement of a detector.

    Attributes:
        step: Steps learned. ap50: Average precision at an IoU of .5, 0 to 1.
        boxes: Number of boxes to find. found: Boxes matched by a suggestion (score of `SUGGESTED` or more) at an IoU of
            .5. false: Suggestions that match no box.
    """

    step: int
    ap50: float
    boxes: int
    found: int
    false: int


def looked(network: "Darknet", step: int, *, examples: Sequence[Example], target: Target, device: str) -> Look:
    """Measure the network on these images."""
    from lap_assets.models.tiny.detector import TinyDetector

    return look_at(TinyDetector(network, target, device), examples, step)


def look_at(detector: Detector, examples: Sequence[Example], step: int = 0) -> Look:
    """Measure any detector on these images."""
    return look_of(detector.detect(example.picture for example in examples), examples, step)


def look_of(found: Sequence[Boxes], examples: Sequence[Example], step: int = 0) -> Look:
    """Return the measurement for boxes found on each image."""
    pictures = [_picture(boxes, example) for boxes, example in zip(found, examples, strict=True)]
    scores = evaluate([pictures])
    suggested = [judge(_above(picture), [AREAS["all"]], THRESHOLDS[:1])[0] for picture in pictures]
    hits = sum(int(one.hits.sum()) for one in suggested)
    passed_over = sum(int((one.passed_over & ~one.hits).sum()) for one in suggested)
    return Look(
        step, round(scores.ap50 or 0.0, 6), sum(one.total for one in suggested), hits,
        sum(one.scores.size for one in suggested) - hits - passed_over,
    )  # fmt: skip


def _picture(found: Boxes, example: Example) -> PictureBoxes:
    true = example.boxes[example.boxes[:, 0] != NONE]
    ignored = true[:, 0] == IGNORED
    return PictureBoxes(
        xywh(found), found[:, 4].astype(np.float64), xywh(true[:, 1:]), ignored, np.zeros(len(true), bool)
    )


def _above(picture: PictureBoxes) -> PictureBoxes:
    kept = picture.scores >= SUGGESTED
    return PictureBoxes(picture.found[kept], picture.scores[kept], picture.true, picture.ignore, picture.crowd)
