"""Shapes of a head in its own coordinates (radius 1, y down), and the boxes that follow from them.

Geometry shared by drawing and the truth belongs here, so that boxes are exact without drawing anything.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.replica.recipes import RelativeBox
from lap_assets.replica.renderer.figures import Figure

Points = NDArray[np.float64]  # (n, 2)

_CIRCLE: Final[Points] = np.array([(math.cos(turn), math.sin(turn)) for turn in np.linspace(0, 2 * math.pi, 25)[:-1]])
_FACE: Final[tuple[tuple[float, float], ...]] = (
    (-0.93, -0.30), (-0.92, 0.18), (-0.80, 0.60), (-0.44, 0.96), (0.0, 1.13), (0.44, 0.96), (0.80, 0.60),
    (0.92, 0.18), (0.93, -0.30), (0.62, -0.84), (0.0, -1.0), (-0.62, -0.84),
)  # fmt: skip
_HAIRLINE: Final = -0.36  # where the face begins below the hair
_SPIKES_REACH: Final = 1.26


def ellipse(x: float, y: float, rx: float, ry: float) -> Points:
    """Return 24 points of an ellipse."""
    return _CIRCLE * (rx, ry) + (x, y)


def smooth(points: Sequence[tuple[float, float]], steps: int = 4) -> Points:
    """Return a closed Catmull–Rom curve through the points."""
    p1 = np.asarray(points, dtype=float)
    p0, p2, p3 = np.roll(p1, 1, 0), np.roll(p1, -1, 0), np.roll(p1, -2, 0)
    t = np.arange(steps)[:, None, None] / steps
    curve = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    return np.asarray(curve.transpose(1, 0, 2).reshape(-1, 2))


_ROUND_FACE: Final[Points] = smooth(_FACE)
_LOWER: Final = _ROUND_FACE[:, 1] > 0
_UNDER_HAIR: Final = _ROUND_FACE[:, 1] >= _HAIRLINE


def face_outline(figure: Figure) -> Points:
    """Return the outline of the face down to the chin, with the figure's jaw width and turn."""
    points = _ROUND_FACE.copy()
    points[_LOWER, 0] *= 1 + (figure.jaw - 1) * points[_LOWER, 1]
    points[:, 0] += figure.turn * 0.14 * np.clip(points[:, 1] + 0.3, 0, 1.2)
    return points


def hair_cap(figure: Figure) -> Points:
    """Return the outline of the hair over the skull."""
    return ellipse(0, -0.1, 1.1 * figure.volume, 1.08 * figure.volume)


@lru_cache(maxsize=64)
def _spike_top() -> Points:
    angles = np.linspace(math.pi * 1.02, math.pi * 1.98, 9)
    return np.stack((np.cos(angles), np.sin(angles)), axis=1) * _SPIKES_REACH + (0, -0.1)


def head_outline(figure: Figure) -> Points:
    """Return the points of face and hair, without hanging hair, cat ears and hats."""
    parts = [face_outline(figure), hair_cap(figure)]
    if figure.hair == "spiky":
        parts.append(_spike_top() * figure.volume)
    return np.concatenate(parts)


def placed(figure: Figure, points: Points) -> Points:
    """Convert points from the head's coordinates to widths of the picture."""
    cos, sin = math.cos(figure.tilt), math.sin(figure.tilt)
    turn: Points = np.array(((cos, sin), (-sin, cos))) * figure.r
    return np.asarray(figure.style.shaped(points) @ turn + (figure.x, figure.y))


def face_box(figure: Figure) -> RelativeBox:
    """Return the box from hairline to chin and from cheek to cheek, in widths of the picture."""
    outline = face_outline(figure)[_UNDER_HAIR]
    return _around(placed(figure, outline))


def head_box(figure: Figure) -> RelativeBox:
    """Return the box of the whole head with its hair, in widths of the picture."""
    return _around(placed(figure, head_outline(figure)))


def _around(points: Points) -> RelativeBox:
    x0, y0 = points.min(axis=0).tolist()
    x1, y1 = points.max(axis=0).tolist()
    return RelativeBox(x0, y0, x1, y1)
