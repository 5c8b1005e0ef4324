"""The limits beyond which LAP refuses to decode a picture, and the settings that change them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from lap_assets.core.errors import SettingsError

MAX_PIXELS: Final = 100_000_000
MAX_BYTES: Final = 64 * 2**20
MAX_SCANS: Final = 100
MAX_FRAMES: Final = 1000
LARGEST: Final = 10**12
"""The largest value that these settings accept."""

SETTINGS: Final = {
    "pixels": "LAP_MAX_PIXELS",
    "bytes": "LAP_MAX_PICTURE_BYTES",
    "scans": "LAP_MAX_JPEG_SCANS",
    "frames": "LAP_MAX_FRAMES",
}
"""The environment variable that sets each limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest picture that is decoded.

    Attributes:
        pixels: Width times height, from the file's header.
        bytes: The file's size.
        scans: Scans of a JPEG; each scan of a progressive JPEG takes as long as a decode.
        frames: Frames of an animation, of which only the first is used.
    """

    pixels: int = MAX_PIXELS
    bytes: int = MAX_BYTES
    scans: int = MAX_SCANS
    frames: int = MAX_FRAMES

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Return the limits from the variables in `SETTINGS`, for review tools, which have no other settings.

        Raises:
            SettingsError: a variable is not a whole number from 1 to `LARGEST`.
        """
        named = {field: environment[name] for field, name in SETTINGS.items() if environment.get(name)}
        for field, value in named.items():
            if not re.fullmatch("[0-9]{1,13}", value) or not 1 <= int(value) <= LARGEST:
                raise SettingsError(
                    f"{SETTINGS[field]}={value[:40]!r}: expected a whole number above 0, at most {LARGEST:,}"
                )
        return cls(**{field: int(value) for field, value in named.items()})


DEFAULT_LIMITS: Final = Limits()
