"""Views of stored crops, changed as a detector's box, a camera or a printer may change them; traits are unchanged."""

import math
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lap_assets.models.tiny.crop_features import AROUND
from lap_assets.training.figure_bank import BANK_AROUND, BANK_SIDE
from lap_assets.training.pictures.textures import Pixels, Rng


def crop_view(crop: Pixels, rng: Rng, side: int, *, mirrored: bool, changed: float = 1.0) -> Pixels:
    """Return about the part of a stored crop that `crop_of` shows; shape (side, side, 3).

    `changed`: the share of views whose light, sharpness or grain is another one, where it can be.
    """
    part = _placed(Image.fromarray(crop), rng, side, mirrored=mirrored)
    if rng.random() >= changed:
        return np.asarray(part)
    return _recorded(_lit(np.asarray(_blurred(part, rng)), rng), rng)


def _placed(crop: Image.Image, rng: Rng, side: int, *, mirrored: bool) -> Image.Image:
    scale = BANK_SIDE * AROUND / BANK_AROUND / side * math.exp(rng.normal(0, 0.09))
    ratio = math.exp(rng.normal(0, 0.07))
    turn = rng.normal(0, 0.09)
    across, down = scale * ratio, scale / ratio
    cos, sin = math.cos(turn), math.sin(turn)
    flip = -1 if mirrored else 1
    a, b, d, e = flip * across * cos, -down * sin, flip * across * sin, down * cos
    middle = BANK_SIDE / 2 + rng.normal(0, 0.035 * BANK_SIDE, 2)
    c, f = middle[0] - (a + b) * side / 2, middle[1] - (d + e) * side / 2
    return crop.transform((side, side), Image.Transform.AFFINE, (a, b, c, d, e, f), Image.Resampling.BILINEAR)


def _blurred(part: Image.Image, rng: Rng) -> Image.Image:
    kind = rng.random()
    if kind < 0.25:
        few = round(part.width * rng.uniform(0.4, 0.9))
        small = part.resize((few, few), Image.Resampling.BILINEAR)
        return small.resize(part.size, Image.Resampling.BILINEAR)
    return part.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2))) if kind < 0.35 else part


def _lit(pixels: NDArray[np.uint8], rng: Rng) -> NDArray[np.float32]:
    """Change light, colors and contrast; rarely to gray, or with exchanged bands."""
    changed = pixels.astype(np.float32)
    if rng.random() < 0.15:
        changed = changed[:, :, rng.permutation(3)]
    gray = changed.mean(axis=2, keepdims=True)
    left = 0.0 if rng.random() < 0.1 else rng.uniform(0.4, 1.4)
    changed = gray + (changed - gray) * left
    if rng.random() < 0.8:
        middle = changed.mean()
        gains = np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.06, 3))
        changed = (middle + (changed - middle) * rng.uniform(0.6, 1.3)) * gains + rng.normal(0, 12)
    if rng.random() < 0.06:
        changed = 255 - changed
    return np.asarray(changed, np.float32)


def _recorded(changed: NDArray[np.float32], rng: Rng) -> Pixels:
    if rng.random() < 0.2:
        grain = rng.standard_normal(changed.shape, dtype=np.float32)
        changed = changed + np.float32(rng.uniform(2, 14)) * grain
    pixels = changed.clip(0, 255).astype(np.uint8)
    if rng.random() < 0.25:
        with BytesIO() as out:
            Image.fromarray(pixels).save(out, "JPEG", quality=int(rng.integers(25, 90)))
            pixels = np.asarray(Image.open(out).convert("RGB"))
    return pixels
