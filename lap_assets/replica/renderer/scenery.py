"""Backdrops of places: sky, city, forest, space, a room.

Painting them with a pen in widths of the picture belongs here.
"""

import random

import numpy as np
from PIL import Image

from lap_assets.replica.renderer.palette import Palette, Rgb, darker, hsv, lighter, mix
from lap_assets.replica.renderer.patterns import aspect_of, grown
from lap_assets.replica.renderer.pen import Pen


def _fade(pen: Pen, *colors: Rgb) -> None:
    """Paint a gradient through the colors from top to bottom."""
    column = Image.fromarray(np.array(colors, dtype=np.uint8)[:, None, :])
    column = column.resize((1, pen.image.height), Image.Resampling.BICUBIC)
    pen.image.paste(column.resize(pen.image.size, Image.Resampling.NEAREST))


def _hills(pen: Pen, y: float, rough: float, color: Rgb, chance: random.Random) -> None:
    points = [(k / 8, y + chance.uniform(-rough, rough)) for k in range(9)]
    pen.shape([*points, (1.1, 3), (-0.1, 3)], color)


def sky(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint day, dusk or night over hills, a field or the sea."""
    high = aspect_of(pen)
    hue = chance.choice((0.55, 0.58, 0.62, 0.05, 0.93, 0.75))
    top, low = (
        hsv(hue, chance.uniform(0.3, 0.85), chance.uniform(0.25, 0.95)),
        hsv(hue + 0.08, 0.25, chance.uniform(0.6, 1)),
    )
    _fade(pen, top, low, low)
    if chance.random() < 0.6:
        r = chance.uniform(0.06, 0.22)
        pen.oval(chance.random(), high * chance.uniform(0.05, 0.4), r, r, lighter(palette.light, 0.6))
    for _ in range(chance.randint(0, 6)):
        x, y, r = chance.random(), high * chance.uniform(0.02, 0.5), chance.uniform(0.05, 0.14)
        for k in range(-2, 3):
            size = r * (1 - 0.25 * abs(k)) * chance.uniform(0.8, 1.1)
            pen.oval(x + k * r * 0.9, y, size, size * 0.7, lighter(low, 0.7))
    horizon = high * chance.uniform(0.4, 0.9)
    ground = chance.choice((hsv(0.3, 0.5, 0.55), hsv(0.56, 0.6, 0.6), palette.main, palette.dark, hsv(0.1, 0.4, 0.8)))
    _hills(pen, horizon, chance.choice((0.0, 0.06, 0.15)), mix(ground, low, 0.35), chance)
    _hills(pen, horizon + chance.uniform(0.1, 0.3), chance.choice((0.0, 0.08)), ground, chance)


def city(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint towers with lit windows."""
    high = aspect_of(pen)
    night = chance.random() < 0.6
    top, low = (palette.dark, palette.main) if night else (palette.light, palette.second)
    _fade(pen, top, low, lighter(low))
    for depth in (0.55, 0.3, 0.0):
        color = mix(darker(palette.dark if night else palette.second, 0.2), low, depth)
        x = -0.05
        while x < 1:
            wide = chance.uniform(0.1, 0.26)
            roof = high * (chance.uniform(0.2, 0.75) + 0.15 * (0.5 - depth))
            pen.shape([(x, roof), (x + wide, roof), (x + wide, high), (x, high)], color)
            if depth < 0.5:
                _windows(pen, (x, roof, wide, high), palette.accent if night else lighter(color), chance)
            x += wide + chance.uniform(0, 0.08)


def _windows(pen: Pen, tower: tuple[float, float, float, float], color: Rgb, chance: random.Random) -> None:
    x, roof, wide, high = tower
    step = max(wide / chance.choice((3, 4)), 0.04)
    for row in range(1, min(12, int((high - roof) / step))):
        for column in range(int(wide / step)):
            if chance.random() < 0.45:
                u, v = x + (column + 0.3) * step, roof + row * step
                x0, y0, x1, y1 = pen.px([(u, v), (u + step * 0.45, v + step * 0.5)])
                pen.draw.rectangle((x0, y0, x1, y1), fill=color)


def forest(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint trunks or firs, darker towards the front."""
    high = aspect_of(pen)
    far = chance.choice((palette.light, palette.second, hsv(0.28, 0.4, 0.8)))
    near = darker(chance.choice((palette.dark, hsv(0.35, 0.6, 0.25), hsv(0.07, 0.5, 0.25))), 0.1)
    _fade(pen, lighter(far), far, mix(far, near, 0.5))
    firs = chance.random() < 0.5
    for depth in (0.65, 0.35, 0.0):
        color = mix(near, far, depth)
        for _ in range(chance.randint(3, 7)):
            x, r = chance.random(), chance.uniform(0.02, 0.07) * (1.4 - depth)
            if firs:
                top = high * chance.uniform(0.1, 0.7)
                pen.shape([(x, top), (x + 4 * r, high), (x - 4 * r, high)], color)
            else:
                pen.shape([(x - r, 0), (x + r, 0), (x + 1.4 * r, high), (x - 1.4 * r, high)], color)
    _hills(pen, high * chance.uniform(0.75, 0.98), 0.04, near, chance)


def space(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint stars, mist and up to three planets."""
    high = aspect_of(pen)
    rng = np.random.default_rng(chance.getrandbits(32))
    weight = rng.random((6, 4, 1)) ** 2
    grown(pen, np.array(darker(palette.dark, 0.5)) * (1 - weight) + np.array(palette.main) * weight)
    for _ in range(chance.randint(30, 90)):
        x0, y0, _, _ = pen.px([(chance.random(), high * chance.random())] * 2)
        size = chance.choice((1, 1, 2, 3)) * pen.unit / 700
        pen.draw.rectangle((x0, y0, x0 + size, y0 + size), fill=(250, 248, 235))
    for _ in range(chance.randint(0, 3)):
        x, y, r = chance.random(), high * chance.random(), chance.uniform(0.08, 0.4)
        color = chance.choice((palette.second, palette.accent, palette.light))
        pen.oval(x, y, r, r, darker(color, 0.35))
        pen.oval(x - r * 0.12, y - r * 0.12, r * 0.85, r * 0.85, color)


def room(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Paint a wall with windows or shelves, and a floor."""
    high = aspect_of(pen)
    wall, floor = chance.sample(palette.all, 2)
    pen.image.paste(wall, (0, 0, *pen.image.size))
    skirting = high * chance.uniform(0.55, 0.9)
    pen.shape([(0, skirting), (1, skirting), (1, high), (0, high)], floor)
    number = chance.choice((1, 2, 3))
    pane = chance.choice((palette.light, palette.dark, palette.accent))
    top, low = high * chance.uniform(0.05, 0.2), high * chance.uniform(0.4, 0.55)
    for k in range(number):
        x0, x1 = (k + 0.12) / number, (k + 0.88) / number
        pen.shape([(x0, top), (x1, top), (x1, low), (x0, low)], pane)
        for x in (x0, (x0 + x1) / 2, x1):
            pen.line([(x, top), (x, low)], darker(wall, 0.4), 0.015)
        for y in (top, (top + low) / 2, low):
            pen.line([(x0, y), (x1, y)], darker(wall, 0.4), 0.015)
