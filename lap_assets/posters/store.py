"""The store of raw posters: check that bytes are a complete picture, and store them unchanged."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import PictureError
from lap_assets.core.files import write_bytes
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, check_whole

_FORMATS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A checked raw poster: its content, and its size in pixels after EXIF rotation."""

    sha256: str
    bytes: int
    width: int
    height: int


def check_picture(body: bytes, limits: Limits = DEFAULT_LIMITS) -> StoredPicture:
    """Check that the bytes are a complete picture within `limits`.

    Raises:
        PictureError: not a JPEG, PNG or WebP, cut off, damaged, or over a limit.
    """
    header = check_whole(body, limits, formats=_FORMATS)
    return StoredPicture(hashlib.sha256(body).hexdigest(), len(body), header.width, header.height)


def store(path: Path, body: bytes, limits: Limits = DEFAULT_LIMITS) -> StoredPicture:
    """Check the bytes and write them to `path` unchanged.

    Raises:
        PictureError: the bytes are not a valid picture; nothing was written.
    """
    stored = check_picture(body, limits)
    write_bytes(path, body)
    return stored


def adopt(path: Path, limits: Limits = DEFAULT_LIMITS) -> StoredPicture | None:
    """Return the checked picture already at `path`; None if there is none, or it is not a complete picture."""
    try:
        return check_picture(path.read_bytes(), limits)
    except (FileNotFoundError, PictureError):
        return None
