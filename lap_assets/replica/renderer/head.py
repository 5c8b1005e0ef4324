"""Heads: skin, eyes, nose, mouth, blush. Hair is in `hair`. Shapes are in radii of the head, y down."""

import numpy as np

from lap_assets.replica.renderer import hair
from lap_assets.replica.renderer.anatomy import ellipse, face_outline
from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import INK, WHITE, Rgb, darker, lighter, mix
from lap_assets.replica.renderer.pen import Pen

_EYE_Y = 0.27
_DETAIL = 9.0  # px of a head's radius from which eyes have whites and lights


def draw_head(pen: Pen, figure: Figure) -> None:
    """The head over its body, with the hair that falls in front."""
    on = pen.on_head(figure)
    ink = mix(darker(figure.skin, 0.55), INK, 0.35)
    if not figure.from_behind:
        for side in (-1, 1):
            on.inked(ellipse(side * 0.95 + figure.turn * 0.05, 0.2, 0.16, 0.24), figure.skin, ink)
        on.inked(face_outline(figure), figure.skin, ink)
        _shadow_of_hair(on, figure)
        _features(on, figure, ink)
    hair.draw_front(on, figure)
    if figure.extra == "glasses" and not figure.from_behind:
        _glasses(on, figure)
    hair.draw_extra(on, figure)


def _shadow_of_hair(pen: Pen, figure: Figure) -> None:
    x = figure.turn * 0.12
    pen.shape(
        [(-0.9, -0.5), (-0.88, 0.02), (-0.4 + x, -0.04), (x, 0.05), (0.4 + x, -0.04), (0.88, 0.02), (0.9, -0.5)],
        darker(figure.skin, 0.14),
    )


def _features(pen: Pen, figure: Figure, ink: Rgb) -> None:
    shift = figure.turn * 0.24
    if figure.blush:
        pink = mix(figure.skin, (240, 110, 110), 0.34)
        for side in (-1, 1):
            pen.oval(side * 0.55 + shift, 0.56, 0.17, 0.09, pink)
    for side in (-1, 1):
        # The eye on the far side of a turned head looks narrower.
        narrow = 1 - 0.35 * max(0.0, figure.turn * side)
        closed = figure.eyes == "closed" or (figure.eyes == "wink" and side == 1)
        draw = _closed_eye if closed else _open_eye
        draw(pen, figure, side * 0.43 + shift, narrow)
        brow = [(-0.22, 0.05), (0.0, -0.02), (0.2, 0.03)]
        lift = 0.06 if figure.mouth == "frown" else 0.0
        points = [(side * (x * narrow) + side * 0.43 + shift, y - 0.14 - lift * x * 4) for x, y in brow]
        pen.line(points, darker(figure.hair_colour, 0.45), 0.05)
    pen.line([(shift * 1.3, 0.55), (shift * 1.3 + 0.03, 0.6)], darker(figure.skin, 0.4), 0.04)
    _mouth(pen, figure, shift, ink)


def _open_eye(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    wide = 0.235 * narrow * figure.eye_size
    high = (0.15 if figure.eyes == "narrow" else 0.27) * figure.eye_size
    iris_wide, iris_high = wide * 0.74, high * 0.94
    look = figure.turn * 0.05
    if pen.unit >= _DETAIL:
        pen.oval(x, _EYE_Y, wide, high, WHITE)
    pen.oval(x + look, _EYE_Y + 0.02, iris_wide, iris_high, darker(figure.eye_colour, 0.55))
    if pen.unit >= _DETAIL:
        pen.oval(x + look, _EYE_Y + iris_high * 0.36, iris_wide * 0.8, iris_high * 0.6, figure.eye_colour)
        pen.oval(
            x + look, _EYE_Y + iris_high * 0.62, iris_wide * 0.5, iris_high * 0.28, lighter(figure.eye_colour, 0.45)
        )
        pen.oval(x + look, _EYE_Y + 0.03, iris_wide * 0.42, iris_high * 0.48, INK)
        pen.oval(
            x + look - iris_wide * 0.36, _EYE_Y - iris_high * 0.4, iris_wide * 0.3, iris_high * 0.24, (255, 255, 255)
        )
    arc = np.linspace(np.pi * 1.03, np.pi * 1.97, 9)
    outer = [(x + float(np.cos(a)) * wide * 1.12, _EYE_Y + float(np.sin(a)) * high * 1.14) for a in arc]
    inner = [(x + float(np.cos(a)) * wide * 0.98, _EYE_Y + float(np.sin(a)) * high * 0.82) for a in arc[::-1]]
    pen.shape([*outer, *inner], INK)


def _closed_eye(pen: Pen, figure: Figure, x: float, narrow: float) -> None:
    bend = 0.1 if figure.mouth in ("smile", "grin", "open") else -0.08
    wide = 0.24 * narrow * figure.eye_size
    points = [(x + wide * k, _EYE_Y + 0.06 - bend * (1 - k * k)) for k in (-1, -0.6, -0.2, 0.2, 0.6, 1)]
    pen.line(points, INK, 0.07)


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
        ring = ellipse(side * 0.43 + shift, _EYE_Y + 0.02, 0.33, 0.3)
        pen.line([*ring, ring[0]], figure.trim if sum(figure.trim) < 500 else INK, 0.05)
    pen.line([(-0.1 + shift, _EYE_Y), (0.1 + shift, _EYE_Y)], INK, 0.05)
