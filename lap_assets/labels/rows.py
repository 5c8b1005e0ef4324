"""Converting between `Box`, rows of tables, and detectors' arrays; no other module does this.

The columns of stored tables (x0, y0, x1, y1, score or class) are a file format and do not change. A detector's array
has the shape (n, 5): xmin, ymin, xmax, ymax in px, score.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.box import Box, Corners

SIDES: Final = ("x0", "y0", "x1", "y1")
DETECTED: Final = (*SIDES, "score")
"""Fields of a detector's box in a table, in the order of the array's columns."""


def corners_of(row: Mapping[str, Any]) -> Corners:
    """Return the corners of a row."""
    return row["x0"], row["y0"], row["x1"], row["y1"]


def detected_row(box: Box) -> dict[str, float]:
    """Return a box as a detector's row; without a score, the score is 1."""
    return dict(zip(DETECTED, (*box.corners, 1.0 if box.score is None else box.score), strict=True))


def rows_of(array: NDArray[Any]) -> list[dict[str, float]]:
    """Return a detector's array as rows."""
    return [dict(zip(DETECTED, box, strict=True)) for box in array.tolist()]


def array_of(rows: Iterable[Mapping[str, float]]) -> NDArray[np.float32]:
    """Return a detector's rows as an array."""
    return np.array([[row[name] for name in DETECTED] for row in rows], np.float32).reshape(-1, len(DETECTED))


def boxes_of(array: NDArray[Any]) -> tuple[Box, ...]:
    """Return a detector's array as boxes.

    Raises:
        BoxInvalid: a row is not a box with a score.
    """
    return tuple(Box(xmin, ymin, xmax, ymax, score=score) for xmin, ymin, xmax, ymax, score in array[:, :5].tolist())
