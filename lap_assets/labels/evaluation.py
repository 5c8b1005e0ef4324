"""How good boxes are, against boxes that are known to be right: average precision at an overlap of a half.

Belongs here: matching and the score, on arrays. Where the boxes and the truth come from is others' matter.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_OVERLAP: Final = 0.5
_MOST: Final = 100  # detections a picture that count
_RECALLS: Final = np.linspace(0, 1, 101)

Numbers = NDArray[np.floating[Any]]


def ap50(detections: Sequence[Numbers], truth: Sequence[Numbers]) -> float | None:
    """Average precision at an intersection over union of 0.5 or more, over all pictures together.

    As COCO has it (`pycocotools.cocoeval`: area "all", at most 100 detections a picture): by falling score, each
    detection takes the free true box that it overlaps most; precision is made falling and read at 101 recalls.

    Args:
        detections: a picture each, shape (n, 5): x0 y0 x1 y1 and a score.
        truth: the same pictures, shape (m, 4): x0 y0 x1 y1.

    Returns:
        A number from 0 to 1, or None where there is no true box.

    Raises:
        ValueError: the two are not of one length.
    """
    total = sum(len(boxes) for boxes in truth)
    judged = [_judged(found, true) for found, true in zip(detections, truth, strict=True)]
    if total == 0:
        return None
    scores = np.concatenate([scores for scores, _ in judged])
    hits = np.concatenate([hits for _, hits in judged])[np.argsort(-scores, kind="stable")]
    if hits.size == 0:
        return 0.0
    right = np.cumsum(hits)
    precision = right / np.arange(1, hits.size + 1)
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(right / total, _RECALLS, side="left")
    return float(np.append(falling, 0.0)[places].mean())


def overlaps(boxes: Numbers, others: Numbers) -> NDArray[np.float64]:
    """Intersection over union of every box with every other one: shape (n, m)."""
    one, other = boxes[:, None, :4].astype(np.float64), others[None, :, :4].astype(np.float64)
    sides = np.clip(np.minimum(one[..., 2:], other[..., 2:]) - np.maximum(one[..., :2], other[..., :2]), 0, None)
    shared = sides.prod(axis=-1)
    joined = _areas(one) + _areas(other) - shared
    ratios: NDArray[np.float64] = np.divide(shared, joined, out=np.zeros_like(shared), where=shared > 0)
    return ratios


def _areas(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    areas: NDArray[np.float64] = (boxes[..., 2:] - boxes[..., :2]).prod(axis=-1)
    return areas


def _judged(found: Numbers, true: Numbers) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The scores of one picture's detections, falling, and whether each takes a true box."""
    best = found[np.argsort(-found[:, 4], kind="stable")[:_MOST]]
    near = overlaps(best, true)
    hits = np.zeros(len(best), dtype=bool)
    for row in range(len(best) if len(true) else 0):
        taken = near.shape[1] - 1 - int(near[row, ::-1].argmax())  # of equals the last, as the original does
        if near[row, taken] >= _OVERLAP:
            hits[row] = True
            near[:, taken] = -1.0
    return best[:, 4].astype(np.float64), hits
