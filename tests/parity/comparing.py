"""Comparison of the results of two sides, and its table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Result = NDArray[Any]
BOX_LIMIT: Final = 0.01  # px
SCORE_LIMIT: Final = 1e-5


@dataclass(frozen=True, slots=True)
class ParityRow:
    """Comparison of one model: number of pictures, results per side, equal results, largest differences."""

    model: str
    pictures: int
    reference: int
    same: int
    differences: dict[str, float]  # the largest, by quantity
    missed: tuple[str, ...]  # pictures with a difference above the limit

    def markdown(self) -> str:
        """Return a row of the table."""
        largest = ", ".join(f"{value:.2g} {unit}" for unit, value in self.differences.items())
        return f"| {self.model} | {self.pictures} | {self.reference} | {self.same} | {largest} |"


HEAD: Final = (
    "| model | pictures | reference's results | of them the same here | largest difference |\n|---|---|---|---|---|"
)


def boxes(model: str, pairs: Iterable[tuple[str, Result, Result]], *, whole: bool = False) -> ParityRow:
    """Compare boxes (n, 5) per picture: each must have one partner within the limits, in any order.

    `whole`: our boxes are truncated to whole px, theirs not; an edge within the limit of a whole px may be truncated
    to either side.
    """
    reference, same, far, scores, missed, count = 0, 0, 0.0, 0.0, [], 0
    for name, theirs, ours in pairs:
        count += 1
        partners = _partners(theirs, ours, np.trunc if whole else np.array)
        reference, same = reference + len(theirs), same + len(partners)
        if len(partners) != len(theirs) or len(ours) != len(theirs):
            missed.append(f"{name} ({len(partners)} of {len(theirs)}, {len(ours)} here)")
        for there, here in partners:
            edges = np.trunc(theirs[there, :4]) if whole else theirs[there, :4]
            far = max(far, float(np.abs(edges - ours[here, :4]).max()))
            scores = max(scores, float(abs(theirs[there, 4] - ours[here, 4])))
    return ParityRow(model, count, reference, same, {"px": far, "in score": scores}, tuple(missed))


def arrays(model: str, unit: str, limit: float, pairs: Iterable[tuple[str, Result, Result]]) -> ParityRow:
    """Compare one array per picture: equal shapes, and no difference above `limit`."""
    same, largest, missed, count = 0, 0.0, [], 0
    for name, theirs, ours in pairs:
        count += 1
        if theirs.shape != ours.shape:
            missed.append(f"{name} ({ours.shape} here, {theirs.shape} there)")
            continue
        apart = float(np.abs(theirs.astype(np.float64) - ours.astype(np.float64)).max())
        largest = max(largest, apart)
        if apart <= limit:
            same += 1
        else:
            missed.append(f"{name} ({apart:.2g} {unit})")
    return ParityRow(model, count, count, same, {unit: largest}, tuple(missed))


def _partners(theirs: Result, ours: Result, cut: Callable[[Result], Result]) -> list[tuple[int, int]]:
    """Return pairs of indices, each index at most once."""
    free, found = np.ones(len(ours), bool), []
    for there, box in enumerate(theirs):
        least, most = cut(box[:4] - BOX_LIMIT), cut(box[:4] + BOX_LIMIT)
        near = free & ((ours[:, :4] >= least) & (ours[:, :4] <= most)).all(axis=1)
        near &= np.abs(ours[:, 4] - box[4]) <= SCORE_LIMIT
        if near.any():
            here = int(near.argmax())
            free[here] = False
            found.append((there, here))
    return found
