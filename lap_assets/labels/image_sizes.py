"""Sizes of labeled images, read from the headers of their files; nothing is decoded."""

from collections.abc import Callable
from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.pictures.gate import inspect

Sizes = Callable[[str], tuple[int, int]]
"""Width and height in px of the image of a name. Raises InputError or PictureError where there is none to be had."""


def sizes_in(folder: Path) -> Sizes:
    """Sizes of the upright pictures below a folder."""

    def size(name: str) -> tuple[int, int]:
        if not (folder / name).is_file():
            raise InputError(f"{name} is not in {folder}")
        return inspect(folder / name).size

    return size
