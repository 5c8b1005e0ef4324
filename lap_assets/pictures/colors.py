"""Colors as on a screen: pictures with a color profile are converted to sRGB.

A profile that is broken or for another kind of picture is ignored, as in browsers. A profile equivalent to sRGB is not
applied. Belongs here: profiles and their conversion, used by the gate.
"""

import io
from functools import lru_cache
from itertools import product
from typing import Any, Final

from PIL import Image, ImageCms

_PROFILED: Final = ("L", "RGB", "RGBA", "CMYK")
"""Pixel modes that a profile can apply to."""
_UNSEEN: Final = 2  # levels; a conversion that changes colors by no more is skipped
_FLAGS: Final = ImageCms.Flags.NOCACHE  # the cache is not safe across threads


def in_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture in sRGB: L, RGB or RGBA as before (CMYK becomes RGB); itself if no conversion is needed."""
    transform = _transform_of(picture)
    if transform is None:
        return picture
    converted = _applied(transform, picture)
    return converted.convert("L") if picture.mode == "L" else converted


def is_converted(picture: Image.Image) -> bool:
    """Return whether `in_srgb` changes the picture's colors."""
    return _transform_of(picture) is not None


def _transform_of(picture: Image.Image) -> Any | None:
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or picture.mode not in _PROFILED:
        return None
    return _transform(profile, picture.mode)


@lru_cache(maxsize=64)
def _transform(profile: bytes, mode: str) -> Any | None:
    """Return the conversion to sRGB; None if none is needed."""
    output = "RGBA" if mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, output, flags=_FLAGS)
        sample = _sample(mode)
        shown = _applied(transform, sample)
    except (ImageCms.PyCMSError, ImportError, OSError, ValueError, TypeError):
        return None
    plain = sample.convert(output)
    changes = max(
        abs(one - other) for one, other in zip(shown.tobytes(), plain.tobytes(), strict=True)
    )  # fmt: skip
    return transform if changes > _UNSEEN or mode == "CMYK" else None


def _applied(transform: Any, picture: Image.Image) -> Image.Image:
    """Return the converted picture as a new one."""
    converted: Image.Image = ImageCms.applyTransform(picture, transform)  # type: ignore[assignment]
    return converted


def _sample(mode: str) -> Image.Image:
    """Return a picture with colors from the whole range."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    levels = range(0, 256, 51) if bands > 1 else range(256)
    colors = list(product(levels, repeat=min(bands, 3)))
    filled = [
        color + (255,) * (bands - 3) if mode == "RGBA" else color + (0,) * (bands - len(color)) for color in colors
    ]
    return Image.frombytes(mode, (len(filled), 1), bytes(value for color in filled for value in color))
