"""Colors as a screen shows them: pictures with a color profile are converted to sRGB.

A profile that is broken, or for another kind of picture than the one it is in, says nothing and is ignored, as browsers
do. One that means sRGB costs nothing. Belongs here: profiles and their conversion; the gate asks.
"""

import io
from functools import lru_cache
from itertools import product
from typing import Any, Final

from PIL import Image, ImageCms

_PROFILED: Final = ("L", "RGB", "RGBA", "CMYK")
"""Kinds of pixels that a profile can be about."""
_UNSEEN: Final = 2  # levels by which a conversion may change colors without being worth it
_FLAGS: Final = ImageCms.Flags.NOCACHE  # a cached pixel is no thread's own


def in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in sRGB: L, RGB or RGBA as before (CMYK becomes RGB); itself where no profile changes anything."""
    transform = _transform_of(picture)
    if transform is None:
        return picture
    converted = _applied(transform, picture)
    return converted.convert("L") if picture.mode == "L" else converted


def is_converted(picture: Image.Image) -> bool:
    """Whether `in_srgb` changes the picture's colors."""
    return _transform_of(picture) is not None


def _transform_of(picture: Image.Image) -> Any | None:
    profile = picture.info.get("icc_profile")
    if not isinstance(profile, bytes) or picture.mode not in _PROFILED:
        return None
    return _transform(profile, picture.mode)


@lru_cache(maxsize=64)
def _transform(profile: bytes, mode: str) -> Any | None:
    """The conversion to sRGB; None where there is none to be done."""
    output = "RGBA" if mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, output, flags=_FLAGS)
        sample = _sample(mode)
        shown = _applied(made, sample)
    except (ImageCms.PyCMSError, ImportError, OSError, ValueError, TypeError):
        return None
    plain = sample.convert(output)
    changes = max(
        abs(one - other) for one, other in zip(shown.tobytes(), plain.tobytes(), strict=True)
    )  # fmt: skip
    return made if changes > _UNSEEN or mode == "CMYK" else None


def _applied(transform: Any, picture: Image.Image) -> Image.Image:
    """A new picture; not converted in its place."""
    converted: Image.Image = ImageCms.applyTransform(picture, transform)  # type: ignore[assignment]
    return converted


def _sample(mode: str) -> Image.Image:
    """A picture with colors from everywhere."""
    bands = len(Image.new(mode, (1, 1)).getbands())
    levels = range(0, 256, 51) if bands > 1 else range(256)
    colors = list(product(levels, repeat=min(bands, 3)))
    filled = [
        color + (255,) * (bands - 3) if mode == "RGBA" else color + (0,) * (bands - len(color)) for color in colors
    ]
    return Image.frombytes(mode, (len(filled), 1), bytes(value for color in filled for value in color))
