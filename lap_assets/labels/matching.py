"""Matching the detections of one picture to true boxes, as in COCO (`pycocotools.cocoeval`, evaluateImg).

Belongs here: IoU and matching on arrays of one picture. Scores over many pictures are in `evaluation`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 100  # detections per picture that count
THRESHOLDS: Final = np.linspace(0.5, 0.95, 10)
AREAS: Final = {"all": (0.0, 1e10), "small": (0.0, 1024.0), "medium": (1024.0, 9216.0), "large": (9216.0, 1e10)}
"""COCO's sizes of boxes, by area in px²."""

Numbers = NDArray[np.floating[Any]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PictureBoxes:
    """One picture's detections and true boxes, as x, y, width, height in px.

    Attributes:
        found: (n, 4), in any order. scores: (n,).
        true: (m, 4). ignore, crowd: (m,). A crowd is ignored too, and any number of detections may match it.
        areas: (m,), deciding which true boxes are small, medium or large; None for width times height.
    """

    found: NDArray[np.float64]
    scores: NDArray[np.float64]
    true: NDArray[np.float64]
    ignore: Flags
    crowd: Flags
    areas: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One picture's best detections as they were matched, best first.

    Attributes:
        scores: (n,).
        taken: (thresholds, n), the true box that each matched, -1 for none.
        hits: (thresholds, n), whether the matched box counts.
        passed_over: (thresholds, n), whether the detection does not count: it matched an ignored box, or is of another
            size and matched none.
        total: The number of boxes to find.
    """

    scores: NDArray[np.float64]
    taken: NDArray[np.int64]
    hits: Flags
    passed_over: Flags
    total: int


def judge(
    picture: PictureBoxes, areas: Sequence[tuple[float, float]], thresholds: Numbers = THRESHOLDS
) -> list[Judged]:
    """Match one picture, once for each range of areas.

    In order of falling score, each detection takes the free box with the largest IoU (the last in a tie); boxes that
    count take precedence over ignored ones.
    """
    best = np.argsort(-picture.scores, kind="stable")[:MOST]
    found, scores = picture.found[best], picture.scores[best]
    near = iou(found, picture.true, picture.crowd)
    sizes = found[:, 2] * found[:, 3]
    true_sizes = picture.true[:, 2] * picture.true[:, 3] if picture.areas is None else picture.areas
    candidates = [np.flatnonzero(row >= thresholds.min()).tolist() for row in near]
    overlap = near.tolist()
    crowd = picture.crowd.tolist()
    judged = []
    for low, high in areas:
        ignored = picture.ignore | picture.crowd | (true_sizes < low) | (true_sizes > high)
        skip = ignored.tolist()
        in_order = [sorted(indices, key=skip.__getitem__) for indices in candidates]
        taken = np.array([_taken(overlap, in_order, skip, crowd, float(at)) for at in thresholds], np.int64)
        taken = taken.reshape(len(thresholds), len(found))
        hits = taken >= 0
        met_ignored = np.append(ignored, False)[taken]
        other_size = (sizes < low) | (sizes > high)
        judged.append(
            Judged(scores, taken, hits & ~met_ignored, met_ignored | (~hits & other_size), int((~ignored).sum()))
        )
    return judged


def iou(boxes: NDArray[np.float64], others: NDArray[np.float64], crowd: Flags | None = None) -> NDArray[np.float64]:
    """Return the IoU of every box with every one of `others`, as x, y, width, height: (n, 4), (m, 4) → (n, m).

    `crowd` (m,): for these, the intersection is divided by the box's own area, as in COCO.
    """
    one, other = boxes[:, None], others[None]
    ends = np.minimum(one[..., :2] + one[..., 2:], other[..., :2] + other[..., 2:])
    shared = np.clip(ends - np.maximum(one[..., :2], other[..., :2]), 0, None).prod(axis=-1)
    own = one[..., 2] * one[..., 3]
    joined = own + other[..., 2] * other[..., 3] - shared
    if crowd is not None:
        joined = np.where(crowd[None], own, joined)
    ratios: NDArray[np.float64] = np.divide(shared, joined, out=np.zeros_like(shared), where=shared > 0)
    return ratios


def xywh(corners: Numbers) -> NDArray[np.float64]:
    """Convert corners xmin, ymin, xmax, ymax (further columns are ignored) to x, y, width, height: (n, 4)."""
    result = corners[:, :4].astype(np.float64)
    result[:, 2:] -= result[:, :2]
    return result


def _taken(
    overlap: Sequence[Sequence[float]],
    in_order: Sequence[Sequence[int]],
    ignored: Sequence[bool],
    crowd: Sequence[bool],
    threshold: float,
) -> list[int]:
    """Return the box that each detection takes, -1 for none."""
    free = [True] * len(ignored)
    result = []
    for row, indices in zip(overlap, in_order, strict=True):
        best, least = -1, min(threshold, 1 - 1e-10)
        for index in indices:
            if not free[index] and not crowd[index]:
                continue
            if best >= 0 and not ignored[best] and ignored[index]:
                break
            if row[index] >= least:
                best, least = index, row[index]
        if best >= 0:
            free[best] = False
        result.append(best)
    return result
