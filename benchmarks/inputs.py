"""Generated inputs for measurements: codes, vectors and JPEG files. Equal seeds yield equal inputs."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

_SHARED = 500  # one poster in this many is flat, with the hash 0


def random_codes(count: int, seed: int) -> NDArray[np.uint64]:
    """Return codes with independent bits: the easiest input for any search."""
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64)


def poster_like_codes(count: int, seed: int) -> NDArray[np.uint64]:
    """Return codes that resemble average hashes of posters: similar neighboring bits, near copies, shared codes.

    Three tenths are copies of others with up to 8 changed bits; one in 500 is the code of a flat picture.
    """
    rng = np.random.default_rng(seed)
    weights = np.maximum(0, 1 - np.abs(np.linspace(0, 2, 8)[:, None] - np.arange(3))).astype(np.float32)
    coarse = rng.normal(size=(count, 3, 3)).astype(np.float32)
    fields = np.einsum("ai,nij,bj->nab", weights, coarse, weights)
    fields = (fields + 0.6 * rng.normal(size=fields.shape).astype(np.float32)).reshape(count, 64)
    codes = np.packbits(fields > fields.mean(axis=1, keepdims=True), axis=1).view(">u8").ravel().astype(np.uint64)
    copies = count * 3 // 10
    copied = codes[rng.integers(0, max(1, count), copies)]
    changed = rng.integers(0, 9, copies)
    for step in range(8):
        flipped = copied ^ (np.uint64(1) << rng.integers(0, 64, copies).astype(np.uint64))
        copied = np.where(changed > step, flipped, copied)
    codes[rng.integers(0, max(1, count), copies)] = copied
    codes[rng.integers(0, max(1, count), count // _SHARED)] = 0
    return codes


def vectors(count: int, width: int, seed: int) -> NDArray[np.float32]:
    """Return vectors in random directions, one in ten near another vector."""
    rng = np.random.default_rng(seed)
    found = rng.standard_normal((count, width), dtype=np.float32)
    copies = count // 10
    noise = rng.standard_normal((copies, width), dtype=np.float32) * rng.uniform(0, 1.2, (copies, 1)).astype(np.float32)
    found[rng.integers(0, max(1, count), copies)] = found[rng.integers(0, max(1, count), copies)] + noise
    return found


def draw_jpegs(folder: Path, count: int, seed: int, size: tuple[int, int] = (500, 708)) -> list[Path]:
    """Draw JPEG posters of about `size` pixels: soft background, shapes, grain; one in four is progressive."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        width, height = (round(side * rng.uniform(0.8, 1.2)) for side in size)
        path = folder / f"{number:05d}.jpg"
        quality = int(rng.integers(70, 95))
        _poster(rng, width, height).save(path, quality=quality, progressive=number % 4 == 0)
        paths.append(path)
    return paths


def _poster(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    coarse = Image.fromarray(rng.integers(0, 255, (9, 7, 3), dtype=np.uint8))
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(24):
        x, y = rng.integers(0, width), rng.integers(0, height)
        wide, high = rng.integers(10, 160, 2)
        color = tuple(int(part) for part in rng.integers(0, 255, 3))
        shape = draw.ellipse if rng.random() < 0.6 else draw.rectangle
        shape((float(x), float(y), float(x + wide), float(y + high)), fill=color, outline=(0, 0, 0))
    grain = rng.normal(0, 4, (height, width, 1))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))
