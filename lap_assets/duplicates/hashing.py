"""Perceptual hashes of image files: one read and one decode per image, on all cores.

Belongs here: from the bytes of an image file to its sha256, size and three 64-bit hashes. Comparing hashes is in
`search`, the meaning of distances in `rules`.

The hashes follow the definitions of the `imagehash` package (`average_hash`, `phash`, `dhash`; first described at
hackerfactor.com, entries 432 and 529) and its bit order: row by row, highest bit first. There are two differences.
A JPEG is decoded directly to luma, at a fraction (1/2, 1/4, 1/8) of its size if its smaller side keeps at least
`DRAFT_SIDE` pixels, which changes a hash by about 0.2 bits on average. The EXIF rotation is applied before hashing.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.core.verdicts.fidelity import Fidelity
from lap_assets.pictures.fidelity import measure_fidelity
from lap_assets.pictures.gate import DEFAULT_LIMITS, Box, Limits, open_reduced, read_bytes

__all__ = ["ImageHashes", "hash_image", "hash_images", "structure_of"]

DRAFT_SIDE: Final = 64
"""A JPEG is decoded at a fraction of its size if its smaller side keeps this many pixels."""

_FILTER: Final = Image.Resampling.LANCZOS
# The 8 lowest frequencies of the unscaled DCT-II over 32 samples.
_COSINES: Final = np.cos(np.pi * np.outer(np.arange(8), 2 * np.arange(32) + 1) / 64)


@dataclass(frozen=True, slots=True)
class ImageHashes:
    """An image file's sha256 (hex), size in bytes, displayed size in pixels, and three 64-bit hashes.

    `structure`: how much the picture holds, and so how reliable its hashes are (`structure_of`). `fidelity`: how much
    of the picture the file has kept, if it was measured.
    """

    sha256: str
    bytes: int
    width: int
    height: int
    ahash: int
    phash: int
    dhash: int
    structure: float
    fidelity: Fidelity | None = None


def hash_image(path: Path, limits: Limits = DEFAULT_LIMITS, *, measure: bool = False) -> ImageHashes:
    """Hash one image file. `measure`: measure its fidelity too, which takes several times as long.

    `width` and `height` are those after the EXIF rotation. Transparent pixels are composited on white; 16-bit samples
    are reduced to their high byte.

    Raises:
        PictureError: the file does not exist, is not a picture, is truncated or damaged, or exceeds `limits`.
    """
    data = read_bytes(path, limits)
    reduced = open_reduced(data, DRAFT_SIDE, limits, mode="L", path=path)
    luma = reduced.picture if reduced.picture.mode == "L" else reduced.picture.convert("L")
    small = np.asarray(luma.resize((32, 32), _FILTER, box=reduced.box), dtype=np.float64)
    codes = _hashes(luma, reduced.box, small)
    fidelity = measure_fidelity(data, limits) if measure else None
    width, height = reduced.header.size
    return ImageHashes(
        hashlib.sha256(data).hexdigest(), len(data), width, height, *codes, structure_of(small), fidelity
    )


def structure_of(small: NDArray[np.float64]) -> float:
    """Return how much a picture holds, 0 to 100: the percentage of neighboring cells with an edge between them.

    An edge is a difference above 0.3 standard deviations, clamped to between 5 and 8 levels: smaller differences may be
    grain or a gradient. Plain covers, logos, gradients and small figures score below 18, drawn posters above
    (docs/graph.md).

    small: the picture's luma in 32 x 32 cells, 0 to 255.
    """
    edge = min(max(0.3 * float(small.std()), 5.0), 8.0)
    across, down = (np.abs(np.diff(small, axis=axis)) > edge for axis in (1, 0))
    return round(50 * float(across.mean() + down.mean()), 1)


def hash_images(
    paths: Sequence[Path],
    *,
    limits: Limits = DEFAULT_LIMITS,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    measure: bool = False,
) -> list[ImageHashes | PictureError]:
    """Hash many files, in the given order; the result for an unreadable file is its error.

    `workers` threads run at once (default: one per core; Pillow releases the interpreter lock while decoding), and the
    result does not depend on their number. `progress` is called in this thread with the number of files just finished
    (1). `measure`: as in `hash_image`.

    Raises:
        ValueError: `workers` is below 1.
    """
    threads = workers if workers is not None else _cores()
    if threads < 1:
        raise ValueError(f"workers must be 1 or more, not {threads}")
    hashed: list[ImageHashes | PictureError] = []
    with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="hash") as pool:
        for result in pool.map(partial(_hash_or_error, limits=limits, measure=measure), paths):
            hashed.append(result)
            if progress is not None:
                progress(1)
    return hashed


def _hash_or_error(path: Path, limits: Limits, *, measure: bool) -> ImageHashes | PictureError:
    try:
        return hash_image(path, limits, measure=measure)
    except PictureError as error:
        return error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _hashes(luma: Image.Image, box: Box | None, small: NDArray[np.float64]) -> tuple[int, int, int]:
    """Return aHash, pHash and dHash of a grayscale picture; `small`: the picture in 32 x 32 cells."""
    tiny = np.asarray(luma.resize((8, 8), _FILTER, box=box))
    wide = np.asarray(luma.resize((9, 8), _FILTER, box=box))
    # Without rounding, numerical noise of the transform would set the bits of a flat picture.
    low = (_COSINES @ small @ _COSINES.T).round(6)
    return _pack(tiny > tiny.mean()), _pack(low > np.median(low)), _pack(wide[:, 1:] > wide[:, :-1])


def _pack(bits: NDArray[np.bool_]) -> int:
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
