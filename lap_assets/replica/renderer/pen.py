"""Draw shapes given in a figure's coordinates, or in widths of the picture, on a canvas in px.

The transformation of coordinates and the few basic shapes belong here.
"""

import math
from collections.abc import Sequence
from typing import Final, Self

import numpy as np
from PIL import Image, ImageDraw

from lap_assets.replica.renderer.anatomy import Points, ellipse
from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import Rgb, mix
from lap_assets.replica.renderer.styles import STANDARD, Style

_PAPER: Final[Rgb] = (244, 241, 232)
_SLATE: Final[Rgb] = (38, 46, 52)


class Pen:
    """Draws on `image`; one unit is `unit` px, rotated by `tilt` radians, with (0, 0) at `origin` px.

    `style` changes colors and outlines and, if `is_head`, also shapes.
    """

    def __init__(
        self,
        image: Image.Image,
        unit: float,
        origin: tuple[float, float] = (0.0, 0.0),
        tilt: float = 0.0,
        *,
        style: Style = STANDARD,
        is_head: bool = False,
    ) -> None:
        self.image = image
        self.unit = unit
        self.draw = ImageDraw.Draw(image)
        self._style, self._is_head = style, is_head
        self._origin = np.array(origin)
        cos, sin = math.cos(tilt), math.sin(tilt)
        self._turn = np.array(((cos, sin), (-sin, cos))) * unit

    def on_head(self, figure: Figure) -> Self:
        """Return a pen with the unit of the head's radius, tilted like the head."""
        origin = (figure.x * self.unit, figure.y * self.unit)
        return type(self)(self.image, figure.r * self.unit, origin, figure.tilt, style=figure.style, is_head=True)

    def on_body(self, figure: Figure) -> Self:
        """Return a pen with the unit of the body's size, tilted less than the head."""
        origin = (figure.x * self.unit, figure.y * self.unit)
        size = figure.r * self.unit * figure.style.body
        return type(self)(self.image, size, origin, figure.tilt * 0.3, style=figure.style)

    def px(self, points: Points | Sequence[tuple[float, float]]) -> list[float]:
        """Return the points on the canvas as a flat list x, y, x, y … in px."""
        shaped = self._style.shaped(points) if self._is_head else np.asarray(points)
        flat: list[float] = (shaped @ self._turn + self._origin).ravel().tolist()
        return flat

    def shape(self, points: Points | Sequence[tuple[float, float]], color: Rgb) -> None:
        """Draw a filled polygon."""
        self.draw.polygon(self.px(points), fill=self._painted(color))

    def inked(self, points: Points | Sequence[tuple[float, float]], color: Rgb, ink: Rgb, width: float = 0.045) -> None:
        """Draw a filled polygon with an outline `width` units wide."""
        flat = self.px(points)
        self.draw.polygon(flat, fill=self._painted(color))
        width *= self._style.lines * self.unit
        self.draw.line([*flat, *flat[:2]], fill=self._inked(ink), width=max(1, round(width)))

    def line(self, points: Points | Sequence[tuple[float, float]], color: Rgb, width: float) -> None:
        """Draw an open line `width` units wide."""
        self.draw.line(self.px(points), fill=self._inked(color), width=max(1, round(width * self.unit)))

    def oval(self, x: float, y: float, rx: float, ry: float, color: Rgb) -> None:
        """Draw a filled ellipse."""
        self.shape(ellipse(x, y, rx, ry), color)

    def _painted(self, color: Rgb) -> Rgb:
        if self._style.tone == "paint":
            return color
        return mix(color, _PAPER, 0.8) if self._style.tone == "sketch" else mix(color, _SLATE, 0.85)

    def _inked(self, color: Rgb) -> Rgb:
        return _PAPER if self._style.tone == "chalk" else color
