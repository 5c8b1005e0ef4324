"""Titles, small print and logos.

Drawing text belongs here. Latin letters use Pillow's built-in font; other titles are strokes that look like characters
of an unknown script.
"""

import random
from functools import lru_cache

from PIL import ImageDraw, ImageFont

from lap_assets.replica import titles
from lap_assets.replica.renderer.palette import INK, WHITE, Palette, Rgb, darker, lighter, luma
from lap_assets.replica.renderer.pen import Pen
from lap_assets.replica.renderer.scene import PLACES, Place, Scene, title_place

_MEASURE = 64  # px
_Font = ImageFont.FreeTypeFont


@lru_cache(maxsize=256)
def font(size: int) -> _Font:
    """Return Pillow's built-in font, cached because each size loads it again."""
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)  # noqa: S101  # Pillow is built with FreeType
    return found


def _rounded(size: float) -> int:
    return max(6, round(size) if size < 48 else round(size / 2) * 2)


def _legible(text: str) -> str:
    """Return the text without characters that the font lacks."""
    return text.replace("☆", " ").replace("½", " 1/2")


def draw_title(pen: Pen, scene: Scene, seed: int) -> None:
    """Draw the title for `seed` where it covers faces least, and sometimes small print."""
    chance = random.Random(seed)  # noqa: S311
    place = title_place(scene, chance)
    box, unit, high = PLACES[place], pen.unit, pen.image.height
    area = (box.x0 * unit, box.y0 * high, box.x1 * unit, box.y1 * high)
    color, edge = _colors(scene.palette, chance)
    if chance.random() < 0.28:
        _bar(pen, place, area, edge, chance)
    if place in ("left", "right"):
        _characters(pen.draw, area, color, edge, chance, down=True)
    elif chance.random() < 0.35:
        _characters(pen.draw, area, color, edge, chance, down=False)
    else:
        _words(pen.draw, area, color, edge, chance)
    if chance.random() < 0.35:
        _small_print(pen, scene.palette, chance)


def _colors(palette: Palette, chance: random.Random) -> tuple[Rgb, Rgb]:
    color = chance.choice((WHITE, palette.accent, palette.light, INK, (212, 40, 52), (246, 206, 66)))
    return color, (darker(palette.dark, 0.3) if luma(color) > 120 else lighter(palette.light, 0.5))


def _bar(pen: Pen, place: Place, area: tuple[float, float, float, float], color: Rgb, chance: random.Random) -> None:
    x0, y0, x1, y1 = area
    wide, high = pen.image.size
    if place in ("left", "right"):
        pen.draw.rectangle((x0 - wide * 0.02, 0, x1 + wide * 0.02, high), fill=color)
    else:
        slant = wide * chance.choice((0, 0, 0.04))
        pad = (y1 - y0) * 0.12
        pen.draw.polygon([0, y0 - pad + slant, wide, y0 - pad, wide, y1 + pad, 0, y1 + pad + slant], fill=color)


def _words(
    draw: ImageDraw.ImageDraw, area: tuple[float, float, float, float], color: Rgb, edge: Rgb, chance: random.Random
) -> None:
    """Draw the title in one line, or in two if one would be too small."""
    x0, y0, x1, y1 = area
    text = _legible(titles.romaji_title(chance))
    text = text.upper() if chance.random() < 0.6 else text
    words = text.split()
    split = (len(words) + 1) // 2
    lines = [text] if len(text) < 13 else [" ".join(words[:split]), " ".join(words[split:])]
    measure = font(_MEASURE)
    widest = max(measure.getlength(line) for line in lines)
    size = _rounded(min((x1 - x0) / widest * _MEASURE, (y1 - y0) / len(lines) * 0.86))
    face = font(size)
    align = chance.choice(("m", "m", "l", "r"))
    at = {"m": (x0 + x1) / 2, "l": x0, "r": x1}[align]
    for index, line in enumerate(lines):
        y = (y0 + y1) / 2 + (index - (len(lines) - 1) / 2) * size
        draw.text(
            (at, y), line, fill=color, font=face, anchor=f"{align}m", stroke_width=max(1, size // 14), stroke_fill=edge
        )


def _characters(
    draw: ImageDraw.ImageDraw,
    area: tuple[float, float, float, float],
    color: Rgb,
    edge: Rgb,
    chance: random.Random,
    *,
    down: bool,
) -> None:
    """Draw three to seven invented characters in a column or a row."""
    x0, y0, x1, y1 = area
    number = chance.randint(3, 7)
    long, short = ((y1 - y0), (x1 - x0)) if down else ((x1 - x0), (y1 - y0))
    cell = min(long / number, short)
    start = chance.uniform(0, long - cell * number)
    for k in range(number):
        along, aside = start + k * cell, (short - cell) / 2
        corner = (x0 + aside, y0 + along) if down else (x0 + along, y0 + aside)
        strokes = _strokes(corner, cell, chance)
        for ink, width in ((edge, cell * 0.19), (color, cell * 0.1)):
            for stroke in strokes:
                draw.line(stroke, fill=ink, width=max(1, round(width)))


def _strokes(corner: tuple[float, float], cell: float, chance: random.Random) -> list[list[tuple[float, float]]]:
    """Return strokes on a 5 × 5 grid: mostly horizontal and vertical, some slanting."""

    def at(column: float, row: float) -> tuple[float, float]:
        return corner[0] + cell * (0.12 + 0.19 * column), corner[1] + cell * (0.12 + 0.19 * row)

    strokes = []
    for _ in range(chance.randint(4, 7)):
        column, row = chance.randint(0, 3), chance.randint(0, 3)
        reach = chance.randint(1, 4)
        kind = chance.random()
        if kind < 0.42:
            strokes.append([at(min(column, 4 - reach), row), at(min(column, 4 - reach) + reach, row)])
        elif kind < 0.8:
            strokes.append([at(column, min(row, 4 - reach)), at(column, min(row, 4 - reach) + reach)])
        else:
            strokes.append([at(column, row), at(4 - column, 4)])
    return strokes


def _small_print(pen: Pen, palette: Palette, chance: random.Random) -> None:
    """Draw a line of credits at the lower edge."""
    wide, high = pen.image.size
    size = _rounded(wide * 0.026)
    color = palette.light if chance.random() < 0.6 else palette.dark
    text = _legible(f"{titles.romaji_title(chance)} - {chance.randint(1970, 2023)} - {titles.romaji_title(chance)}")
    pen.draw.text((wide / 2, high - size * 0.9), text, fill=color, font=font(size), anchor="mm")


def draw_logo(draw: ImageDraw.ImageDraw, size: tuple[int, int], seed: int) -> None:
    """Draw a round or square mark with two letters near a corner, as shops and magazines add."""
    chance = random.Random(seed)  # noqa: S311
    wide, high = size
    r = min(wide, high) * chance.uniform(0.05, 0.085)
    x = chance.choice((0.03 * wide + r, 0.97 * wide - r))
    y = chance.choice((0.03 * wide + r, high - 0.03 * wide - r))
    ground: Rgb = chance.choice(((214, 38, 46), (30, 92, 190), (250, 250, 250), (20, 20, 24), (246, 196, 40)))
    ink: Rgb = (255, 255, 255) if luma(ground) < 150 else (20, 20, 24)
    mark = draw.ellipse if chance.random() < 0.5 else draw.rectangle
    mark((x - r, y - r, x + r, y + r), fill=ground, outline=ink, width=max(1, round(r * 0.1)))
    letters = "".join(chance.choice("ABDEGKMNRSTVZ") for _ in range(2))
    draw.text((x, y), letters, fill=ink, font=font(_rounded(r)), anchor="mm")
