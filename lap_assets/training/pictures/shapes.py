"""Things: outlines of many kinds, filled with textures or shaded colors, and placed on a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from lap_assets.training.pictures.textures import Colors, Pixels, Rng

Points = NDArray[np.float64]  # (n, 2), about -1 … 1


@dataclass(frozen=True, slots=True)
class Spot:
    """Position of a thing: center and half its size in px of the picture, and rotation in radians."""

    x: float
    y: float
    size: float
    turn: float


def spot(rng: Rng, side: int, least: float, most: float) -> Spot:
    """Return a random spot; half sizes range from `least` to `most` of the side, with small ones more frequent."""
    size = side * least * (most / least) ** rng.random()
    x, y = rng.uniform(-0.05, 1.05, 2) * side
    return Spot(float(x), float(y), float(size), float(rng.random() * 2 * np.pi))


def outline(rng: Rng) -> Points:
    """Return a closed outline: polygon, ellipse, star, blob or petal."""
    kind = rng.integers(6)
    if kind == 0:
        number = int(rng.integers(3, 8))
        turns = np.sort(rng.random(number)) * 2 * np.pi
        return _round(turns, rng.uniform(0.4, 1, number))
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    if kind == 1:
        return _round(turns, np.ones(48)) * (1, rng.uniform(0.25, 1))
    if kind == 2:
        number = int(rng.integers(4, 10))
        spikes = np.where(np.arange(2 * number) % 2 == 0, 1.0, rng.uniform(0.25, 0.75))
        return _round(np.linspace(0, 2 * np.pi, 2 * number, endpoint=False), spikes)
    if kind == 3:
        box = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1)), dtype=float) * (1, rng.uniform(0.15, 1))
        return box + rng.normal(0, 0.1, (4, 2)) * (rng.random() < 0.5)
    radius = np.ones(48)
    for order in range(2, 7):
        radius += rng.normal(0, 0.55 / order) * np.cos(order * turns + rng.random() * 6)
    return _round(turns, np.clip(radius, 0.15, 1.8) / 1.4) * (1, rng.uniform(0.4, 1))


def _round(turns: Points, radius: Points) -> Points:
    return np.stack((np.cos(turns), np.sin(turns)), axis=1) * radius[:, None]


def placed(points: Points, at: Spot) -> list[tuple[float, float]]:
    """Return the points at the spot, in px."""
    cos, sin = np.cos(at.turn), np.sin(at.turn)
    moved = points @ np.array(((cos, sin), (-sin, cos))) * at.size + (at.x, at.y)
    return [(float(x), float(y)) for x, y in moved]


def ink(color: NDArray[np.float64]) -> tuple[int, int, int]:
    """Return a color of 0 … 1 as integers 0–255."""
    red, green, blue = (np.clip(color, 0, 1) * 255).astype(int).tolist()
    return red, green, blue


def put(picture: Image.Image, polygon: list[tuple[float, float]], fill: Image.Image, rng: Rng) -> None:
    """Paste `fill` (as large as `picture`) inside the polygon, with a hard or soft edge, maybe a shadow or line."""
    mask = Image.new("L", picture.size, 0)
    ImageDraw.Draw(mask).polygon(polygon, fill=int(rng.choice([255, 255, 255, 180, 120])))
    if rng.random() < 0.12:
        mask = mask.filter(ImageFilter.GaussianBlur(float(rng.uniform(1, 12))))
    if rng.random() < 0.15:
        shadow = mask.filter(ImageFilter.GaussianBlur(5)).point(lambda value: value * 0.5)
        picture.paste((0, 0, 0), (int(rng.integers(2, 9)), int(rng.integers(2, 9))), shadow)
    picture.paste(fill, (0, 0), mask)
    if rng.random() < 0.35:
        dark = ink(rng.random(3) * 0.25)
        ImageDraw.Draw(picture).line([*polygon, polygon[0]], fill=dark, width=int(rng.integers(1, 5)))


def filling(rng: Rng, bank: list[Pixels], colors: Colors, side: int) -> Image.Image:
    """Return a filling: a plain or shaded color, or a piece of the bank's textures in other colors."""
    if rng.random() < 0.4:
        one, other = colors[rng.integers(0, len(colors), 2)]
        if rng.random() < 0.5:
            return Image.new("RGB", (side, side), ink(one))
        ends = np.array([[ink(one), ink(other)]] if rng.random() < 0.5 else [[ink(one)], [ink(other)]], dtype=np.uint8)
        return Image.fromarray(ends).resize((side, side), Image.Resampling.BILINEAR)
    return piece(rng, bank, side)


def piece(rng: Rng, bank: list[Pixels], side: int) -> Image.Image:
    """Return a part of one of the bank's textures, mirrored, rotated, with mixed bands."""
    source = Image.fromarray(bank[rng.integers(len(bank))])
    wide = source.width * rng.uniform(0.25, 1)
    x, y = rng.uniform(0, source.width - wide, 2)
    part = source.resize((side, side), Image.Resampling.BILINEAR, box=(x, y, x + wide, y + wide))
    turned = rng.integers(8)
    if turned < 7:
        part = part.transpose(Image.Transpose(int(turned)))
    if rng.random() < 0.6:
        mix = np.eye(3) * rng.uniform(0.4, 1) + rng.normal(0, 0.3, (3, 3))
        lift = 255 * (0.5 - mix.sum(axis=1) * 0.5 + rng.normal(0, 0.15, 3))
        part = part.convert("RGB", tuple(np.column_stack((mix, lift)).ravel().tolist()))
    return part


def strokes(picture: Image.Image, rng: Rng, colors: Colors) -> None:
    """Draw some curved lines in one style."""
    pen = ImageDraw.Draw(picture)
    side = picture.width
    width = int(rng.integers(1, 9))
    for _ in range(rng.integers(1, 12)):
        color = ink(colors[rng.integers(len(colors))])
        at = rng.uniform(0, side, 2)
        heading, bend = rng.random() * 2 * np.pi, rng.normal(0, 0.25)
        line = [tuple(at)]
        for _ in range(rng.integers(4, 20)):
            heading += bend + rng.normal(0, 0.1)
            at = at + np.array((np.cos(heading), np.sin(heading))) * side * 0.045
            line.append(tuple(at))
        pen.line(line, fill=color, width=width, joint="curve")
