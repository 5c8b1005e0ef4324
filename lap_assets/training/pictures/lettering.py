"""Words and marks on pictures: for pictures with a title, and for copies with another title."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lap_assets.training.pictures.shapes import ink
from lap_assets.training.pictures.textures import Rng

_LETTERS = "ABCDEFGHIJKLMNOPRSTUVWYZaeiourstnlkmd0123456789"
_Box = tuple[float, float, float, float]


@lru_cache(maxsize=128)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def write(picture: Image.Image, rng: Rng, box: _Box) -> None:
    """Draw a line of invented letters, or of strokes that look like characters, fitted into the box (px)."""
    x0, y0, x1, y1 = box
    color = ink(rng.random(3)) if rng.random() < 0.5 else ((255, 255, 255) if rng.random() < 0.6 else (10, 10, 10))
    edge = (10, 10, 10) if sum(color) > 380 else (250, 250, 250)
    high = max(5.0, y1 - y0)
    if rng.random() < 0.6:
        font = _font(max(6, int(high * 0.8)))
        number = max(2, int((x1 - x0) / (high * 0.5)))
        text = "".join(rng.choice(list(_LETTERS + " "), min(number, 24)))
        width = int(rng.choice([0, 1, 2]))
        ImageDraw.Draw(picture).text((x0, y0), text, fill=color, font=font, stroke_width=width, stroke_fill=edge)
    else:
        _characters(ImageDraw.Draw(picture), rng, box, color)


def _characters(pen: ImageDraw.ImageDraw, rng: Rng, box: _Box, color: tuple[int, int, int]) -> None:
    x0, y0, x1, y1 = box
    cell = max(4.0, min(y1 - y0, x1 - x0))
    down = (y1 - y0) > (x1 - x0)
    for k in range(int(max(y1 - y0, x1 - x0) // cell)):
        left, top = (x0, y0 + k * cell) if down else (x0 + k * cell, y0)
        for _ in range(rng.integers(3, 7)):
            ends = rng.integers(0, 5, 4) * cell * 0.2
            if rng.random() < 0.7:
                ends[rng.integers(2) + 2] = ends[rng.integers(2)]
            line = (left + ends[0], top + ends[1], left + ends[2], top + ends[3])
            pen.line(line, fill=color, width=max(1, int(cell * 0.1)))


def bar(picture: Image.Image, rng: Rng, share: float) -> None:
    """Draw a bar with a title near one edge; `share` of the picture's height (or width, if vertical)."""
    wide, high = picture.size
    pen = ImageDraw.Draw(picture)
    place = rng.choice(["bottom", "top", "left", "right", "low", "high"], p=[0.38, 0.28, 0.06, 0.06, 0.12, 0.1])
    thick = share * (wide if place in ("left", "right") else high)
    start = {
        "bottom": high - thick, "top": 0, "left": 0, "right": wide - thick,
        "low": high * 0.95 - thick, "high": high * 0.05,
    }[str(place)]  # fmt: skip
    if place in ("left", "right"):
        box = (start, 0.0, start + thick, float(high))
    else:
        box = (0.0, start, float(wide), start + thick)
    if rng.random() < 0.7:
        kind = rng.random()
        color = (0, 0, 0) if kind < 0.3 else (255, 255, 255) if kind < 0.5 else ink(rng.random(3))
        pen.rectangle(box, fill=color)
    inset = thick * 0.15
    write(picture, rng, (box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset))


def mark(picture: Image.Image, rng: Rng) -> None:
    """Draw a round or square mark anywhere, as shops, magazines and channels add."""
    side = min(picture.size)
    r = side * rng.uniform(0.04, 0.13)
    x, y = rng.uniform(r, picture.width - r), rng.uniform(r, picture.height - r)
    pen = ImageDraw.Draw(picture)
    shape = pen.ellipse if rng.random() < 0.5 else pen.rectangle
    shape((x - r, y - r * rng.uniform(0.5, 1), x + r, y + r), fill=ink(rng.random(3)))
    write(picture, rng, (x - r * 0.7, y - r * 0.4, x + r * 0.8, y + r * 0.4))


def inscription(picture: Image.Image, rng: Rng) -> None:
    """Draw one to four lines of words anywhere."""
    side = picture.width
    for _ in range(rng.integers(1, 5)):
        high = side * np.exp(rng.uniform(np.log(0.03), np.log(0.2)))
        x, y = rng.uniform(-0.05, 0.7) * side, rng.uniform(0, 0.92) * side
        if rng.random() < 0.15:
            write(picture, rng, (x, y * 0.5, x + high, y * 0.5 + high * 5))
        else:
            write(picture, rng, (x, y, x + side * rng.uniform(0.2, 0.8), y + high))
