"""Greedy non-maximum suppression over arrays: the best box is kept, and boxes that overlap it too much are removed."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def nms(
    boxes: Floats, scores: Floats, iou_threshold: float, *, most: int | None = None, pixel: int = 0
) -> NDArray[np.intp]:
    """Return the indices of the kept boxes, best first; of equal scores the earlier one.

    Args:
        boxes: (n, 4), x0 y0 x1 y1.
        scores: (n,).
        iou_threshold: a box is removed if its IoU with a better kept box is above this.
        most: the maximum number of kept boxes.
        pixel: added to every side in areas: 1 if a box includes its last pixel.
    """
    x0, y0, x1, y1 = (boxes[:, side] for side in range(4))
    areas = (x1 - x0 + pixel) * (y1 - y0 + pixel)
    waiting = np.argsort(-scores, kind="stable")
    kept: list[np.intp] = []
    while waiting.size and (most is None or len(kept) < most):
        best, waiting = waiting[0], waiting[1:]
        kept.append(best)
        wide = np.minimum(x1[best], x1[waiting]) - np.maximum(x0[best], x0[waiting]) + np.float32(pixel)
        high = np.minimum(y1[best], y1[waiting]) - np.maximum(y0[best], y0[waiting]) + np.float32(pixel)
        shared = wide.clip(min=0) * high.clip(min=0)
        with np.errstate(invalid="ignore"):  # two boxes without area: the IoU is NaN, which is not above the threshold
            waiting = waiting[~(shared / (areas[best] + areas[waiting] - shared) > iou_threshold)]
    return np.array(kept, np.intp)
