"""Brightness and contrast of the view only; no file changes. Arithmetic on tables of tones."""

from dataclasses import dataclass, replace
from typing import Final, Self

_STEP: Final = 1.25
_MOST: Final = 6
"""Most steps in either direction."""


@dataclass(frozen=True, slots=True)
class Tones:
    """Steps of brightness and contrast; 0 leaves a picture as it is."""

    brightness: int = 0
    contrast: int = 0

    def brighter(self, steps: int) -> Self:
        """Return brighter tones, or darker ones for steps below 0."""
        return replace(self, brightness=max(-_MOST, min(self.brightness + steps, _MOST)))

    def sharper(self, steps: int) -> Self:
        """Return tones with more contrast, or with less for steps below 0."""
        return replace(self, contrast=max(-_MOST, min(self.contrast + steps, _MOST)))

    @property
    def table(self) -> list[int] | None:
        """The new value of each of the 256 tones; None if they stay.

        Brightness bends the middle tones (gamma), so that black and white stay; contrast scales around the middle.
        """
        if self == type(self)():
            return None
        gamma, gain = _STEP**-self.brightness, _STEP**self.contrast
        bent = (255 * (tone / 255) ** gamma for tone in range(256))
        return [max(0, min(round(127.5 + (tone - 127.5) * gain), 255)) for tone in bent]
