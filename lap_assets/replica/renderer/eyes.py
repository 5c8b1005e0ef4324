"""Open and closed eyes in every style. Shapes are in radii of the head, y down."""

from collections.abc import Callable
from typing import Final

import numpy as np

from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import INK, WHITE, darker, lighter
from lap_assets.replica.renderer.pen import Pen
from lap_assets.replica.renderer.styles import EyeShape

_DETAIL: Final = 9.0  # px; heads with a smaller radius have eyes without whites and highlights


def open_eye(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    """Draw an open eye centered at `x`; `narrow`: its width relative to an eye seen from the front."""
    _SHAPES[figure.style.eyes](pen, figure, x, narrow)


def closed_eye(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    """Draw a closed eye as an arc."""
    bend = 0.1 if figure.mouth in ("smile", "grin", "open") else -0.08
    wide, y = 0.24 * narrow * _size(figure), figure.style.eye_y
    points = [(x + wide * k, y + 0.06 - bend * (1 - k * k)) for k in (-1, -0.6, -0.2, 0.2, 0.6, 1)]
    pen.line(points, INK, 0.07)


def _size(figure: Figure) -> float:
    return figure.eye_size * figure.style.eye_scale


def _glossy(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    y, size = figure.style.eye_y, _size(figure)
    wide = 0.235 * narrow * size
    high = (0.15 if figure.eyes == "narrow" else 0.27) * size
    iris_wide, iris_high = wide * 0.74, high * 0.94
    look = figure.turn * 0.05
    if pen.unit >= _DETAIL:
        pen.oval(x, y, wide, high, WHITE)
    pen.oval(x + look, y + 0.02, iris_wide, iris_high, darker(figure.eye_color, 0.55))
    if pen.unit >= _DETAIL:
        pen.oval(x + look, y + iris_high * 0.36, iris_wide * 0.8, iris_high * 0.6, figure.eye_color)
        pen.oval(x + look, y + iris_high * 0.62, iris_wide * 0.5, iris_high * 0.28, lighter(figure.eye_color, 0.45))
        pen.oval(x + look, y + 0.03, iris_wide * 0.42, iris_high * 0.48, INK)
        pen.oval(x + look - iris_wide * 0.36, y - iris_high * 0.4, iris_wide * 0.3, iris_high * 0.24, (255, 255, 255))
    arc = np.linspace(np.pi * 1.03, np.pi * 1.97, 9)
    outer = [(x + float(np.cos(a)) * wide * 1.12, y + float(np.sin(a)) * high * 1.14) for a in arc]
    inner = [(x + float(np.cos(a)) * wide * 0.98, y + float(np.sin(a)) * high * 0.82) for a in arc[::-1]]
    pen.shape([*outer, *inner], INK)


def _dots(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    """Draw a dark oval with one highlight, without white."""
    y, size = figure.style.eye_y, _size(figure)
    wide, high = 0.11 * narrow * size, (0.08 if figure.eyes == "narrow" else 0.17) * size
    pen.oval(x, y, wide, high, darker(figure.eye_color, 0.85))
    pen.oval(x - wide * 0.3, y - high * 0.45, wide * 0.4, high * 0.3, WHITE)


def _rings(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    """Draw a white ball with a small pupil, as in cartoons."""
    y, size = figure.style.eye_y, _size(figure)
    wide, high = 0.27 * narrow * size, (0.17 if figure.eyes == "narrow" else 0.3) * size
    pen.oval(x, y, wide * 1.14, high * 1.12, INK)
    pen.oval(x, y, wide, high, (255, 255, 255))
    look = figure.turn * 0.1
    pen.oval(x + look, y, wide * 0.36, min(wide, high) * 0.4, darker(figure.eye_color, 0.4))


def _slits(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    """Draw a long lid over half of a small iris."""
    y, size = figure.style.eye_y, _size(figure)
    wide, high = 0.27 * narrow * size, (0.05 if figure.eyes == "narrow" else 0.1) * size
    pen.shape([(x - wide, y), (x, y - high), (x + wide, y), (x, y + high)], WHITE)
    pen.oval(x + figure.turn * 0.06, y + high * 0.1, high * 0.9, high * 0.9, INK)
    pen.line([(x - wide * 1.1, y + 0.02), (x - wide * 0.4, y - high), (x + wide * 0.5, y - high), (x + wide, y)],
             INK, 0.07)  # fmt: skip
    pen.line([(x - wide * 0.5, y + high + 0.03), (x + wide * 0.5, y + high + 0.03)], INK, 0.03)


_SHAPES: Final[dict[EyeShape, Callable[[Pen, Figure, float, float], None]]] = {
    "glossy": _glossy,
    "dots": _dots,
    "rings": _rings,
    "slits": _slits,
}
