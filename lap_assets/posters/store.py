"""The store of raw posters: checking that bytes are a whole picture, and putting them in place as they came."""

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
    """A raw poster that was checked: its content and its size in pixels as it is meant to be seen (EXIF applied)."""

    sha256: str
    bytes: int
    width: int
    height: int


def check_picture(body: bytes, limits: Limits = DEFAULT_LIMITS) -> StoredPicture:
    """Check that the bytes are a whole picture within `limits`.

    Raises:
        PictureError: not a JPEG, PNG or WebP, cut off, damaged, or over a limit.
    """
    header = check_whole(body, limits, formats=_FORMATS)
    return StoredPicture(hashlib.sha256(body).hexdigest(), len(body), header.width, header.height)


def store(path: Path, body: bytes, limits: Limits = DEFAULT_LIMITS) -> StoredPicture:
    """Check the bytes and put them at `path` as they came.

    Raises:
        PictureError: nothing was written.
    """
    stored = check_picture(body, limits)
    write_bytes(path, body)
    return stored


def adopt(path: Path, limits: Limits = DEFAULT_LIMITS) -> StoredPicture | None:
    """What a file that is already in place holds; None where there is none, or it is not a whole picture."""
    try:
        return check_picture(path.read_bytes(), limits)
    except (FileNotFoundError, PictureError):
        return None
