"""The outputs of YOLOs: which of three kinds one is, and the boxes in it.

Rules: `non_max_suppression` in ultralytics/utils/nms.py, release 8.4.190 (anchor-free and end-to-end), and in
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
"""Above which the weaker of two boxes of a class goes: the default of ultralytics' `predict`, and of YOLOv5's."""
MOST: Final = 300
"""Boxes a picture."""
_MOST_WEIGHED: Final = 30_000
_CLASS_STEP: Final = 7680  # px that part the boxes of two classes
_ANCHORS: Final = 3  # a cell
_STRIDES: Final = (4, 8, 16, 32, 64)


def head_of(output: Floats, size: tuple[int, int], classes: int | None, ends: bool | None) -> Head:
    """The kind of an output (1, a, b) for an input of that height and width.

    Args:
        output: What the network made of a picture.
        size: Height and width of its input.
        classes: How many; None where the file does not say.
        ends: Whether the file says that its boxes are suppressed; None where it does not say.

    Raises:
        WeightsError: it is none of these.
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
        f"its output has the shape {shape} for {size[0]}×{size[1]} px, which is not a YOLO's of {of}"
        " (1×(4+classes)×boxes, 1×boxes×(5+classes) or 1×boxes×6)"
    )


def _cells(size: tuple[int, int]) -> set[int]:
    """How many cells there may be: of two strides or more, each twice the one before."""
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
        """Some of them."""
        return Candidates(self.corners[those], self.scores[those], self.classes[those])


def candidates_in(output: Floats, head: Head, least: float, wanted: Collection[int] | None) -> Candidates:
    """The boxes in one picture's output (a, b), each with its best class.

    `least`: boxes of lower or equal score are left out. `wanted`: the classes; None for all.
    """
    if head == "end-to-end":
        found = Candidates(output[:, :4], output[:, 4], output[:, 5].astype(np.int64))
    else:
        found = _best(output.T if head == "anchor-free" else output[output[:, 4] > np.float32(least)], head)
    good = (found.scores > np.float32(least)) & np.isfinite(found.scores) & np.isfinite(found.corners).all(axis=1)
    return found.only(good if wanted is None else good & np.isin(found.classes, list(wanted)))


def suppressed(found: Candidates, head: Head) -> tuple[Floats, Floats]:
    """Corners and scores of those that stay, as ultralytics has it: by class, at most `MOST`."""
    if head == "end-to-end":
        return found.corners[:MOST], found.scores[:MOST]
    weighed = np.argsort(-found.scores, kind="stable")[:_MOST_WEIGHED]
    moved = found.corners[weighed] + (found.classes[weighed] * _CLASS_STEP).astype(np.float32)[:, None]
    kept = weighed[nms(moved, found.scores[weighed], OVERLAP[head], most=MOST)]
    return found.corners[kept], found.scores[kept]


def _best(rows: Floats, head: Head) -> Candidates:
    """Rows of center, size and classes, where anchored with the objectness between."""
    of_class = rows[:, 4:] if head == "anchor-free" else rows[:, 5:] * rows[:, 4:5]
    classes = of_class.argmax(axis=1)
    half = rows[:, 2:4] / np.float32(2)
    corners = np.concatenate((rows[:, :2] - half, rows[:, :2] + half), axis=1)
    return Candidates(corners, np.take_along_axis(of_class, classes[:, None], axis=1)[:, 0], classes)
