"""The pictures for both sides: posters of the replica and patterns, in many shapes, modes and file formats."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.recipes import PosterRecipe
from lap_assets.replica.renderer.picture import jpeg_of
from tests.parity.reference import SAMPLE

_POSTERS: Final = ((225, 318), (425, 600), (350, 500), (700, 1000), (1500, 2100))
_PATTERNS: Final = (
    (1000, 50), (1200, 33), (640, 90), (50, 1000), (33, 1200), (90, 640),  # wide, tall
    (3, 2), (2, 9), (7, 5), (64, 64),  # tiny; on 1×1 all positions have equal scores, and their order is arbitrary
    (3000, 900), (1333, 300), (512, 512), (608, 200), (1216, 400),  # huge, exactly a network's size, exactly twice
)  # fmt: skip
_QUICK: Final = ("poster-225x318.jpg", SAMPLE, "pattern-7x5.png", "clear-120x170.png")


def write_pictures(folder: Path, quick: bool) -> list[Path]:
    """Write the pictures into the folder; `quick`: only a few small ones."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, picture in _pictures():
        if not quick or name in _QUICK:
            written.append(folder / name)
            if isinstance(picture, bytes):
                written[-1].write_bytes(picture)
            else:
                picture.save(written[-1])
    return written


def _pictures() -> Iterator[tuple[str, bytes | Image.Image]]:
    for number, size in enumerate(_POSTERS):
        yield f"poster-{size[0]}x{size[1]}.jpg", _poster(number, size)
    for number, size in enumerate(_PATTERNS):
        yield f"pattern-{size[0]}x{size[1]}.png", Image.fromarray(_pattern(number, *size))
    small = Image.open(BytesIO(_poster(20, (120, 170)))).convert("RGB")
    yield "gray-120x170.png", small.convert("L")
    yield "clear-120x170.png", _partly_clear(small)
    yield "turned-225x318.jpg", _poster(21, (225, 318), orientation=6)


def _poster(number: int, size: tuple[int, int], orientation: int = 1) -> bytes:
    key = PosterKey("mal", number + 1, number + 1)
    return jpeg_of(PosterRecipe(key, key, None, (), 77 + number, size, (), size, 88, 2.0, orientation))


def _pattern(number: int, wide: int, high: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return ramps, rings and noise."""
    chance = np.random.default_rng(number)
    y, x = np.mgrid[:high, :wide].astype(float)
    rings = 127 * (1 + np.sin(np.hypot(x - wide / 3, y - high / 2) / (3 + number)))
    layers = np.stack((x * 255 / max(wide - 1, 1), rings, (x + 2 * y) % 256), axis=-1)
    return (layers + chance.normal(0, 12, layers.shape)).clip(0, 255).astype(np.uint8)


def _partly_clear(picture: Image.Image) -> Image.Image:
    """Return the picture with alpha 0 or 255, so that compositing on white does not round; in specks, since in a plain
    area all positions have equal scores.
    """
    alpha = np.random.default_rng(0).random((picture.height, picture.width)) > 0.3
    clear = picture.copy()
    clear.putalpha(Image.fromarray((255 * alpha).astype(np.uint8)))
    return clear
