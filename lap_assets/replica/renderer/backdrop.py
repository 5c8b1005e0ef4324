"""Backdrops: what lies behind the figures, and the light on it.

Belongs here: choosing a backdrop and lighting it. The backdrops themselves are in `patterns` and `scenery`.
"""

import random
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image, ImageChops

from lap_assets.replica.recipes import Size
from lap_assets.replica.renderer import patterns, scenery
from lap_assets.replica.renderer.palette import Palette, Rgb
from lap_assets.replica.renderer.pen import Pen

Paint = Callable[[Pen, Palette, random.Random], None]

# Those without slanting edges are painted at the final size; the others twice as large and halved, for smooth edges.
_LEVEL: Final[tuple[tuple[Paint, int], ...]] = (
    (patterns.gradient, 8),
    (patterns.clouds_of_colour, 12),
    (patterns.tiles, 6),
    (patterns.plain, 5),
    (scenery.city, 9),
    (scenery.room, 7),
)
_SLANTING: Final[tuple[tuple[Paint, int], ...]] = (
    (patterns.rays, 9),
    (patterns.stripes, 8),
    (patterns.panels, 14),
    (patterns.dots, 6),
    (patterns.discs, 10),
    (scenery.sky, 9),
    (scenery.forest, 7),
    (scenery.space, 6),
)
_ALL: Final = (*_LEVEL, *_SLANTING)


def backdrop(size: Size, palette: Palette, chance: random.Random) -> Image.Image:
    """Return a lit backdrop of that size in px."""
    place = chance.choices(range(len(_ALL)), [weight for _, weight in _ALL])[0]
    finer = 1 if place < len(_LEVEL) else 2
    image = Image.new("RGB", (size[0] * finer, size[1] * finer))
    _ALL[place][0](Pen(image, image.width), palette, chance)
    if finer > 1:
        image = image.reduce(finer)
    image = ImageChops.multiply(image, _patches(image.size, palette.dark, chance, chance.uniform(0.4, 0.85), 255))
    if chance.random() < 0.65:
        image = ImageChops.screen(image, _patches(image.size, palette.light, chance, chance.uniform(0.3, 0.7), 0))
    return image


def _patches(size: Size, colour: Rgb, chance: random.Random, most: float, ground: int) -> Image.Image:
    """Broad patches of a colour, of uneven strength up to `most`, on a grey ground of that level."""
    wide, high = chance.choice(((3, 4), (3, 5), (4, 4), (4, 6), (5, 7)))
    rng = np.random.default_rng(chance.getrandbits(32))
    # This distribution gives patches that are either there or not, rather than an even grey all over.
    strength = rng.beta(0.45, 0.55, (high, wide)) * most * 255
    mask = Image.fromarray(strength.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    tables = [np.linspace(ground, band, 256).astype(int).tolist() for band in colour]
    return Image.merge("RGB", [mask.point(table) for table in tables])
