"""Hair behind the head, hair over the face, and headwear.

Drawing hair and hats belongs here. Shapes are in radii of the head, y down.
"""

import random
from collections.abc import Callable
from typing import Final

import numpy as np

from lap_assets.replica.renderer.anatomy import Points, ellipse, hair_cap, smooth
from lap_assets.replica.renderer.figures import Extra, Figure
from lap_assets.replica.renderer.palette import INK, Rgb, darker, lighter, mix
from lap_assets.replica.renderer.pen import Pen

_Curve = list[tuple[float, float]]


def draw_back(pen: Pen, figure: Figure) -> None:
    """Draw the hair behind body and face."""
    chance = random.Random(figure.seed)  # noqa: S311
    color, ink = darker(figure.hair_color, 0.18), _ink(figure)
    if figure.hair == "long":
        length, spread = chance.uniform(2.2, 4.6), chance.uniform(1.1, 1.7)
        pen.inked(_fall(length, spread, chance), color, ink)
    elif figure.hair == "bob":
        length = chance.uniform(0.95, 1.35)
        pen.inked(
            smooth([(-1.1, -0.3), (-1.25, 0.5), (-1.0, length), (1.0, length), (1.25, 0.5), (1.1, -0.3)]), color, ink
        )
    elif figure.hair in ("twintails", "ponytail"):
        sides = (-1, 1) if figure.hair == "twintails" else (chance.choice((-1, 1)),)
        for side in sides:
            pen.inked(_tail(side, chance), color, ink)
    elif figure.hair == "curly":
        for x, y in ellipse(0, 0.05, 1.05, 1.0)[::2]:
            pen.oval(x, y, 0.42, 0.42, color)
    if figure.hair == "spiky":
        pen.inked(_spikes(figure, chance), figure.hair_color, ink)
    else:
        pen.inked(hair_cap(figure), color, ink)


def _fall(length: float, spread: float, chance: random.Random) -> Points:
    tips = [(spread * (1 - k / 3), length + chance.uniform(-0.5, 0.3)) for k in range(7)]
    return smooth([(-1.1, -0.4), (-1.2, 0.8), *[(-x, y) for x, y in tips], (1.2, 0.8), (1.1, -0.4)], 3)


def _tail(side: int, chance: random.Random) -> Points:
    length, out = chance.uniform(1.8, 3.8), chance.uniform(1.5, 2.3)
    curve = [
        (0.75, -0.85),
        (out * 0.9, -0.8),
        (out * 1.12, 0.4),
        (out, length),
        (out * 0.72, length * 0.5),
        (0.95, 0.0),
    ]
    return smooth([(side * x, y) for x, y in curve])


def _spikes(figure: Figure, chance: random.Random) -> _Curve:
    points = []
    number = chance.choice((11, 13, 15))
    for k in range(2 * number):
        angle = np.pi * (0.86 + 1.28 * k / (2 * number - 1))
        reach = (chance.uniform(1.14, 1.27) if k % 2 else chance.uniform(0.92, 1.0)) * figure.volume
        points.append((float(np.cos(angle)) * reach, float(np.sin(angle)) * reach - 0.1))
    return points


def draw_front(pen: Pen, figure: Figure) -> None:
    """Draw the hair over the forehead, with its gloss."""
    chance = random.Random(figure.seed + 1)  # noqa: S311
    volume = figure.volume
    angles = np.linspace(np.pi * 1.0, np.pi * 2.0, 13)
    top = [(float(np.cos(a)) * 1.1 * volume, float(np.sin(a)) * 1.08 * volume - 0.1) for a in angles]
    if figure.from_behind:
        pen.inked(hair_cap(figure), figure.hair_color, _ink(figure))
        _gloss(pen, figure)
        return
    pen.inked([*top, *_edge(figure, chance)], figure.hair_color, _ink(figure), 0.035)
    _gloss(pen, figure)


def _edge(figure: Figure, chance: random.Random) -> _Curve:
    """Return the lower edge of the front hair from the right temple to the left one."""
    lock = chance.uniform(0.35, 1.05)
    shift = figure.turn * 0.16
    right = [(1.06, 0.1), (0.98 + shift * 0.3, lock), (0.8 + shift * 0.5, 0.05)]
    left = [(-x, y) for x, y in reversed([(1.06, 0.1), (0.98 - shift * 0.3, lock), (0.8 - shift * 0.5, 0.05)])]
    return right + _fringe(figure, shift, chance) + left


def _fringe(figure: Figure, shift: float, chance: random.Random) -> _Curve:
    if figure.bangs == "straight":
        return [(0.74 + shift, -0.12), (0.25 + shift, -0.06), (-0.25 + shift, -0.06), (-0.74 + shift, -0.12)]
    if figure.bangs == "parted":
        part = chance.uniform(-0.3, 0.3) + shift
        return [
            (0.72 + shift, -0.02),
            (0.42 + shift, -0.34),
            (part, -0.82),
            (-0.42 + shift, -0.34),
            (-0.72 + shift, -0.02),
        ]
    if figure.bangs == "swept":
        side = chance.choice((-1, 1))
        curve = [(0.72, -0.5), (0.45, -0.62), (0.1, -0.42), (-0.25, -0.2), (-0.55, 0.06), (-0.7, 0.16)]
        curve = [(side * x + shift, y) for x, y in curve]
        return curve if side > 0 else curve[::-1]
    number = chance.choice((3, 4, 5))
    points = []
    for k in range(2 * number + 1):
        x = 0.74 - 1.48 * k / (2 * number)
        points.append((x + shift, chance.uniform(-0.06, 0.12) if k % 2 else chance.uniform(-0.5, -0.36)))
    return points


def _gloss(pen: Pen, figure: Figure) -> None:
    if pen.unit < 14 or figure.style.shading in ("flat", "hatched"):
        return
    bright = lighter(figure.hair_color, 0.38)
    x = np.linspace(-0.72, 0.72, 9)
    upper = [(float(v), -0.80 + 0.26 * float(v) ** 2) for v in x]
    lower = [(float(v), -0.66 + 0.30 * float(v) ** 2 + (0.07 if k % 2 else -0.03)) for k, v in enumerate(x)]
    pen.shape([*upper, *lower[::-1]], mix(figure.hair_color, bright, 0.75))


def draw_extra(pen: Pen, figure: Figure) -> None:
    """Draw buns, ribbons, ears, hats and other extras over the hair."""
    if figure.hair == "buns":
        for side in (-1, 1):
            pen.inked(ellipse(side * 0.85, -0.95, 0.4, 0.4), figure.hair_color, _ink(figure))
    draw = _EXTRAS.get(figure.extra)
    if draw is not None:
        draw(pen, figure, _ink(figure))


def _ribbon(pen: Pen, figure: Figure, ink: Rgb) -> None:
    for side in (-1, 1):
        pen.inked([(0.1, -1.05), (0.1 + side * 0.55, -1.4), (0.1 + side * 0.5, -0.8)], figure.trim, ink)
    pen.oval(0.1, -1.05, 0.13, 0.13, darker(figure.trim))


def _cat_ears(pen: Pen, figure: Figure, ink: Rgb) -> None:
    for side in (-1, 1):
        pen.inked([(side * 0.35, -1.0), (side * 0.85, -1.62), (side * 1.0, -0.68)], figure.hair_color, ink)
        pen.shape([(side * 0.5, -1.02), (side * 0.81, -1.42), (side * 0.89, -0.86)], (238, 170, 170))


def _horns(pen: Pen, _figure: Figure, ink: Rgb) -> None:
    for side in (-1, 1):
        pen.inked([(side * 0.4, -0.95), (side * 0.95, -1.55), (side * 0.72, -0.8)], (214, 204, 190), ink)


def _flower(pen: Pen, figure: Figure, _ink: Rgb) -> None:
    for x, y in ellipse(0.72, -0.62, 0.2, 0.2)[::5]:
        pen.oval(x, y, 0.16, 0.16, figure.trim)
    pen.oval(0.72, -0.62, 0.1, 0.1, (250, 224, 120))


def _hairband(pen: Pen, figure: Figure, _ink: Rgb) -> None:
    pen.line([(x / 4, -0.98 + 0.5 * (x / 4) ** 2) for x in range(-4, 5)], figure.trim, 0.14)


def _beret(pen: Pen, figure: Figure, ink: Rgb) -> None:
    shape = [(-1.1, -0.72), (-0.75, -1.3), (0.3, -1.42), (1.2, -1.05), (1.02, -0.72), (0.0, -0.86)]
    pen.inked(smooth(shape), figure.trim, ink)


def _witch_hat(pen: Pen, figure: Figure, ink: Rgb) -> None:
    pen.inked([(-0.8, -0.85), (0.25, -2.5), (0.85, -0.85)], figure.cloth, ink)
    pen.inked(ellipse(0, -0.82, 1.6, 0.24), darker(figure.cloth, 0.15), ink)


_EXTRAS: Final[dict[Extra, Callable[[Pen, Figure, Rgb], None]]] = {
    "ribbon": _ribbon,
    "cat ears": _cat_ears,
    "horns": _horns,
    "flower": _flower,
    "hairband": _hairband,
    "beret": _beret,
    "witch hat": _witch_hat,
}


def _ink(figure: Figure) -> Rgb:
    return mix(darker(figure.hair_color, 0.6), INK, 0.4)
