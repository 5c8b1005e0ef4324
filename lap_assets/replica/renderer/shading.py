"""Light and shadow on a face, by style. Shapes are in radii of the head, y down."""

import numpy as np

from lap_assets.replica.renderer.anatomy import face_outline
from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import INK, darker, lighter, mix
from lap_assets.replica.renderer.pen import Pen


def shade_face(pen: Pen, figure: Figure) -> None:
    """Draw the light and shadow on the skin, below the features."""
    shading = figure.style.shading
    if shading == "cel":
        _shadow_of_hair(pen, figure)
    elif shading == "hatched":
        _shadow_of_hair(pen, figure)
        _hatching(pen, figure)
    elif shading == "airbrush":
        _glow(pen, figure)


def _shadow_of_hair(pen: Pen, figure: Figure) -> None:
    x = figure.turn * 0.12
    pen.shape(
        [(-0.9, -0.5), (-0.88, 0.02), (-0.4 + x, -0.04), (x, 0.05), (0.4 + x, -0.04), (0.88, 0.02), (0.9, -0.5)],
        darker(figure.skin, 0.14),
    )


def _hatching(pen: Pen, figure: Figure) -> None:
    """Draw strokes down the side turned away from the light."""
    side = 1 if figure.turn < 0 else -1
    ink = mix(figure.skin, INK, 0.7)
    for k in np.linspace(0.1, 0.85, 7):
        start = (side * (0.86 - 0.5 * float(k) ** 2), 0.02 + 0.75 * float(k))
        pen.line([start, (start[0] - side * 0.26, start[1] + 0.18)], ink, 0.03)


def _glow(pen: Pen, figure: Figure) -> None:
    """Draw the face several times, each smaller and lighter."""
    outline, shift = face_outline(figure), figure.turn * 0.1
    for part in (0.9, 0.78, 0.64, 0.48):
        pen.shape(outline * part + (shift, 0.08), lighter(figure.skin, 0.5 * (1 - part)))
