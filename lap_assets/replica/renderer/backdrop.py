"""Backdrops behind the figures, and their lighting.

Choosing and lighting a backdrop belongs here. The backdrops are in `patterns` and `scenery`.
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

# Backdrops without slanting edges are painted at the final size; the others twice as large, then halved, for smooth
# edges.
_LEVEL: Final[tuple[tuple[Paint, int], ...]] = (
    (patterns.gradient, 8),
    (patterns.clouds_of_color, 12),
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
    """Return a lit backdrop of `size` px."""
    index = chance.choices(range(len(_ALL)), [weight for _, weight in _ALL])[0]
    finer = 1 if index < len(_LEVEL) else 2
    image = Image.new("RGB", (size[0] * finer, size[1] * finer))
    _ALL[index][0](Pen(image, image.width), palette, chance)
    if finer > 1:
        image = image.reduce(finer)
    image = ImageChops.multiply(image, _patches(image.size, palette.dark, chance, chance.uniform(0.4, 0.85), 255))
    if chance.random() < 0.65:
        image = ImageChops.screen(image, _patches(image.size, palette.light, chance, chance.uniform(0.3, 0.7), 0))
    return image


def _patches(size: Size, color: Rgb, chance: random.Random, most: float, ground: int) -> Image.Image:
    """Return broad patches of a color, with varying strength up to `most`, on a gray background of level `ground`."""
    wide, high = chance.choice(((3, 4), (3, 5), (4, 4), (4, 6), (5, 7)))
    rng = np.random.default_rng(chance.getrandbits(32))
    # This distribution yields distinct patches rather than an even gray.
    strength = rng.beta(0.45, 0.55, (high, wide)) * most * 255
    mask = Image.fromarray(strength.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    tables = [np.linspace(ground, band, 256).astype(int).tolist() for band in color]
    return Image.merge("RGB", [mask.point(table) for table in tables])
