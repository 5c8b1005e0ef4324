"""Drawing shapes given in a figure's own coordinates, or in widths of the picture, onto a canvas in px.

Belongs here: the change of coordinates and the few strokes that everything is made of.
"""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from PIL import Image, ImageDraw

from lap_assets.replica.renderer.anatomy import Points, ellipse
from lap_assets.replica.renderer.figures import Figure
from lap_assets.replica.renderer.palette import Rgb


class Pen:
    """Draws on `image`; one unit is `unit` px long, turned by `tilt` radians, and (0, 0) lies at `origin` px."""

    def __init__(
        self, image: Image.Image, unit: float, origin: tuple[float, float] = (0.0, 0.0), tilt: float = 0.0
    ) -> None:
        self.image = image
        self.unit = unit
        self.draw = ImageDraw.Draw(image)
        self._origin = np.array(origin)
        cos, sin = math.cos(tilt), math.sin(tilt)
        self._turn = np.array(((cos, sin), (-sin, cos))) * unit

    def on_head(self, figure: Figure) -> Self:
        """A pen in radii of the figure's head, tilted with it."""
        origin = (figure.x * self.unit, figure.y * self.unit)
        return type(self)(self.image, figure.r * self.unit, origin, figure.tilt)

    def on_body(self, figure: Figure) -> Self:
        """The same, leaning only a little."""
        origin = (figure.x * self.unit, figure.y * self.unit)
        return type(self)(self.image, figure.r * self.unit, origin, figure.tilt * 0.3)

    def px(self, points: Points | Sequence[tuple[float, float]]) -> list[float]:
        """x, y, x, y … on the canvas."""
        flat: list[float] = (np.asarray(points) @ self._turn + self._origin).ravel().tolist()
        return flat

    def shape(self, points: Points | Sequence[tuple[float, float]], colour: Rgb) -> None:
        """A filled polygon."""
        self.draw.polygon(self.px(points), fill=colour)

    def inked(
        self, points: Points | Sequence[tuple[float, float]], colour: Rgb, ink: Rgb, width: float = 0.045
    ) -> None:
        """A filled polygon with an outline `width` units wide."""
        flat = self.px(points)
        self.draw.polygon(flat, fill=colour)
        self.draw.line([*flat, *flat[:2]], fill=ink, width=max(1, round(width * self.unit)))

    def line(self, points: Points | Sequence[tuple[float, float]], colour: Rgb, width: float) -> None:
        """An open line `width` units wide."""
        self.draw.line(self.px(points), fill=colour, width=max(1, round(width * self.unit)))

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Rgb) -> None:
        """A filled ellipse."""
        self.shape(ellipse(x, y, rx, ry), colour)
