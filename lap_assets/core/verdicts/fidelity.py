"""How much of a picture a file has kept: what is measured of it, and which of two copies has kept more, and why.

Every part counts in octaves: 1 is what a copy loses that has half the detail. Measured on copies of drawn posters, made
larger, smaller, blurred, gray, saved again at low quality or put in a frame: the original has more in all but a few
(docs/graph.md, "Which of two stays"). How the numbers are measured is in `pictures.fidelity`.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Aspect = Literal["damage", "detail", "quality", "color", "blocking", "border", "emptiness"]

_WORST: Final = -100.0
_STEP: Final = 0.025
"""Octaves within which two copies count as equally good."""


class Fidelity(NamedTuple):
    """What is measured of a picture.

    Attributes:
        detail: How much it still changes at each of five scales, summed and as a part of its contrast: 0 to 5.
        quality: JPEG quality, 1 to 100; None for other formats, which lose nothing.
        is_color: Whether there is color in it.
        blocking: Steps at the edges of JPEG's 8 x 8 blocks by those elsewhere; about 1 where none are seen.
        filled: The part of its area that is not plain border, 0 to 1.
        damage: What is wrong with its data; None where nothing is.
    """

    detail: float
    quality: int | None = None
    is_color: bool = True
    blocking: float = 1.0
    filled: float = 1.0
    damage: str | None = None

    def parts(self, pixels: int) -> dict[Aspect, float]:
        """What speaks for it, in octaves; `pixels`: width times height."""
        lost = max(0, 90 - self.quality) / 100 if self.quality is not None else 0.0
        return {
            "damage": 0.0 if self.damage is None else _WORST,
            "detail": math.log2(self.detail + 0.001),
            "quality": -1.6 * lost**2,
            "color": 0.0 if self.is_color else -0.4,
            "blocking": -0.5 * max(0.0, math.log2(max(self.blocking, 0.01)) - 0.25),
            "border": -0.5 * max(0.0, 0.97 - self.filled),
            "emptiness": -0.06 * math.log2(max(pixels * self.filled, 1)),
        }

    def rank(self, pixels: int) -> int:
        """The whole, in steps of 1/40 octave; more is better."""
        return round(sum(self.parts(pixels).values()) / _STEP)


def deciding(better: Mapping[Aspect, float], worse: Mapping[Aspect, float]) -> Aspect:
    """The part that speaks most for the better one of two."""
    return max(better, key=lambda aspect: better[aspect] - worse[aspect])


LACKS: Final[Mapping[Aspect, str]] = {
    "damage": "damaged",
    "detail": "less detail",
    "quality": "lower JPEG quality",
    "color": "gray, the other one is in color",
    "blocking": "more of JPEG's blocks",
    "border": "more plain border",
    "emptiness": "no more detail in more pixels",
}
"""What the worse one of two lacks, in words."""

HAS: Final[Mapping[Aspect, str]] = {
    "damage": "the other one is damaged",
    "detail": "more detail",
    "quality": "higher JPEG quality",
    "color": "in color",
    "blocking": "less of JPEG's blocks",
    "border": "less plain border",
    "emptiness": "as much detail in fewer pixels",
}
"""What the better one of two has, in words."""
