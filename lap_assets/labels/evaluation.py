"""Scores of detections against true boxes: COCO's average precision and recall.

Belongs here: the scores, from matched arrays. Matching is in `matching`, labels as arrays in `judging`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.labels.matching import AREAS, MOST, THRESHOLDS, Judged, Numbers, PictureBoxes, judge, xywh

RECALLS: Final = np.linspace(0, 1, 101)
_LIMITS: Final = (1, 10, MOST)
_HALF: Final = THRESHOLDS[:1]


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision at each of `RECALLS` (thresholds, 101) and the highest recall (thresholds,), for one range of areas."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    total: int


@dataclass(frozen=True, slots=True)
class Scores:
    """COCO's scores, 0 to 1; None if there is nothing to find.

    Attributes:
        ap: Over IoUs of 0.5 to 0.95.
        ap50, ap75: At one IoU.
        ap_by_size, ap50_by_size: For "small" (area under 32²), "medium", "large" (over 96²) boxes.
        ar_by_limit: Recall over IoUs of 0.5 to 0.95 with at most 1, 10, 100 detections per picture.
        ar_by_size: Recall with at most 100.
        curves: At an IoU of 0.5, precision at each of `RECALLS`, by size and for "all".
        boxes: The number of boxes to find, by size and for "all".
    """

    ap: float | None
    ap50: float | None
    ap75: float | None
    ap_by_size: dict[str, float | None]
    ap50_by_size: dict[str, float | None]
    ar_by_limit: dict[int, float | None]
    ar_by_size: dict[str, float | None]
    curves: dict[str, NDArray[np.float64]]
    boxes: dict[str, int]


def evaluate(classes: Iterable[Sequence[PictureBoxes]]) -> Scores:
    """Score each class over its pictures, and return the mean over the classes that have a true box.

    Equal to `pycocotools.cocoeval` ("bbox") on boxes whose area is width times height.
    """
    curves: dict[tuple[str, int], list[Curve]] = {(area, limit): [] for area in AREAS for limit in _LIMITS}
    for pictures in classes:
        judged = [judge(picture, list(AREAS.values())) for picture in pictures]
        for index, area in enumerate(AREAS):
            of_area = [one[index] for one in judged]
            for limit in _LIMITS if area == "all" else (MOST,):
                curves[area, limit].append(_curve(of_area, limit))
    sizes = [area for area in AREAS if area != "all"]
    return Scores(
        ap=_ap(curves["all", MOST]),
        ap50=_ap(curves["all", MOST], 0),
        ap75=_ap(curves["all", MOST], 5),
        ap_by_size={size: _ap(curves[size, MOST]) for size in sizes},
        ap50_by_size={size: _ap(curves[size, MOST], 0) for size in sizes},
        ar_by_limit={limit: _ar(curves["all", limit]) for limit in _LIMITS},
        ar_by_size={size: _ar(curves[size, MOST]) for size in sizes},
        curves={
            area: np.mean([curve.precision[0] for curve in curves[area, MOST] if curve.total], axis=0)
            for area in AREAS
            if any(curve.total for curve in curves[area, MOST])
        },
        boxes={area: sum(curve.total for curve in curves[area, MOST]) for area in AREAS},
    )


def ap50(detections: Sequence[Numbers], truth: Sequence[Numbers]) -> float | None:
    """Return the average precision at an IoU of 0.5, over all pictures together.

    Args:
        detections: one array per picture, shape (n, 5): xmin, ymin, xmax, ymax and a score.
        truth: one array per picture, shape (m, 4): xmin, ymin, xmax, ymax.

    Returns:
        A number from 0 to 1, or None if there is no true box.

    Raises:
        ValueError: the numbers of pictures differ.
    """
    pictures = [
        PictureBoxes(xywh(found), found[:, 4].astype(np.float64), xywh(true), *np.zeros((2, len(true)), bool))
        for found, true in zip(detections, truth, strict=True)
    ]
    return _ap([_curve([judge(picture, [AREAS["all"]], _HALF)[0] for picture in pictures], MOST)], 0)


def _curve(judged: Sequence[Judged], limit: int) -> Curve:
    total = sum(one.total for one in judged)
    scores = np.concatenate([one.scores[:limit] for one in judged]) if judged else np.empty(0)
    order = np.argsort(-scores, kind="stable")
    count = len(judged[0].hits) if judged else len(THRESHOLDS)
    precision, recall = np.zeros((count, RECALLS.size)), np.zeros(count)
    if total and scores.size:
        hits = np.concatenate([one.hits[:, :limit] for one in judged], axis=1)[:, order]
        counted = hits | ~np.concatenate([one.passed_over[:, :limit] for one in judged], axis=1)[:, order]
        right, total_found = np.cumsum(hits, axis=1), np.cumsum(counted, axis=1)
        share = np.divide(right, total_found, out=np.zeros(right.shape), where=total_found > 0)
        falling = np.maximum.accumulate(share[:, ::-1], axis=1)[:, ::-1]
        recall = right[:, -1] / total
        for index in range(count):
            at = np.searchsorted(right[index] / total, RECALLS, side="left")
            precision[index] = np.append(falling[index], 0.0)[at]
    return Curve(precision, recall, total)


def _ap(curves: Sequence[Curve], threshold: int | None = None) -> float | None:
    kept = [curve.precision[slice(threshold, threshold + 1) if threshold is not None else slice(None)]
            for curve in curves if curve.total]  # fmt: skip
    return float(np.mean(kept)) if kept else None


def _ar(curves: Sequence[Curve]) -> float | None:
    kept = [curve.recall for curve in curves if curve.total]
    return float(np.mean(kept)) if kept else None
