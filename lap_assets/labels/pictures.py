"""Sizes of labeled images, read from the headers of their files; nothing is decoded."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image

from lap_assets.core.errors import InputError

_ORIENTATION: Final = 0x0112

Sizes = Callable[[str], tuple[int, int]]
"""Width and height in px of the image of a name. Raises InputError where there is no such image."""


def sizes_in(folder: Path) -> Sizes:
    """Sizes of the upright pictures below a folder."""

    def size(name: str) -> tuple[int, int]:
        try:
            with Image.open(folder / name) as picture:
                turned = picture.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8)
                return picture.size[::-1] if turned else picture.size
        except FileNotFoundError:
            raise InputError(f"{name} is not in {folder}") from None
        except (OSError, SyntaxError, Image.DecompressionBombError) as error:
            raise InputError(f"{name} in {folder} is not a readable picture ({error})") from None

    return size
