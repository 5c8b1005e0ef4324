"""Drawing styles: eyes, proportions, lines and shading. All posters of a catalog have the same style.

The table of styles belongs here. lap-tiny was trained on `standard` alone; the others serve to measure how it, and
detectors trained from people's labels, perform on unfamiliar drawings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import InputError

EyeShape = Literal["glossy", "dots", "rings", "slits"]
Shading = Literal["cel", "flat", "hatched", "airbrush"]
Tone = Literal["paint", "sketch", "chalk"]


@dataclass(frozen=True, slots=True)
class Style:
    """A style of drawing figures.

    `wide` and `long` stretch a head; `body`: size of the body relative to the head. `eye_y` (radii below the center),
    `eyes_apart` (radii from the center) and `eye_scale` place the eyes. `lines`: width of outlines relative to the
    standard, 0 for none. `color`: remaining saturation, 0 for gray; `nose`: its height in radii. `square`: exponent of
    the head's outline, 2 for a circle. `tone`: colors, dark lines on paper, or light lines on slate. `skins`: hue and
    saturation of every skin, for non-human skins.
    """

    name: str
    eyes: EyeShape = "glossy"
    shading: Shading = "cel"
    wide: float = 1.0
    long: float = 1.0
    body: float = 1.0
    eye_y: float = 0.27
    eyes_apart: float = 0.43
    eye_scale: float = 1.0
    lines: float = 1.0
    color: float = 1.0
    nose: float = 0.0
    square: float = 2.0
    tone: Tone = "paint"
    skins: tuple[float, float] | None = None

    def shaped(self, points: Sequence[tuple[float, float]] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Map points of a standard head, shape (n, 2), to a head of this style."""
        found = np.asarray(points, dtype=float)
        if self.square != 2:
            away = np.hypot(found[:, 0], found[:, 1]).clip(1e-9)
            sides = np.abs(found / away[:, None]) ** self.square
            found = found * (sides.sum(axis=1) ** (-1 / self.square))[:, None]
        return found * (self.wide, self.long)


STANDARD: Final = Style("standard")
STYLES: Final[dict[str, Style]] = {
    style.name: style
    for style in (
        STANDARD,
        Style("chibi", "dots", "flat", 1.34, 0.8, 0.6, 0.42, 0.56, 0.6, 2.0, square=2.6, skins=(0.95, 0.3)),
        Style("ink", "slits", "hatched", 0.8, 1.2, 1.1, 0.14, 0.4, 0.85, 0.7, 0.0, 0.3, tone="sketch"),
        Style("toon", "rings", "flat", 0.95, 1.1, 0.75, 0.0, 0.3, 1.35, 1.6, 1.0, 0.26, 5.0, skins=(0.5, 0.6)),
        Style("chalk", "dots", "flat", 1.1, 1.0, 0.9, 0.3, 0.46, 1.1, 1.4, 0.5, tone="chalk"),
    )
}


def style_of(name: str) -> Style:
    """Return the style with this name.

    Raises:
        InputError: no style has the name.
    """
    if name not in STYLES:
        raise InputError(f"--style {name}: expected one of: {', '.join(STYLES)}")
    return STYLES[name]
