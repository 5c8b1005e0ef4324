"""Where a picture lies on a canvas: zoom and pan as arithmetic. No Tk, no pixels.

A view is kept relative to the picture (zoom over the fitted size, centre as a fraction of its sides), so that two
pictures of different sizes are shown alike when both are given the same zoom and centre.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

MAX_SCALE: Final = 10.0
"""Canvas px a picture px, at most (more only where the fitted picture is larger already)."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture of `picture` px shown on a canvas of `canvas` px (width, height each).

    `zoom`: 1 is fitted, less is smaller than the canvas (`at_scale` alone goes there). `centre`: the point of the
    picture in the middle of the canvas, as fractions of its sides. `max_zoom`: None for `MAX_SCALE`; a number where two
    views are locked to each other.
    """

    picture: tuple[int, int]
    canvas: tuple[int, int]
    zoom: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    max_zoom: float | None = None

    @property
    def fit(self) -> float:
        """Canvas px a picture px at which the whole picture just fits."""
        return min(max(1, self.canvas[0]) / max(1, self.picture[0]), max(1, self.canvas[1]) / max(1, self.picture[1]))

    @property
    def scale(self) -> float:
        """Canvas px a picture px."""
        return self.fit * self.zoom

    @property
    def limit(self) -> float:
        """The largest zoom."""
        return self.max_zoom if self.max_zoom is not None else max(1.0, MAX_SCALE / self.fit)

    @property
    def origin(self) -> tuple[float, float]:
        """Where on the canvas the picture's top left corner lies."""
        scale = self.scale
        return (
            self.canvas[0] / 2 - self.centre[0] * self.picture[0] * scale,
            self.canvas[1] / 2 - self.centre[1] * self.picture[1] * scale,
        )

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture on the canvas."""
        left, top = self.origin
        return left + x * self.scale, top + y * self.scale

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """A point of the canvas in the picture; may lie outside of it."""
        left, top = self.origin
        return (x - left) / self.scale, (y - top) / self.scale

    def zoomed(self, factor: float, at: tuple[float, float]) -> Self:
        """Zoomed so that the point of the picture under `at` (canvas px) stays there; zoomed out to the end: fitted."""
        zoom = min(max(self.zoom * factor, min(self.zoom, 1.0)), self.limit)
        if zoom <= 1.0:
            return replace(self.fitted(), zoom=zoom)
        x, y = self.to_picture(*at)
        x, y = min(max(x, 0.0), self.picture[0]), min(max(y, 0.0), self.picture[1])
        over = self.to_canvas(x, y)
        scale = self.fit * zoom
        centre = self._fraction(x - (over[0] - self.canvas[0] / 2) / scale, y - (over[1] - self.canvas[1] / 2) / scale)
        return replace(self, zoom=zoom, centre=centre).clamped()

    def panned(self, dx: float, dy: float) -> Self:
        """The picture moved by canvas px; a fitted one stays where it is."""
        scale = self.scale
        x, y = self.centre[0] * self.picture[0] - dx / scale, self.centre[1] * self.picture[1] - dy / scale
        return replace(self, centre=self._fraction(x, y)).clamped()

    def fitted(self) -> Self:
        """The whole picture."""
        return replace(self, zoom=1.0, centre=(0.5, 0.5))

    def at_scale(self, scale: float) -> Self:
        """Shown at `scale` canvas px a picture px, around the same centre; one that is smaller lies in the middle."""
        if scale < self.fit:
            return replace(self.fitted(), zoom=scale / self.fit)
        return self.zoomed(scale / self.scale, (self.canvas[0] / 2, self.canvas[1] / 2))

    def around(self, box: tuple[float, float, float, float], share: float = 0.5) -> Self:
        """Zoomed onto `box` (x1, y1, x2, y2 in picture px), so that it takes `share` of the canvas."""
        x1, y1, x2, y2 = box
        wide, high = max(1.0, x2 - x1), max(1.0, y2 - y1)
        scale = share * min(self.canvas[0] / wide, self.canvas[1] / high)
        zoom = min(max(scale / self.fit, 1.0), self.limit)
        return replace(self, zoom=zoom, centre=self._fraction((x1 + x2) / 2, (y1 + y2) / 2)).clamped()

    def on(self, canvas: tuple[int, int]) -> Self:
        """The same view on a canvas of another size."""
        return replace(self, canvas=canvas).clamped()

    def like(self, other: "View") -> Self:
        """At the other's zoom and centre."""
        return replace(self, zoom=other.zoom, centre=other.centre, max_zoom=other.limit).clamped()

    def clamped(self) -> Self:
        """Within the limits: zoomed in, the middle of the canvas lies on the picture; else it is the picture's own.

        An edge of the picture may come as far as the middle: what is at the edge can be looked at and worked on, and
        zooming in never moves what is under the cursor.
        """
        zoom = min(self.zoom, self.limit)
        if zoom <= 1.0:
            return replace(self.fitted(), zoom=zoom)
        return replace(self, zoom=zoom, centre=(min(max(self.centre[0], 0), 1), min(max(self.centre[1], 0), 1)))

    def visible(self) -> tuple[float, float, float, float]:
        """The part of the picture that is seen: x1, y1, x2, y2 in picture px, within it."""
        (x1, y1), (x2, y2) = self.to_picture(0, 0), self.to_picture(*self.canvas)
        wide, high = self.picture
        return min(max(x1, 0.0), wide), min(max(y1, 0.0), high), max(min(x2, wide), 0.0), max(min(y2, high), 0.0)

    def _fraction(self, x: float, y: float) -> tuple[float, float]:
        return x / max(1, self.picture[0]), y / max(1, self.picture[1])
