"""Labeled images on disk: finding the file of a name, and reading its size from the header, without decoding."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.pictures.gate import PictureHeader, inspect

Sizes = Callable[[str], tuple[int, int]]
"""Returns width and height in px of the image of a name. Raises InputError or PictureError if they are unavailable."""

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif")
"""Endings of pictures, in lower case."""


def find_image(folder: Path, name: str) -> Path | None:
    """Return the file of an image; some systems store accents as separate characters (NFD) in the same name."""
    forms = dict.fromkeys([name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)])
    return next((folder / form for form in forms if (folder / form).is_file()), None)


def find_stem(folder: Path, stem: str) -> str | None:
    """Return the name of the image with a stem (`0/a`) and any ending."""
    for ending in ENDINGS:
        for shown in (ending, ending.upper()):
            if (folder / f"{stem}{shown}").is_file():
                return f"{stem}{shown}"
    return None


def header_in(folder: Path, name: str) -> PictureHeader:
    """Return the header of a picture below a folder: its upright size and EXIF orientation.

    Raises:
        InputError: the file does not exist.
        PictureError: it is not a picture.
    """
    path = find_image(folder, name)
    if path is None:
        raise InputError(f"{name} is not in {folder}")
    return inspect(path)


def sizes_in(folder: Path) -> Sizes:
    """Return the function for upright sizes of pictures below a folder."""
    return lambda name: header_in(folder, name).size
