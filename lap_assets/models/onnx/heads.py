"""The outputs of YOLOs: recognizing their kind, and decoding their boxes.

Source: `non_max_suppression` in ultralytics/utils/nms.py, release 8.4.190 (anchor-free and end-to-end), and in
utils/general.py of ultralytics/yolov5, release 7.0 (anchored).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import WeightsError
from lap_assets.models.detectors.nms import nms

Floats = NDArray[np.float32]
Head = Literal["anchor-free", "anchored", "end-to-end"]
OVERLAP: Final = {"anchor-free": 0.7, "anchored": 0.45}
"""The IoU above which the weaker of two boxes of a class is removed: the defaults of ultralytics' `predict` and
YOLOv5's."""
MOST: Final = 300
"""Boxes per picture."""
_MOST_WEIGHED: Final = 30_000
_CLASS_STEP: Final = 7680  # px by which boxes of different classes are moved apart, so that none overlap
_ANCHORS: Final = 3  # per cell
_STRIDES: Final = (4, 8, 16, 32, 64)


def head_of(output: Floats, size: tuple[int, int], classes: int | None, ends: bool | None) -> Head:
    """Return the kind of an output (1, a, b) for an input of that height and width.

    Args:
        output: The network's output for a picture.
        size: Height and width of its input.
        classes: The number of classes; None if the file does not state it.
        ends: Whether the file states that its boxes are suppressed; None if it does not state it.

    Raises:
        WeightsError: the output is of an unknown kind.
    """
    if output.ndim == 3 and output.shape[0] == 1:
        _, first, last = output.shape
        cells = _cells(size)
        if ends is not True and first - 4 == (classes or max(first - 4, 1)) and last in cells:
            return "anchor-free"
        if ends is not True and last - 5 == (classes or max(last - 5, 1)):
            if first in {_ANCHORS * count for count in cells}:
                return "anchored"
            if first in cells and (output[0, :, 4] == 1).all():  # YOLOv6: no anchors, an objectness that is always 1
                return "anchored"
        if ends is not False and last == 6 and _are_classes(output[0, :, 5], classes):
            return "end-to-end"
    shape = "×".join(map(str, output.shape))
    of = f"{classes} class{'es' if classes != 1 else ''}" if classes else "any number of classes"
    raise WeightsError(
        f"its output has the shape {shape} for {size[0]}×{size[1]} px, which is not that of a YOLO with {of}"
        " (1×(4+classes)×boxes, 1×boxes×(5+classes) or 1×boxes×6)"
    )


def _cells(size: tuple[int, int]) -> set[int]:
    """Return the possible numbers of cells: of two or more consecutive strides."""
    counts = [-(-size[0] // stride) * -(-size[1] // stride) for stride in _STRIDES]
    return {sum(counts[first:last]) for first in range(len(counts)) for last in range(first + 2, len(counts) + 1)}


def _are_classes(numbers: Floats, classes: int | None) -> bool:
    return bool(((numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < (classes or np.inf))).all())


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes before suppression: corners (n, 4) in px of the input, scores and classes (n,), in the output's order."""

    corners: Floats
    scores: Floats
    classes: NDArray[np.int64]

    def only(self, those: NDArray[np.bool_]) -> "Candidates":
        """Return the candidates in the rows where `those` is true."""
        return Candidates(self.corners[those], self.scores[those], self.classes[those])


def candidates_in(output: Floats, head: Head, least: float, classes: Collection[int] | None) -> Candidates:
    """Return the boxes in one picture's output (a, b), each with its best class.

    `least`: boxes with this score or less are left out. `classes`: the classes to include; None for all.
    """
    if head == "end-to-end":
        found = Candidates(output[:, :4], output[:, 4], output[:, 5].astype(np.int64))
    else:
        found = _best(output.T if head == "anchor-free" else output[output[:, 4] > np.float32(least)], head)
    good = (found.scores > np.float32(least)) & np.isfinite(found.scores) & np.isfinite(found.corners).all(axis=1)
    return found.only(good if classes is None else good & np.isin(found.classes, list(classes)))


def suppressed(found: Candidates, head: Head) -> tuple[Floats, Floats]:
    """Return corners and scores after suppression as in ultralytics: by class, at most `MOST`."""
    if head == "end-to-end":
        return found.corners[:MOST], found.scores[:MOST]
    weighed = np.argsort(-found.scores, kind="stable")[:_MOST_WEIGHED]
    moved = found.corners[weighed] + (found.classes[weighed] * _CLASS_STEP).astype(np.float32)[:, None]
    kept = weighed[nms(moved, found.scores[weighed], OVERLAP[head], most=MOST)]
    return found.corners[kept], found.scores[kept]


def _best(rows: Floats, head: Head) -> Candidates:
    """Decode rows of center, size and class scores, with objectness before the classes if anchored."""
    of_class = rows[:, 4:] if head == "anchor-free" else rows[:, 5:] * rows[:, 4:5]
    classes = of_class.argmax(axis=1)
    half = rows[:, 2:4] / np.float32(2)
    corners = np.concatenate((rows[:, :2] - half, rows[:, :2] + half), axis=1)
    return Candidates(corners, np.take_along_axis(of_class, classes[:, None], axis=1)[:, 0], classes)
