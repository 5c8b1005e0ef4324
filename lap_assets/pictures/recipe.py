"""Cleaning one poster: the rules of the seed's process, and applying them.

Each image is created in one step from the raw poster, so it is encoded at most once. Source: the seed's text,
"Process", and its scripts: a side above 1920 px is fitted into 1920 at JPEG quality 75; files above 700 KB are resaved
at 80; pictures with both sides under 300 px are enlarged twofold, by a model (`upscaling`).
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from PIL import Image

from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, inspect, open_upright

Enlarge = Callable[[Image.Image], Image.Image]
"""Enlarges a picture (mode L or RGB) to exactly twice its width and height."""


class Action(StrEnum):
    """What was done to an image."""

    LINKED = "linked"
    DOWNSCALED = "downscaled"
    RECOMPRESSED = "recompressed"
    UPSCALED = "upscaled"
    CONVERTED = "converted"


@dataclass(frozen=True, slots=True)
class Recipe:
    """The limits (px, bytes), the JPEG qualities, and the color space of encoded images.

    1 KB is 1024 bytes, as in the original's scripts.
    """

    largest_side: int = 1920
    downscaled_quality: int = 75
    heaviest: int = 700 * 1024
    recompressed_quality: int = 80
    small_side: int = 300
    upscaled_quality: int = 95
    converted_quality: int = 95
    color_space: str = "sRGB"

    def digest(self) -> str:
        """Return a short digest of these values, for code versions and reusing rows."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:12]

    def is_small(self, width: int, height: int) -> bool:
        """Return whether a picture of this size in px is to be enlarged."""
        return max(width, height) < self.small_side

    def action(self, width: int, height: int, size: int, *, is_plain: bool, enlarges: bool = True) -> Action:
        """Return the action for an upright picture of this size in px and bytes.

        `is_plain`: it is a JPEG in gray or RGB without rotation; other pictures must be encoded again. `enlarges`:
        there is an upscaler for small pictures; without one, they are treated as pictures of medium size.
        """
        if max(width, height) > self.largest_side:
            return Action.DOWNSCALED
        if enlarges and self.is_small(width, height):
            return Action.UPSCALED
        if size > self.heaviest:
            return Action.RECOMPRESSED
        return Action.LINKED if is_plain else Action.CONVERTED


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned image: the action, its size, and its JPEG bytes (None if the raw poster is used unchanged)."""

    action: Action
    width: int
    height: int
    body: bytes | None


def clean(path: Path, recipe: Recipe, enlarge: Enlarge | None, limits: Limits = DEFAULT_LIMITS) -> Cleaned:
    """Return the cleaned image of a raw poster. `enlarge`: for small posters; None leaves them at their size.

    Raises:
        PictureError: the file is missing, or must be encoded again and does not decode within `limits`.
    """
    header = inspect(path, limits)
    size, (width, height) = path.stat().st_size, header.size
    is_plain = header.format == "JPEG" and header.mode in ("L", "RGB") and header.orientation == 1
    action = recipe.action(width, height, size, is_plain=is_plain, enlarges=enlarge is not None)
    if action is Action.LINKED:
        return Cleaned(action, width, height, None)
    picture = open_upright(path, limits)
    if action is Action.DOWNSCALED:
        picture = _fitted(picture, recipe.largest_side)
    elif action is Action.UPSCALED and enlarge is not None:
        picture = enlarge(picture)
    body = _encoded(picture, _quality(action, recipe))
    if action is Action.RECOMPRESSED and len(body) >= size and is_plain:
        return Cleaned(Action.LINKED, width, height, None)  # encoding again would lose quality and save nothing
    return Cleaned(action, *picture.size, body)


def _fitted(picture: Image.Image, largest_side: int) -> Image.Image:
    scale = largest_side / max(picture.size)
    fitted = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(fitted, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _quality(action: Action, recipe: Recipe) -> int:
    return {
        Action.DOWNSCALED: recipe.downscaled_quality,
        Action.RECOMPRESSED: recipe.recompressed_quality,
        Action.UPSCALED: recipe.upscaled_quality,
    }.get(action, recipe.converted_quality)


def _encoded(picture: Image.Image, quality: int) -> bytes:
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=quality, optimize=True)
    return jpeg.getvalue()
