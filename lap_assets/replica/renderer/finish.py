"""From the drawn picture to the poster's bytes: crops, mirroring, tone, logo, grain, JPEG.

The edits of copies, and encoding, belong here.
"""

import random
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lap_assets.replica.recipes import WHOLE, Edit, RelativeBox
from lap_assets.replica.renderer.lettering import draw_logo

_TILE: Final = 512  # px; side of the repeated tile of grain
# EXIF orientation tells a viewer how to rotate the stored picture, so it is stored rotated the other way.
_LAID: Final = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
_SEPIA: Final = (0.39, 0.77, 0.19, 0.0, 0.35, 0.69, 0.17, 0.0, 0.27, 0.53, 0.13, 0.0)
_ORIENTATION_TAG: Final = 0x0112


def kept_window(edits: Sequence[Edit]) -> tuple[RelativeBox, bool]:
    """Return the window of the root's picture (fractions) that is left after crops, and whether it is mirrored."""
    window, mirrored = WHOLE, False
    for edit in edits:
        if edit.kind == "mirrored":
            mirrored = not mirrored
        elif edit.kind == "cropped":
            cut = edit.window
            x0, x1 = (1 - cut.x1, 1 - cut.x0) if mirrored else (cut.x0, cut.x1)
            wide, high = window.x1 - window.x0, window.y1 - window.y0
            window = RelativeBox(
                window.x0 + x0 * wide, window.y0 + cut.y0 * high, window.x0 + x1 * wide, window.y0 + cut.y1 * high
            )
    return window, mirrored


def toned(image: Image.Image, edits: Sequence[Edit]) -> Image.Image:
    """Return the picture after the edits of brightness, colors and logo, in order."""
    for edit in edits:
        chance = random.Random(edit.seed)  # noqa: S311
        if edit.kind == "brightened":
            image = _brightened(image, chance)
        elif edit.kind == "recoloured":
            image = _recoloured(image, chance)
        elif edit.kind == "logo":
            draw_logo(ImageDraw.Draw(image), image.size, edit.seed)
    return image


def _brightened(image: Image.Image, chance: random.Random) -> Image.Image:
    gamma = chance.choice((chance.uniform(0.68, 0.9), chance.uniform(1.1, 1.3)))
    gain, lift = chance.uniform(0.94, 1.06), chance.uniform(-6, 14)
    table = [min(255, max(0, round(255 * (value / 255) ** gamma * gain + lift))) for value in range(256)]
    return image.point(table * 3)


def _recoloured(image: Image.Image, chance: random.Random) -> Image.Image:
    """Return the picture in gray, in sepia, or with remixed bands."""
    kind = chance.random()
    if kind < 0.3:
        return image.convert("L").convert("RGB")
    if kind < 0.5:
        return image.convert("RGB", _SEPIA)
    # Part of each band moves to the next band or the one after, which rotates hues and keeps brightness.
    part = chance.uniform(0.35, 0.8)
    keep, on, back = 1 - part, *((part, 0.0) if chance.random() < 0.5 else (0.0, part))
    return image.convert("RGB", (keep, on, back, 0.0, back, keep, on, 0.0, on, back, keep, 0.0))


@lru_cache(maxsize=1)
def _grain_tile() -> NDArray[np.float32]:
    return np.random.default_rng(20_230_212).standard_normal((_TILE, _TILE), dtype=np.float32)


def grained(image: Image.Image, strength: float, seed: int) -> Image.Image:
    """Return the picture with film grain; `strength` in gray levels."""
    if strength <= 0:
        return image
    rng = np.random.default_rng(seed)
    wide, high = image.size
    tile = np.roll(_grain_tile(), tuple(rng.integers(0, _TILE, 2).tolist()), (0, 1)) * strength
    noise = np.tile(tile, (high // _TILE + 1, wide // _TILE + 1))[:high, :wide, None]
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def encoded(image: Image.Image, quality: int, orientation: int) -> bytes:
    """Return JPEG bytes; a picture with an EXIF orientation is stored on its side."""
    out = BytesIO()
    if orientation in _LAID:
        exif = Image.Exif()
        exif[_ORIENTATION_TAG] = orientation
        image.transpose(_LAID[orientation]).save(out, "JPEG", quality=quality, exif=exif)
    else:
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()
