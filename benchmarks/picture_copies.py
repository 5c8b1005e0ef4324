"""Kinds of copies of a picture, as sites and people make them: each a function of the picture and of chance.

They are written apart from `lap_assets.training.copies`, so that an embedder is not judged by what it was trained on.
"""

import io
import random
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw, ImageEnhance, ImageFont, ImageOps

from lap_assets.replica.seeds import generator

Copying = Callable[[Image.Image, random.Random], Image.Image]

_TITLES: Final = ("Winter of the Fox", "LAST TRAIN HOME", "Kaze no Uta", "Seven Lanterns II")
_EXCHANGED: Final = ((2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1))
_LIGHT: Final = (0.7, 1.35)
_CONTRAST: Final = (0.6, 1.5)
_FRAMES: Final = ("black", "white", "#283c78")


def _rescaled(picture: Image.Image, _: random.Random) -> Image.Image:
    size = (max(24, picture.width * 2 // 5), max(24, picture.height * 2 // 5))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _jpeg(quality: int) -> Copying:
    def copy(picture: Image.Image, _: random.Random) -> Image.Image:
        body = io.BytesIO()
        picture.save(body, "JPEG", quality=quality)
        return Image.open(body).convert("RGB")

    return copy


def _cropped(share: float) -> Copying:
    """Crop this share of the width and the height at each edge."""

    def copy(picture: Image.Image, _: random.Random) -> Image.Image:
        x, y = round(picture.width * share), round(picture.height * share)
        return picture.crop((x, y, picture.width - x, picture.height - y))

    return copy


def _mirrored(picture: Image.Image, _: random.Random) -> Image.Image:
    return ImageOps.mirror(picture)


def _framed(picture: Image.Image, chance: random.Random) -> Image.Image:
    return ImageOps.expand(picture, border=round(min(picture.size) * 0.06), fill=chance.choice(_FRAMES))


def _titled(picture: Image.Image, chance: random.Random) -> Image.Image:
    copy, height = picture.copy(), round(picture.height * 0.16)
    top = picture.height - height if chance.random() < 0.6 else 0
    bar = tuple(chance.randrange(256) for _ in range(3))
    pen = ImageDraw.Draw(copy)
    pen.rectangle((0, top, picture.width, top + height), fill=bar)
    font = ImageFont.load_default(max(10, height // 2))
    pen.text((picture.width * 0.05, top + height * 0.2), chance.choice(_TITLES), font=font, fill=_contrast(bar))
    return copy


def _contrast(color: tuple[int, ...]) -> str:
    return "black" if sum(color) > 380 else "white"


def _with_logo(picture: Image.Image, chance: random.Random) -> Image.Image:
    copy, radius = picture.copy(), min(picture.size) * 0.09
    x = chance.uniform(radius, picture.width - radius)
    y = chance.choice((radius * 1.2, picture.height - radius * 1.2))
    box = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(copy).ellipse(box, fill="#dc1e28", outline="white", width=3)
    return copy


def _brightened(picture: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(chance.choice(_LIGHT))


def _of_other_contrast(picture: Image.Image, chance: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(chance.choice(_CONTRAST))


def _gray(picture: Image.Image, _: random.Random) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _with_exchanged_bands(picture: Image.Image, chance: random.Random) -> Image.Image:
    bands = picture.split()
    return Image.merge("RGB", [bands[index] for index in chance.choice(_EXCHANGED)])


def _of_other_hue(picture: Image.Image, chance: random.Random) -> Image.Image:
    hue, saturation, value = picture.convert("HSV").split()
    shift = chance.randrange(20, 236)
    shifted = hue.point(lambda level: (level + shift) % 256)
    return Image.merge("HSV", (shifted, saturation, value)).convert("RGB")


KINDS: Final[dict[str, Copying]] = {
    "rescaled": _rescaled,
    "JPEG 30": _jpeg(30),
    "JPEG 10": _jpeg(10),
    "brightened": _brightened,
    "other contrast": _of_other_contrast,
    "gray": _gray,
    "cropped 5 %": _cropped(0.05),
    "cropped 10 %": _cropped(0.10),
    "cropped 15 %": _cropped(0.15),
    "mirrored": _mirrored,
    "framed": _framed,
    "titled": _titled,
    "with a logo": _with_logo,
    "exchanged bands": _with_exchanged_bands,
    "shifted hue": _of_other_hue,
}


def copies_of(picture: Image.Image, name: str) -> list[Image.Image]:
    """Return one copy of each of `KINDS`, in their order; chance depends on the picture's name alone."""
    return [copy(picture, generator("copy", name, kind)) for kind, copy in KINDS.items()]
