"""The store of raw posters: checking that bytes are a whole picture, and putting them in place as they came."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from lap_assets.core.errors import PictureError
from lap_assets.core.files import write_bytes

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_ORIENTATION: Final = 0x0112
_TURNED: Final = (5, 6, 7, 8)  # a file may hold anything there, words too


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A raw poster that was checked: its content and its size in pixels as it is meant to be seen (EXIF applied)."""

    sha256: str
    bytes: int
    width: int
    height: int


def check_picture(body: bytes, *, max_pixels: int) -> StoredPicture:
    """Decodes the picture whole, at the smallest scale that its format can.

    Raises:
        PictureError: not a JPEG, PNG or WebP, cut off, damaged, or with more than `max_pixels` pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > max_pixels:
                    raise PictureError(f"{width}x{height} pixels, more than the {max_pixels:,} that are allowed")
                if picture.getexif().get(_ORIENTATION, 1) in _TURNED:
                    width, height = height, width
                # A JPEG's stream is read to its end at any scale, and at an eighth most of the work falls away.
                picture.draft("L", (max(1, width // 8), max(1, height // 8)))
                picture.load()
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise PictureError(f"not a picture: begins with {body[:16]!r}" if body else "empty") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(f"does not decode whole: {error}") from error
    return StoredPicture(hashlib.sha256(body).hexdigest(), len(body), width, height)


def store(path: Path, body: bytes, *, max_pixels: int) -> StoredPicture:
    """Checks the bytes and puts them at `path` as they came.

    Raises:
        PictureError: nothing was written.
    """
    stored = check_picture(body, max_pixels=max_pixels)
    write_bytes(path, body)
    return stored


def adopt(path: Path, *, max_pixels: int) -> StoredPicture | None:
    """What a file that is already in place holds; None where there is none, or it is not a whole picture."""
    try:
        return check_picture(path.read_bytes(), max_pixels=max_pixels)
    except (FileNotFoundError, PictureError):
        return None
