"""Pictures as the tools show them: decoded upright, with smaller levels for fast zooming; or why they cannot be read.

What does not belong here: threads and caches (`loading`), drawing (`viewport`).
"""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from lap_assets.pictures.upright import upright

MAX_PIXELS: Final = 100_000_000
"""A picture with more is refused before decoding."""
_LEVELS_ABOVE: Final = 600_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, or `problem`: why there is none.

    `levels`: the whole picture in RGB, then halves of it, each half as wide and high as the one before (rounded up).
    `size`: width and height in px, upright. `weight`: the file's bytes, 0 where it is missing.
    """

    path: Path
    levels: tuple[Image.Image, ...]
    size: tuple[int, int]
    weight: int
    problem: str | None = None

    @property
    def image(self) -> Image.Image:
        """The whole picture.

        Raises:
            ValueError: it could not be read.
        """
        if not self.levels:
            raise ValueError(f"{self.path.name}: {self.problem}")
        return self.levels[0]

    @property
    def memory(self) -> int:
        """Bytes that it holds decoded."""
        return sum(level.width * level.height * 3 for level in self.levels) + 200


def read_picture(path: Path, max_pixels: int = MAX_PIXELS) -> Picture:
    """The picture at `path`, turned as EXIF says, in RGB. Never raises for what a file holds."""
    return _read(path, max_pixels, None)


def read_thumbnail(path: Path, box: tuple[int, int], max_pixels: int = MAX_PIXELS) -> Picture:
    """The picture within `box` (width, height), decoded at a fraction of the work where it is a JPEG.

    `size` is that of the whole picture.
    """
    return _read(path, max_pixels, box)


def failed(path: Path, problem: str) -> Picture:
    """A picture that cannot be shown."""
    try:
        weight = path.stat().st_size
    except OSError:
        weight = 0
    return Picture(path, (), (0, 0), weight, problem)


def _read(path: Path, max_pixels: int, box: tuple[int, int] | None) -> Picture:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged by `max_pixels`
            opened = Image.open(path)
        with opened:
            width, height = opened.size
            if width * height > max_pixels:
                return failed(path, f"{width}×{height} px, and more than {max_pixels:,} are refused")
            turned = opened.getexif().get(0x0112) in (5, 6, 7, 8)
            size = (height, width) if turned else (width, height)
            if box is not None:
                edge = max(box)
                opened.draft("RGB", (edge, edge))  # JPEG alone; never below the size that is asked for
            image = upright(opened).convert("RGB")
    except FileNotFoundError:
        return failed(path, "the file is missing")
    except Exception as error:  # decoders raise whatever a broken file makes them trip over
        return failed(path, f"it cannot be read ({' '.join(str(error).split())[:120]})")
    if box is not None:
        image.thumbnail(box, Image.Resampling.BILINEAR)
        return Picture(path, (image,), size, path.stat().st_size)
    return Picture(path, _levels(image), image.size, path.stat().st_size)


def _levels(image: Image.Image) -> tuple[Image.Image, ...]:
    levels = [image]
    while levels[-1].width * levels[-1].height > _LEVELS_ABOVE:
        levels.append(levels[-1].reduce(2))
    return tuple(levels)
