"""Abstract backdrops: gradients, rays, stripes, panels, dots, discs, tiles, petals.

Painting them with a pen in widths of the picture belongs here.
"""

import math
import random

import numpy as np
from PIL import Image

from lap_assets.replica.renderer.anatomy import ellipse
from lap_assets.replica.renderer.palette import Palette, darker, lighter, mix
from lap_assets.replica.renderer.pen import Pen


def aspect_of(pen: Pen) -> float:
    """Return the height of the canvas divided by its width."""
    return pen.image.height / pen.image.width


def grown(pen: Pen, small: np.ndarray) -> None:
    """Fill the canvas with a small array of colors (h, w, 3), smoothly enlarged."""
    image = Image.fromarray(np.clip(small, 0, 255).astype(np.uint8))
    pen.image.paste(image.resize(pen.image.size, Image.Resampling.BICUBIC))


def gradient(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint a gradient of two to four colors at any angle."""
    stops = np.array(chance.sample(palette.all, chance.randint(2, 4)), dtype=float)
    angle = chance.uniform(0, 2 * math.pi)
    y, x = np.mgrid[0:12, 0:9]
    along = (x / 8 - 0.5) * math.cos(angle) + (y / 11 - 0.5) * math.sin(angle)
    along = (along - along.min()) / (along.max() - along.min()) * (len(stops) - 1)
    grown(pen, np.stack([np.interp(along, range(len(stops)), stops[:, band]) for band in range(3)], axis=-1))


def clouds_of_color(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint broad patches of the palette's colors."""
    wide, high = chance.choice(((3, 4), (4, 5), (4, 7), (6, 8)))
    rng = np.random.default_rng(chance.getrandbits(32))
    grown(pen, np.array(palette.all)[rng.integers(0, 5, (high, wide))])


def rays(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint rays from one point."""
    one, other = chance.sample(palette.all, 2)
    pen.image.paste(one, (0, 0, *pen.image.size))
    x, y = chance.uniform(0.1, 0.9), aspect_of(pen) * chance.uniform(0.1, 0.9)
    number = chance.randint(5, 18)
    start = chance.random()
    for k in range(number):
        near, far = (2 * math.pi * (k + start + side) / number for side in (0, chance.uniform(0.35, 0.6)))
        pen.shape([(x, y), *[(x + 3 * math.cos(a), y + 3 * math.sin(a)) for a in (near, far)]], other)
    if chance.random() < 0.5:
        r = chance.uniform(0.1, 0.3)
        pen.oval(x, y, r, r, chance.choice(palette.all))


def stripes(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint parallel bands of varying width."""
    angle = chance.choice((0, math.pi / 2, chance.uniform(0, math.pi)))
    across, along = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    middle = aspect_of(pen) / 2
    pen.image.paste(palette.main, (0, 0, *pen.image.size))
    at = -1.2
    while at < 1.2:
        wide = chance.uniform(0.03, 0.4)
        color = chance.choice(palette.all)
        corners = ((at, -2), (at + wide, -2), (at + wide, 2), (at, 2))
        pen.shape(
            [(0.5 + u * across[0] + v * along[0], middle + u * across[1] + v * along[1]) for u, v in corners], color
        )
        at += wide + chance.uniform(0, 0.15)


def panels(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint a few large slanted fields."""
    high = aspect_of(pen)
    pen.image.paste(chance.choice(palette.all), (0, 0, *pen.image.size))
    for _ in range(chance.randint(2, 5)):
        x, y = chance.random(), high * chance.random()
        angle = chance.uniform(0, 2 * math.pi)
        spread = chance.uniform(0.5, 1.3)
        ends = [(x + 3 * math.cos(a), y + 3 * math.sin(a)) for a in (angle - spread, angle, angle + spread)]
        pen.shape([(x, y), *ends], chance.choice(palette.all))


def dots(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint a halftone: dots that grow towards one side."""
    one, other = chance.sample(palette.all, 2)
    pen.image.paste(one, (0, 0, *pen.image.size))
    step = chance.uniform(0.06, 0.13)
    direction = chance.choice((-1, 1))
    rows = round(aspect_of(pen) / step) + 2
    for row in range(rows):
        part = row / rows if direction > 0 else 1 - row / rows
        r = step * (0.1 + 0.62 * part)
        for column in range(round(1 / step) + 2):
            pen.oval((column + row % 2 / 2) * step, row * step, r, r, other)


def discs(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint large discs and rings on a plain background."""
    pen.image.paste(chance.choice(palette.all), (0, 0, *pen.image.size))
    for _ in range(chance.randint(1, 5)):
        x, y, r = chance.random(), aspect_of(pen) * chance.random(), chance.uniform(0.15, 0.6)
        color = chance.choice(palette.all)
        pen.oval(x, y, r, r, color)
        for ring in range(chance.choice((0, 0, 1, 3))):
            inner = r * (0.85 - 0.2 * ring)
            pen.oval(x, y, inner, inner, mix(color, chance.choice(palette.all), 0.7))


def tiles(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint a coarse grid of fields, as on a cover composed of many pictures."""
    wide = chance.choice((2, 3, 4, 5))
    high = max(1, round(wide * aspect_of(pen)))
    rng = np.random.default_rng(chance.getrandbits(32))
    colors = np.array(palette.all, dtype=np.uint8)[rng.integers(0, 5, (high, wide))]
    pen.image.paste(Image.fromarray(colors).resize(pen.image.size, Image.Resampling.NEAREST))


def plain(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint one color, usually a light one, with a frame."""
    ground = chance.choice((palette.light, palette.light, palette.main, palette.dark))
    pen.image.paste(ground, (0, 0, *pen.image.size))
    edge, high = chance.uniform(0.02, 0.08), aspect_of(pen)
    frame = [(edge, edge), (1 - edge, edge), (1 - edge, high - edge), (edge, high - edge), (edge, edge)]
    pen.line(frame, chance.choice((palette.accent, darker(ground))), chance.uniform(0.006, 0.03))


def emblem(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint overlapping slanted cards, discs and stars, for a poster without figures."""
    high = aspect_of(pen)
    for _ in range(chance.randint(3, 6)):
        x, y, r = chance.uniform(0.05, 0.95), high * chance.uniform(0.05, 0.95), chance.uniform(0.08, 0.32)
        color, start = chance.choice(palette.all), chance.uniform(0, math.pi)
        corners = chance.choice((3, 4, 4, 5, 6, 24))
        inner = chance.choice((1.0, 1.0, 0.5)) if corners > 4 else 1.0
        for size, fill in ((1.0, darker(color, 0.5)), (0.92, color)):
            angles = [start + math.pi * k / corners for k in range(2 * corners)]
            reach = [size * r * (inner if k % 2 and inner < 1 else 1.0) for k in range(2 * corners)]
            points = [(x + q * math.cos(a), y + q * math.sin(a)) for a, q in zip(angles, reach, strict=True)]
            pen.shape(points if inner < 1 else points[::2], fill)


def petals(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint petals or sparks in front of everything."""
    color = lighter(chance.choice((palette.accent, palette.light)), 0.4)
    for _ in range(chance.randint(6, 26)):
        x, y, r = chance.random(), aspect_of(pen) * chance.random(), chance.uniform(0.006, 0.018)
        pen.shape(ellipse(x, y, r, r * chance.uniform(0.4, 1))[::3], color)
