"""How large a picture may be before LAP refuses to decode it: the numbers, and the settings that change them."""

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
"""The most that a setting of these may be."""

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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The limits that `SETTINGS` name there, for a review tool, which has no other settings.

        Raises:
            SettingsError: a variable holds no number of 1 to `LARGEST`.
        """
        named = {field: environment[name] for field, name in SETTINGS.items() if environment.get(name)}
        for field, value in named.items():
            if not re.fullmatch("[0-9]{1,13}", value) or not 1 <= int(value) <= LARGEST:
                raise SettingsError(
                    f"{SETTINGS[field]}={value[:40]!r}: expected a whole number above 0, at most {LARGEST:,}"
                )
        return cls(**{field: int(value) for field, value in named.items()})


DEFAULT_LIMITS: Final = Limits()
