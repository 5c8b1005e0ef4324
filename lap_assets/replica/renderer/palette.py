"""Colors of one poster: a matching palette, and the colors of figures.

Choosing and mixing colors belongs here. Nothing is drawn here.
"""

import random
from colorsys import hsv_to_rgb
from dataclasses import dataclass
from typing import Final

Rgb = tuple[int, int, int]

WHITE: Final[Rgb] = (250, 249, 246)
INK: Final[Rgb] = (28, 22, 34)
_SKINS: Final[tuple[Rgb, ...]] = (
    (255, 232, 214),
    (253, 222, 199),
    (250, 214, 186),
    (243, 200, 168),
    (222, 172, 134),
    (178, 122, 86),
    (122, 80, 58),
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Five colors: `dark` and `light` are the ends of the scale; `main`, `second` and `accent` are in between."""

    dark: Rgb
    light: Rgb
    main: Rgb
    second: Rgb
    accent: Rgb

    @property
    def all(self) -> tuple[Rgb, ...]:
        """All five colors."""
        return (self.dark, self.light, self.main, self.second, self.accent)


def hsv(hue: float, saturation: float, value: float) -> Rgb:
    """Return a color from hue (turns), saturation and value (0–1)."""
    red, green, blue = hsv_to_rgb(hue % 1, min(max(saturation, 0), 1), min(max(value, 0), 1))
    return round(red * 255), round(green * 255), round(blue * 255)


def mix(one: Rgb, other: Rgb, part: float) -> Rgb:
    """Return `one` mixed with the share `part` of `other`."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(color: Rgb, part: float = 0.25) -> Rgb:
    """Return the color in shadow, mixed with a cold dark tone."""
    return mix(color, (30, 16, 48), part)


def lighter(color: Rgb, part: float = 0.35) -> Rgb:
    """Return the color in light, mixed with a warm white."""
    return mix(color, (255, 252, 244), part)


def faded(color: Rgb, part: float) -> Rgb:
    """Return the color with its saturation reduced to the share `part`."""
    gray = round(luma(color))
    return mix((gray, gray, gray), color, part)


def luma(color: Rgb) -> float:
    """Return the perceived brightness of the color, 0–255."""
    return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]


def palette_of(chance: random.Random) -> Palette:
    """Return five colors around one, two or three hues, from pastel to neon."""
    hue = chance.random()
    apart = chance.choice((0.06, 0.12, 0.33, 0.42, 0.5))
    vivid = chance.choice((0.15, 0.35, 0.55, 0.8, 0.95))
    return Palette(
        dark=hsv(hue + chance.uniform(-0.1, 0.1), min(vivid + 0.2, 1), chance.uniform(0.06, 0.28)),
        light=hsv(hue + chance.uniform(-0.1, 0.1), vivid * chance.uniform(0.05, 0.35), chance.uniform(0.9, 1.0)),
        main=hsv(hue, vivid, chance.uniform(0.45, 0.95)),
        second=hsv(hue + apart, vivid * chance.uniform(0.6, 1), chance.uniform(0.35, 1.0)),
        accent=hsv(hue - apart, min(vivid + 0.3, 1), chance.uniform(0.6, 1.0)),
    )


def skin(chance: random.Random) -> Rgb:
    """Return a skin color; one in sixty is that of a fantasy creature."""
    if chance.random() < 1 / 60:
        return hsv(chance.random(), 0.3, 0.85)
    return chance.choices(_SKINS, (20, 22, 18, 12, 6, 3, 2))[0]


def hair_color(chance: random.Random) -> Rgb:
    """Return a hair color: black, brown, blond, gray, or any hue."""
    kind = chance.random()
    if kind < 0.24:
        return hsv(chance.uniform(0.55, 0.75), chance.uniform(0.1, 0.45), chance.uniform(0.12, 0.28))
    if kind < 0.42:
        return hsv(chance.uniform(0.02, 0.09), chance.uniform(0.45, 0.7), chance.uniform(0.3, 0.58))
    if kind < 0.58:
        return hsv(chance.uniform(0.1, 0.15), chance.uniform(0.35, 0.65), chance.uniform(0.82, 0.98))
    if kind < 0.68:
        return hsv(chance.random(), chance.uniform(0.02, 0.1), chance.uniform(0.72, 0.97))
    return hsv(chance.random(), chance.uniform(0.4, 0.8), chance.uniform(0.5, 0.95))
