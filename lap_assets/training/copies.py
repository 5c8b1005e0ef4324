"""Changes of copied pictures: crops, titles, marks, frames, light, color, scale, JPEG.

They are mild enough that a person still recognizes every copy as the same picture.
"""

from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from lap_assets.training.pictures.lettering import bar, inscription, mark
from lap_assets.training.pictures.shapes import ink
from lap_assets.training.pictures.textures import Rng

_MOST_CUT: Final = 0.24  # largest share of a side cut off at each end
_SAME: Final = np.eye(3)
_GREY: Final = np.tile((0.299, 0.587, 0.114), (3, 1))
_SEPIA: Final = np.array(((0.39, 0.77, 0.19), (0.35, 0.69, 0.17), (0.27, 0.53, 0.13)))


def faint_copy(picture: Image.Image, rng: Rng, side: int) -> NDArray[np.uint8]:
    """Return a nearly unchanged copy: slightly cropped, or rescaled. Shape (side, side, 3)."""
    if rng.random() < 0.3:
        picture = _cropped(picture, rng, 0.03)
    elif rng.random() < 0.3:
        picture = _rescaled(picture, rng, 0.5)
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR))


def heavy_copy(picture: Image.Image, rng: Rng, side: int) -> NDArray[np.uint8]:
    """Return a copy with one or several of all changes. Shape (side, side, 3)."""
    if rng.random() < 0.7:
        picture = _cropped(picture, rng, _MOST_CUT)
    if rng.random() < 0.35:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if rng.random() < 0.06:
        picture = picture.rotate(float(rng.normal(0, 3)), Image.Resampling.BILINEAR, fillcolor=ink(rng.random(3)))
    picture = _written_on(picture, rng)
    if rng.random() < 0.12:
        picture = _framed(picture, rng)
    if rng.random() < 0.65:
        picture = _toned(picture, rng)
    if rng.random() < 0.35:
        picture = _rescaled(picture, rng, 0.28)
    if rng.random() < 0.25:
        picture = _recompressed(picture, rng, 15)
    return np.asarray(picture.resize((side, side), Image.Resampling.BILINEAR))


def _cropped(picture: Image.Image, rng: Rng, most: float) -> Image.Image:
    wide, high = picture.size
    cut = rng.uniform(0, most, 4) * (rng.random(4) < 0.8)
    if rng.random() < 0.35:
        cut[:] = rng.uniform(0, 0.85 * most)  # equal at all ends
    left, top, right, bottom = cut.tolist()
    box = (left * wide, top * high, (1 - right) * wide, (1 - bottom) * high)
    return picture.resize(picture.size, Image.Resampling.BILINEAR, box=box)


def _written_on(picture: Image.Image, rng: Rng) -> Image.Image:
    kinds = rng.random(3)
    if kinds.min() > 0.36:
        return picture
    written = picture.copy()
    if kinds[0] < 0.36:
        bar(written, rng, float(rng.uniform(0.07, 0.27)))
    if kinds[1] < 0.12:
        inscription(written, rng)
    if kinds[2] < 0.2:
        mark(written, rng)
    return written


def _framed(picture: Image.Image, rng: Rng) -> Image.Image:
    wide, high = picture.size
    edges = (
        rng.uniform(0.01, 0.1, 4) * (rng.random(4) < 0.8) if rng.random() < 0.5 else np.full(4, rng.uniform(0.01, 0.08))
    )
    kind = rng.random()
    color = (0, 0, 0) if kind < 0.35 else (255, 255, 255) if kind < 0.65 else ink(rng.random(3))
    frame = Image.new("RGB", picture.size, color)
    inner = (max(8, int(wide * (1 - edges[0] - edges[2]))), max(8, int(high * (1 - edges[1] - edges[3]))))
    frame.paste(picture.resize(inner, Image.Resampling.BILINEAR), (int(wide * edges[0]), int(high * edges[1])))
    return frame


def _toned(picture: Image.Image, rng: Rng) -> Image.Image:
    """Change brightness with a curve, then colors with a matrix."""
    if rng.random() < 0.7:
        gamma, gain, lift = np.exp(rng.normal(0, 0.4)), rng.uniform(0.7, 1.35), rng.normal(0, 20)
        curve = np.clip(255 * (np.arange(256) / 255) ** gamma * gain + lift, 0, 255).astype(int)
        picture = picture.point(curve.tolist() * 3)
    if rng.random() < 0.5:
        matrix = _color_matrix(rng)
        picture = picture.convert("RGB", tuple(np.column_stack((matrix, np.zeros(3))).ravel().tolist()))
    return picture


def _color_matrix(rng: Rng) -> NDArray[np.float64]:
    kind = rng.random()
    if kind < 0.35:  # more or less colorful, and each band stronger or weaker
        share = rng.uniform(0.2, 1.6)
        return np.asarray((share * _SAME + (1 - share) * _GREY) * np.exp(rng.normal(0, 0.12, 3))[:, None])
    if kind < 0.5:
        return _GREY
    if kind < 0.6:
        return _SEPIA
    turned = _SAME[rng.permutation(3)]
    share = 1.0 if kind < 0.75 else rng.uniform(0.3, 0.9)
    return np.asarray(share * turned + (1 - share) * _SAME)


def _rescaled(picture: Image.Image, rng: Rng, least: float) -> Image.Image:
    """Scale down to a share of the size; the caller scales up again."""
    share = rng.uniform(least, 1)
    small = (max(8, int(picture.width * share)), max(8, int(picture.height * share)))
    if rng.random() < 0.15:
        picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.6))))
    return picture.resize(small, Image.Resampling.BOX if rng.random() < 0.5 else Image.Resampling.BILINEAR)


def _recompressed(picture: Image.Image, rng: Rng, least: int) -> Image.Image:
    body = BytesIO()
    picture.save(body, "JPEG", quality=int(rng.integers(least, 85)))
    return Image.open(body).convert("RGB")
