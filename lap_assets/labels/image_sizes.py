"""Labeled images on disk: where the file of a name is, and its size, read from its header; nothing is decoded."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.pictures.gate import PictureHeader, inspect

Sizes = Callable[[str], tuple[int, int]]
"""Width and height in px of the image of a name. Raises InputError or PictureError where there is none to be had."""

ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".avif")
"""Endings of pictures, in lower case."""


def find_image(folder: Path, name: str) -> Path | None:
    """The file of an image; some systems write accents as letters of their own (NFD), which name the same file."""
    forms = dict.fromkeys([name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)])
    return next((folder / form for form in forms if (folder / form).is_file()), None)


def find_stem(folder: Path, stem: str) -> str | None:
    """The name of the image with a stem (`0/a`), whatever its ending."""
    for ending in ENDINGS:
        for shown in (ending, ending.upper()):
            if (folder / f"{stem}{shown}").is_file():
                return f"{stem}{shown}"
    return None


def header_in(folder: Path, name: str) -> PictureHeader:
    """The header of a picture below a folder: its size as it is seen, and how EXIF turns it.

    Raises:
        InputError: it is not there.
        PictureError: it is not a picture.
    """
    path = find_image(folder, name)
    if path is None:
        raise InputError(f"{name} is not in {folder}")
    return inspect(path)


def sizes_in(folder: Path) -> Sizes:
    """Sizes of the upright pictures below a folder."""
    return lambda name: header_in(folder, name).size
