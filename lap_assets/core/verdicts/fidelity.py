"""Fidelity: how much of a picture a file has kept, which of two copies has kept more, and why.

Every part is in octaves: 1 is the loss of a copy with half the detail. Tested on copies of drawn posters, made larger,
smaller, blurred, gray, saved again at low quality or put in a frame: the original ranks higher in all but a few cases
(docs/graph.md, "Which of two stays"). The measurements are in `pictures.fidelity`.
"""

import math
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Aspect = Literal["damage", "detail", "quality", "color", "blocking", "border", "emptiness"]

_WORST: Final = -100.0
_STEP: Final = 0.025
"""The step in octaves to which ranks are rounded; equal ranks count as equally good."""


class Fidelity(NamedTuple):
    """Measurements of a picture.

    Attributes:
        detail: Variation at each of five scales relative to the contrast, summed: 0 to 5.
        quality: JPEG quality, 1 to 100; None for other formats, which are lossless.
        is_color: Whether the picture has color.
        blocking: Steps at the edges of JPEG's 8 x 8 blocks relative to steps elsewhere; about 1 without visible blocks.
        filled: Share of the area that is not plain border, 0 to 1.
        damage: What is wrong with its data; None if nothing is.
    """

    detail: float
    quality: int | None = None
    is_color: bool = True
    blocking: float = 1.0
    filled: float = 1.0
    damage: str | None = None

    def parts(self, pixels: int) -> dict[Aspect, float]:
        """Return the parts of the rank, in octaves, more is better; `pixels`: width times height."""
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
        """Return the sum of the parts, in steps of 1/40 octave; more is better."""
        return round(sum(self.parts(pixels).values()) / _STEP)


def deciding(better: Mapping[Aspect, float], worse: Mapping[Aspect, float]) -> Aspect:
    """Return the part in which the better of two pictures is furthest ahead."""
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
"""The deciding part as a flaw of the worse picture, in words."""

HAS: Final[Mapping[Aspect, str]] = {
    "damage": "the other one is damaged",
    "detail": "more detail",
    "quality": "higher JPEG quality",
    "color": "in color",
    "blocking": "less of JPEG's blocks",
    "border": "less plain border",
    "emptiness": "as much detail in fewer pixels",
}
"""The deciding part as an advantage of the better picture, in words."""
