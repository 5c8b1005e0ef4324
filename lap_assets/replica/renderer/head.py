"""Heads: skin, nose, mouth, blush. Eyes, shading and hair have their own files. Shapes are in radii, y down."""

import numpy as np

from lap_assets.replica.renderer import hair, shading
from lap_assets.replica.renderer.anatomy import ellipse, face_outline
from lap_assets.replica.renderer.eyes import closed_eye, open_eye
from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import INK, WHITE, Rgb, darker, mix
from lap_assets.replica.renderer.pen import Pen


def draw_head(pen: Pen, figure: Figure) -> None:
    """Draw the head over its body, with the front hair."""
    on = pen.on_head(figure)
    ink = mix(darker(figure.skin, 0.55), INK, 0.35)
    if not figure.from_behind:
        for side in (-1, 1):
            on.inked(ellipse(side * 0.95 + figure.turn * 0.05, 0.2, 0.16, 0.24), figure.skin, ink)
        on.inked(face_outline(figure), figure.skin, ink)
        shading.shade_face(on, figure)
        _features(on, figure, ink)
    hair.draw_front(on, figure)
    if figure.extra == "glasses" and not figure.from_behind:
        _glasses(on, figure)
    hair.draw_extra(on, figure)


def _features(pen: Pen, figure: Figure, ink: Rgb) -> None:
    style, shift = figure.style, figure.turn * 0.24
    if figure.blush:
        pink = mix(figure.skin, (240, 110, 110), 0.34)
        for side in (-1, 1):
            pen.oval(side * 0.55 + shift, 0.56, 0.17, 0.09, pink)
    for side in (-1, 1):
        # The eye on the far side of a turned head looks narrower.
        narrow = 1 - 0.35 * max(0.0, figure.turn * side)
        closed = figure.eyes == "closed" or (figure.eyes == "wink" and side == 1)
        draw = closed_eye if closed else open_eye
        draw(pen, figure, side * style.eyes_apart + shift, narrow)
        brow = [(-0.22, 0.05), (0.0, -0.02), (0.2, 0.03)]
        lift = 0.06 if figure.mouth == "frown" else 0.0
        points = [
            (side * (x * narrow) + side * style.eyes_apart + shift, y + style.eye_y - 0.41 - lift * x * 4)
            for x, y in brow
        ]
        pen.line(points, darker(figure.hair_color, 0.45), 0.05)
    if style.nose:
        pen.oval(shift * 1.5, 0.62 - style.nose / 2, style.nose * 0.6, style.nose * 0.7, darker(figure.skin, 0.22))
    else:
        pen.line([(shift * 1.3, 0.55), (shift * 1.3 + 0.03, 0.6)], darker(figure.skin, 0.4), 0.04)
    _mouth(pen, figure, shift, ink)


def _mouth(pen: Pen, figure: Figure, shift: float, ink: Rgb) -> None:
    x, y = shift * 1.15, 0.8
    k = np.linspace(-1, 1, 7)
    if figure.mouth == "open":
        pen.inked([(x + 0.2 * float(v), y + 0.19 * (1 - float(v) ** 2) - 0.04) for v in k], (150, 48, 58), ink, 0.03)
        pen.oval(x, y + 0.09, 0.09, 0.045, (232, 120, 120))
    elif figure.mouth == "grin":
        pen.inked([(x + 0.24 * float(v), y + 0.13 * (1 - float(v) ** 2) - 0.04) for v in k], WHITE, ink, 0.03)
    elif figure.mouth == "small":
        pen.oval(x, y, 0.055, 0.05, (168, 70, 72))
    else:
        bend = 0.08 if figure.mouth == "smile" else -0.06
        pen.line([(x + 0.19 * float(v), y + bend * (1 - float(v) ** 2)) for v in k], ink, 0.04)


def _glasses(pen: Pen, figure: Figure) -> None:
    shift = figure.turn * 0.24
    for side in (-1, 1):
        ring = ellipse(side * figure.style.eyes_apart + shift, figure.style.eye_y + 0.02, 0.33, 0.3)
        pen.line([*ring, ring[0]], figure.trim if sum(figure.trim) < 500 else INK, 0.05)
    y = figure.style.eye_y
    pen.line([(-0.1 + shift, y), (0.1 + shift, y)], INK, 0.05)
