"""How large a picture may be before LAP refuses to decode it: the numbers, and the settings that change them."""

from dataclasses import dataclass
from typing import Final

MAX_PIXELS: Final = 100_000_000
MAX_BYTES: Final = 64 * 2**20
MAX_SCANS: Final = 100
MAX_FRAMES: Final = 1000

SETTINGS: Final = {
    "pixels": "LAP_MAX_PIXELS",
    "bytes": "LAP_MAX_PICTURE_BYTES",
    "scans": "LAP_MAX_JPEG_SCANS",
    "frames": "LAP_MAX_FRAMES",
}
"""The environment variable that sets each limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a picture may have.

    Attributes:
        pixels: Width times height, as the file's header claims.
        bytes: The file's size.
        scans: Passes over a JPEG; each pass of a progressive one costs a decode.
        frames: Pictures in an animation, of which only the first is used.
    """

    pixels: int = MAX_PIXELS
    bytes: int = MAX_BYTES
    scans: int = MAX_SCANS
    frames: int = MAX_FRAMES


DEFAULT_LIMITS: Final = Limits()
