"""Pictures as the tools show them: upright, with reduced levels for fast zooming; or the reason why one is unreadable.

Does not belong here: threads and caches (`loading`), drawing (`viewport`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_reduced, open_upright

_LEVELS_ABOVE: Final = 600_000


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, or the `problem` that kept it from being decoded.

    `levels`: the whole picture in RGB, then reductions, each half as wide and high as the one before (rounded up).
    `size`: width and height in px, upright. `weight`: the file's bytes, 0 if it is missing.
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
            PictureError: it could not be read.
        """
        if not self.levels:
            raise PictureError(self.problem or "it cannot be read", self.path)
        return self.levels[0]

    @property
    def memory(self) -> int:
        """Bytes that it takes decoded."""
        return sum(level.width * level.height * 3 for level in self.levels) + 200


def read_picture(path: Path, limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Return the picture at `path`, upright by EXIF, in RGB. Never raises for a bad file: see `problem`."""
    try:
        image = open_upright(path, limits).convert("RGB")
        return Picture(path, _levels(image), image.size, path.stat().st_size)
    except (PictureError, OSError) as error:
        return failed(path, _problem(error))


def read_thumbnail(path: Path, box: tuple[int, int], limits: Limits = DEFAULT_LIMITS) -> Picture:
    """Return the picture reduced to fit `box` (width, height); a JPEG is decoded at a fraction of the work.

    `size` is that of the whole picture.
    """
    try:
        reduced = open_reduced(path, max(box), limits)
        image = reduced.picture.convert("RGB")
        image.thumbnail(box, Image.Resampling.BILINEAR)
        return Picture(path, (image,), reduced.header.size, path.stat().st_size)
    except (PictureError, OSError) as error:
        return failed(path, _problem(error))


def failed(path: Path, problem: str) -> Picture:
    """Return a picture that cannot be shown, with its problem."""
    try:
        weight = path.stat().st_size
    except OSError:
        weight = 0
    return Picture(path, (), (0, 0), weight, problem)


def _problem(error: PictureError | OSError) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror or error})"
    return error.problem if isinstance(error.__cause__, FileNotFoundError) else f"it cannot be read: {error.problem}"


def _levels(image: Image.Image) -> tuple[Image.Image, ...]:
    levels = [image]
    while levels[-1].width * levels[-1].height > _LEVELS_ABOVE:
        levels.append(levels[-1].reduce(2))
    return tuple(levels)
