"""Bodies: neck, clothes, arms and legs. Shapes are in radii of the head, y down from the head's center."""

import random

from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import INK, Rgb, darker, lighter, luma, mix
from lap_assets.replica.renderer.pen import Pen

_Points = list[tuple[float, float]]


def draw_body(pen: Pen, figure: Figure) -> None:
    """Draw the body below the head, down to the edge of the picture."""
    on = pen.on_body(figure)
    chance = random.Random(figure.seed + 2)  # noqa: S311
    ink = mix(darker(figure.cloth, 0.6), INK, 0.5)
    broad = chance.uniform(1.15, 1.5)
    skirt = figure.outfit in ("sailor", "dress") or chance.random() < 0.3
    lower = darker(figure.cloth, 0.2) if figure.outfit != "dress" else figure.cloth
    if figure.y + 4.6 * figure.r < pen.image.height / pen.unit:
        _legs(on, figure, skirt, lower, ink)
    for side in (-1, 1):
        _arm(on, figure, (side * broad * 0.9, 1.95), ink, chance)
    on.inked([(-0.3, 0.8), (-0.34, 1.7), (0.34, 1.7), (0.3, 0.8)], darker(figure.skin, 0.2), ink)
    torso = [(-0.35, 1.38), (-broad, 1.72), (-broad * 0.92, 2.6), (-0.78, 3.9), (-0.95, 4.8)]
    on.inked([*torso, *[(-x, y) for x, y in reversed(torso)]], figure.cloth, ink)
    on.shape(
        [(0.3, 1.5), (broad * 0.98, 1.74), (broad * 0.9, 2.6), (0.78, 3.9), (0.93, 4.75), (0.35, 4.75)],
        darker(figure.cloth, 0.16),
    )
    _front(on, figure, broad, ink)


def _legs(pen: Pen, figure: Figure, skirt: bool, lower: Rgb, ink: Rgb) -> None:
    shoe = darker(figure.trim, 0.4)
    for side in (-1, 1):
        leg = [
            (side * 0.12, 4.6),
            (side * 0.95, 4.6),
            (side * 0.78, 7.2),
            (side * 0.62, 9.8),
            (side * 0.2, 9.8),
            (side * 0.16, 7),
        ]
        pen.inked(leg, figure.skin if skirt else lower, ink)
        pen.inked([(side * 0.14, 9.6), (side * 0.66, 9.6), (side * 0.95, 10.2), (side * 0.1, 10.2)], shoe, ink)
    if skirt:
        pen.inked([(-0.95, 4.5), (-1.75, 6.5), (-0.6, 6.75), (0.6, 6.75), (1.75, 6.5), (0.95, 4.5)], lower, ink)
        for x in (-0.9, -0.3, 0.3, 0.9):
            pen.line([(x * 0.7, 4.8), (x * 1.1, 6.6)], darker(lower, 0.3), 0.05)


def _arm(pen: Pen, figure: Figure, shoulder: tuple[float, float], ink: Rgb, chance: random.Random) -> None:
    elbow_x, elbow_y, hand_x, hand_y = chance.choice(
        (
            (1.75, 3.4, 1.55, 5.0),  # hanging
            (2.1, 3.2, 1.0, 3.9),  # on the hip
            (2.4, 2.2, 2.5, 0.5),  # raised
            (1.6, 3.3, 0.3, 3.0),  # in front of the chest
            (2.5, 2.6, 3.6, 2.2),  # stretched out
        )
    )
    wide = 0.3
    side = 1 if shoulder[0] > 0 else -1
    elbow, hand = (side * elbow_x, elbow_y), (side * hand_x, hand_y)
    pen.oval(hand[0], hand[1], 0.27, 0.27, figure.skin)
    for start, end, color in ((elbow, hand, mix(figure.cloth, figure.trim, 0.2)), (shoulder, elbow, figure.cloth)):
        pen.line([start, end], ink, 2 * wide + 0.09)
        pen.line([start, end], color, 2 * wide)
    pen.oval(elbow[0], elbow[1], wide, wide, figure.cloth)
    pen.oval(shoulder[0], shoulder[1], wide * 1.1, wide * 1.1, figure.cloth)


def _front(pen: Pen, figure: Figure, broad: float, ink: Rgb) -> None:
    trim = figure.trim if abs(luma(figure.trim) - luma(figure.cloth)) > 40 else lighter(darker(figure.cloth, 0.5), 0.1)
    collar: _Points
    if figure.outfit == "sailor":
        collar = [
            (-0.45, 1.4),
            (-broad * 0.85, 1.8),
            (-0.62, 2.5),
            (0, 2.75),
            (0.62, 2.5),
            (broad * 0.85, 1.8),
            (0.45, 1.4),
            (0, 2.1),
        ]
        pen.inked(collar, trim, ink)
        pen.inked([(0, 2.5), (-0.5, 3.2), (0, 2.95), (0.5, 3.2)], (206, 52, 62), ink)
    elif figure.outfit == "jacket":
        pen.shape([(-0.4, 1.42), (0, 3.2), (0.4, 1.42)], (244, 242, 238))
        pen.shape([(-0.12, 1.7), (0, 3.0), (0.12, 1.7)], trim)
        pen.line([(0, 3.2), (0, 4.8)], ink, 0.06)
    elif figure.outfit == "shirt":
        pen.shape([(-0.42, 1.4), (0, 1.9), (0.42, 1.4)], figure.skin)
        pen.line([(-0.42, 1.4), (0, 1.9), (0.42, 1.4)], trim, 0.12)
        pen.shape([(-0.5, 2.5), (0.5, 2.5), (0.4, 3.2), (-0.4, 3.2)], trim)
    elif figure.outfit == "dress":
        pen.shape([(-0.62, 1.5), (-0.5, 2.15), (0.5, 2.15), (0.62, 1.5)], figure.skin)
        pen.line([(-0.8, 3.8), (0.8, 3.8)], trim, 0.22)
    elif figure.outfit == "armour":
        for side in (-1, 1):
            pen.oval(side * broad * 0.95, 1.9, 0.52, 0.42, trim)
        pen.inked([(-0.7, 1.9), (0.7, 1.9), (0.45, 3.3), (0, 3.6), (-0.45, 3.3)], lighter(trim, 0.2), ink)
    else:
        pen.line([(-0.55, 1.4), (0.35, 3.6)], trim, 0.2)
        pen.line([(0.55, 1.4), (-0.3, 3.4)], trim, 0.2)
        pen.shape([(-0.9, 3.5), (0.9, 3.5), (0.9, 4.3), (-0.9, 4.3)], trim)
