"""Drawn covers with little structure: plain colors, logos, titles, gradients, text, small figures at night.

All covers are different pictures, and none is a copy of another. Each depends only on its number.
"""

import io
import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]
Draw = Callable[[random.Random, Image.Image, ImageDraw.ImageDraw], None]

_WORDS: Final = (
    "MOON", "GARDEN", "OF", "THE", "LAST", "RIVER", "SONG", "NIGHT", "STAR", "DRIVE", "HEAVY", "GIRL", "AND", "SEVEN",
    "BLUE", "WIND", "LETTER", "TO", "KNIGHT", "SKY", "TOWER", "ECHO", "SUMMER", "ZERO", "CROSS", "RAIN", "II", "OVA",
)  # fmt: skip


def cover(number: int, size: tuple[int, int] | None = None) -> Image.Image:
    """Draw the cover of that number, of the kind `kind_of(number)`."""
    chance = random.Random(f"flat cover {number}")
    width, height = size or chance.choice([(225, 318), (300, 424), (350, 500), (425, 600), (300, 300)])
    picture = Image.new("RGB", (width, height), _dark_or_light(chance))
    KINDS[kind_of(number)](chance, picture, ImageDraw.Draw(picture))
    return picture


def cover_jpeg(number: int, *, quality: int = 85) -> bytes:
    """Return the cover as a JPEG file."""
    held = io.BytesIO()
    cover(number).save(held, "JPEG", quality=quality)
    return held.getvalue()


def kind_of(number: int) -> str:
    """Return the kind of a cover; kinds alternate."""
    return list(KINDS)[number % len(KINDS)]


def _text(chance: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Draw a page of text, or a long title, on a plain background."""
    ink = _contrast(picture)
    size = chance.randint(picture.width // 18, picture.width // 8)
    y = chance.randint(picture.height // 12, picture.height // 3)
    for _ in range(chance.randint(2, 9)):
        line = " ".join(chance.choices(_WORDS, k=chance.randint(1, 3)))
        _title(draw, line, (picture.width // 2, y), size, ink)
        y += round(size * chance.uniform(1.2, 2))


def _logo(chance: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Draw a small mark near the middle of a white or plain background."""
    if chance.random() < 0.6:
        picture.paste((255, 255, 255), (0, 0, *picture.size))
    x, y = (round(side * chance.uniform(0.42, 0.58)) for side in picture.size)
    wide, high = (round(picture.width * chance.uniform(0.08, 0.25)) for _ in range(2))
    box = (x - wide, y - high, x + wide, y + high)
    color = _color(chance)
    shape = chance.randrange(4)
    if shape == 0:
        draw.ellipse(box, fill=color)
        draw.ellipse((x - wide // 2, y - high // 2, x + wide // 2, y + high // 2), fill=_color(chance))
    elif shape == 1:
        draw.rectangle(box, fill=color)
        _title(draw, chance.choice(_WORDS), (x, y), high, _contrast(Image.new("RGB", (1, 1), color)))
    elif shape == 2:
        points = [(x + chance.randint(-wide, wide), y + chance.randint(-high, high)) for _ in range(5)]
        draw.polygon(points, fill=color)
    else:
        _title(draw, chance.choice(_WORDS), (x, y), max(12, high), color)


def _solid(chance: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Draw one color, sometimes with a thin frame, a stripe or a line of text."""
    what = chance.randrange(4)
    if what == 0:
        picture.paste(_color(chance), (0, 0, *picture.size))
    elif what == 1:
        inset = chance.randint(4, 20)
        draw.rectangle(
            (inset, inset, picture.width - inset, picture.height - inset), outline=_contrast(picture), width=2
        )
    elif what == 2:
        top = round(picture.height * chance.uniform(0.1, 0.9))
        draw.rectangle((0, top, picture.width, top + chance.randint(3, 30)), fill=_color(chance))
    elif what == 3:
        at = (picture.width // 2, round(picture.height * chance.uniform(0.85, 0.95)))
        _title(draw, chance.choice(_WORDS), at, 12, _contrast(picture))


def _gradient_title(chance: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Draw a gradient with a title."""
    other = Image.new("RGB", picture.size, _color(chance))
    ramp = Image.linear_gradient("L").rotate(chance.choice([0, 0, 90, 180, 270]))
    if chance.random() < 0.3:
        ramp = Image.radial_gradient("L")
    picture.paste(other, mask=ramp.resize(picture.size))
    at = (picture.width // 2, round(picture.height * chance.uniform(0.15, 0.85)))
    title = " ".join(chance.choices(_WORDS, k=2))
    _title(draw, title, at, round(picture.width * chance.uniform(0.06, 0.12)), (250, 250, 250))


def _silhouette(chance: random.Random, picture: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    """Draw a small figure at night, sometimes below a moon."""
    picture.paste(tuple(chance.randint(2, 30) for _ in range(3)), (0, 0, *picture.size))
    tall = picture.height * chance.uniform(0.12, 0.3)
    x, foot = picture.width * chance.uniform(0.3, 0.7), picture.height * chance.uniform(0.75, 0.95)
    color = tuple(chance.randint(60, 130) for _ in range(3))
    head = tall * 0.14
    draw.ellipse((x - head, foot - tall, x + head, foot - tall + 2 * head), fill=color)
    lean = tall * chance.uniform(-0.12, 0.12)
    draw.polygon(
        [(x + lean, foot - tall + 2 * head), (x - tall * 0.16, foot), (x + tall * 0.16, foot)],
        fill=color,
    )
    if chance.random() < 0.6:
        moon = picture.width * chance.uniform(0.03, 0.1)
        mx, my = picture.width * chance.uniform(0.1, 0.9), picture.height * chance.uniform(0.08, 0.3)
        draw.ellipse((mx - moon, my - moon, mx + moon, my + moon), fill=(220, 215, 190))


KINDS: Final[dict[str, Draw]] = {
    "text": _text,
    "logo": _logo,
    "solid": _solid,
    "gradient_title": _gradient_title,
    "silhouette": _silhouette,
}


def _title(
    draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], size: int, color: Color | tuple[int, ...]
) -> None:
    draw.text(at, text, fill=tuple(color), font=ImageFont.load_default(size), anchor="mm")


def _color(chance: random.Random) -> Color:
    return (chance.randint(0, 255), chance.randint(0, 255), chance.randint(0, 255))


def _dark_or_light(chance: random.Random) -> Color:
    return chance.choice([(255, 255, 255), (0, 0, 0), _color(chance), _color(chance)])


def _contrast(picture: Image.Image) -> Color:
    red, green, blue = picture.convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    return (20, 20, 20) if 0.3 * red + 0.6 * green + 0.1 * blue > 120 else (240, 240, 240)
