"""Perceptual hashes of image files: one read and one decode an image, on all cores.

Belongs here: bytes of an image file in, its sha256, size and three 64-bit hashes out. Comparing hashes is in `search`,
what distances mean is in `rules`.

The hashes follow the definitions of the `imagehash` package (`average_hash`, `phash`, `dhash`; first described at
hackerfactor.com, entries 432 and 529) and its bit order: row by row, the first bit is the highest. Two things differ.
A JPEG is decoded straight to luma and at a fraction (1/2, 1/4, 1/8) of its size while its smaller side keeps at least
`DRAFT_SIDE` pixels, which moves a hash by about 0.2 bits on average. The EXIF rotation is applied before hashing.
"""

import hashlib
import io
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

from lap_assets.core.errors import PictureError

MAX_PIXELS: Final = 100_000_000
"""Images that claim more pixels than this in their header are refused before anything is decoded."""
DRAFT_SIDE: Final = 64
"""A JPEG is decoded at a fraction of its size as long as its smaller side keeps this many pixels."""
FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
"""What a poster's bytes may be, whatever the file is called. Of an animation the first frame counts."""

_FILTER: Final = Image.Resampling.LANCZOS
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The 8 lowest frequencies of the unscaled DCT-II over 32 samples.
_COSINES: Final = np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(32) + 1) / 64)


@dataclass(frozen=True, slots=True)
class ImageHashes:
    """What identifies an image: its bytes' sha256 (hex) and count, its size in pixels as shown, three 64-bit hashes."""

    sha256: str
    bytes: int
    width: int
    height: int
    ahash: int
    phash: int
    dhash: int


def hash_image(path: Path, *, max_pixels: int = MAX_PIXELS) -> ImageHashes:
    """Hashes one image file.

    `width` and `height` are those after the EXIF rotation. Transparent pixels count as lying on white, 16-bit
    samples by their high byte. `max_pixels` above Pillow's own bound (about 179 million) has no effect.

    Raises:
        PictureError: no such file, not an image of one of `FORMATS`, cut short or broken, or more than `max_pixels`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(f"cannot be read ({error.strerror or error})", path) from error
    if not data:
        raise PictureError("is empty", path)
    try:
        size, luma, box = _decode(path, data, max_pixels)
        ahash, phash, dhash = _hashes(luma, box)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError("is not an image (JPEG, PNG, GIF, WebP, BMP, TIFF or AVIF)", path) from error
    except Image.DecompressionBombError as error:
        raise PictureError("claims far too many pixels", path) from error
    except Exception as error:  # hostile bytes make decoders raise nearly anything
        raise PictureError(f"does not decode ({_one_line(error)})", path) from error
    digest = hashlib.sha256(data).hexdigest()
    return ImageHashes(digest, len(data), size[0], size[1], ahash, phash, dhash)


def hash_images(
    paths: Sequence[Path], *, workers: int | None = None, progress: Callable[[int], None] | None = None
) -> list[ImageHashes | PictureError]:
    """Hashes many files, in the given order; one that cannot be hashed gives its error in its place.

    `workers` threads (default: one a core; Pillow lets go of the interpreter's lock while it decodes) work at once,
    and the result does not depend on how many. `progress` is called in this thread with the number of
    files just done (1).

    Raises:
        ValueError: `workers` is below 1.
    """
    threads = workers if workers is not None else _cores()
    if threads < 1:
        raise ValueError(f"workers must be 1 or more, not {threads}")
    hashed: list[ImageHashes | PictureError] = []
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="hash") as pool:
        for result in pool.map(_hash_or_error, paths):
            hashed.append(result)
            if progress is not None:
                progress(1)
    return hashed


def _hash_or_error(path: Path) -> ImageHashes | PictureError:
    try:
        return hash_image(path)
    except PictureError as error:
        return error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


Box = tuple[float, float, float, float] | None


def _decode(path: Path, data: bytes, max_pixels: int) -> tuple[tuple[int, int], Image.Image, Box]:
    """The size as shown, the upright grayscale picture (maybe reduced), and the part of it that the picture fills."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > max_pixels:
            raise PictureError(f"claims {width}x{height} pixels, more than the {max_pixels:,} allowed", path)
        turn = _TURNS.get(_orientation(opened))
        # A reduced edge can be a fraction of a pixel wide; the box leaves out what lies beyond the picture.
        drafted = opened.draft("L", (DRAFT_SIDE, DRAFT_SIDE))
        opened.load()
        luma = _grayscale(opened)
        if opened.format == "PNG":
            # Pillow decodes a PNG without looking at its checksums or for its end.
            Image.open(io.BytesIO(data), formats=("PNG",)).verify()
    box: Box = None if drafted is None else drafted[1]
    if turn is not None:
        luma = luma if box is None else luma.resize(luma.size, _FILTER, box=box)
        luma, box = luma.transpose(turn), None
        if turn in (_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8]):
            width, height = height, width
    return (width, height), luma, box


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
        return int(value)
    except Exception:  # a broken EXIF block says nothing; the picture itself may be fine
        return 1


def _grayscale(image: Image.Image) -> Image.Image:
    if image.mode == "L":
        return image.copy()
    if image.mode.startswith("I"):
        samples: NDArray[Any] = np.asarray(image).astype(np.int64)
        wide = image.mode != "I" or bool(samples.max(initial=0) > 255)
        return Image.fromarray((samples >> 8 if wide else samples).clip(0, 255).astype(np.uint8))
    if image.mode == "F":
        raise ValueError("its samples are floating-point numbers")
    if image.has_transparency_data:
        solid = image.convert("RGBA")
        white = Image.new("RGBA", solid.size, "white")
        return Image.alpha_composite(white, solid).convert("L")
    return image.convert("L")


def _hashes(luma: Image.Image, box: Box) -> tuple[int, int, int]:
    """aHash, pHash and dHash of a grayscale picture."""
    tiny = np.asarray(luma.resize((8, 8), _FILTER, box=box))
    small = np.asarray(luma.resize((32, 32), _FILTER, box=box), dtype=np.float64)
    wide = np.asarray(luma.resize((9, 8), _FILTER, box=box))
    # Rounded, or the rounding noise of the transform would set the bits of a flat picture.
    low = (_COSINES @ small @ _COSINES.T).round(6)
    return _pack(tiny > tiny.mean()), _pack(low > np.median(low)), _pack(wide[:, 1:] > wide[:, :-1])


def _pack(bits: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
