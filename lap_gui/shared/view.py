"""Position and scale of a picture on a canvas: zoom and pan as arithmetic. No Tk, no pixels.

A view is relative to the picture (zoom over the fitted size, center as a fraction of its sides), so that two pictures
of different sizes look alike at the same zoom and center.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

MAX_SCALE: Final = 10.0
"""Most canvas px per picture px (more only if the fitted picture is already larger)."""


@dataclass(frozen=True, slots=True)
class View:
    """A picture of `picture` px shown on a canvas of `canvas` px (width, height each).

    `zoom`: 1 is fitted, less is smaller than the canvas (set only by `at_scale`). `center`: the point of the picture in
    the middle of the canvas, as fractions of its sides. `max_zoom`: None for `MAX_SCALE`; a number if two views are
    locked to each other.
    """

    picture: tuple[int, int]
    canvas: tuple[int, int]
    zoom: float = 1.0
    center: tuple[float, float] = (0.5, 0.5)
    max_zoom: float | None = None

    @property
    def fit(self) -> float:
        """Canvas px per picture px at which the whole picture just fits."""
        return min(max(1, self.canvas[0]) / max(1, self.picture[0]), max(1, self.canvas[1]) / max(1, self.picture[1]))

    @property
    def scale(self) -> float:
        """Canvas px per picture px."""
        return self.fit * self.zoom

    @property
    def limit(self) -> float:
        """The largest zoom."""
        return self.max_zoom if self.max_zoom is not None else max(1.0, MAX_SCALE / self.fit)

    @property
    def origin(self) -> tuple[float, float]:
        """Canvas position of the picture's top left corner."""
        scale = self.scale
        return (
            self.canvas[0] / 2 - self.center[0] * self.picture[0] * scale,
            self.canvas[1] / 2 - self.center[1] * self.picture[1] * scale,
        )

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the picture in canvas coordinates."""
        left, top = self.origin
        return left + x * self.scale, top + y * self.scale

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the canvas in picture coordinates; it may be outside the picture."""
        left, top = self.origin
        return (x - left) / self.scale, (y - top) / self.scale

    def zoomed(self, factor: float, at: tuple[float, float]) -> Self:
        """Return the view zoomed by a factor.

        The picture's point at `at` (canvas px) stays; zoomed out fully, it is fitted.
        """
        zoom = min(max(self.zoom * factor, min(self.zoom, 1.0)), self.limit)
        if zoom <= 1.0:
            return replace(self.fitted(), zoom=zoom)
        x, y = self.to_picture(*at)
        x, y = min(max(x, 0.0), self.picture[0]), min(max(y, 0.0), self.picture[1])
        over = self.to_canvas(x, y)
        scale = self.fit * zoom
        center = self._fraction(x - (over[0] - self.canvas[0] / 2) / scale, y - (over[1] - self.canvas[1] / 2) / scale)
        return replace(self, zoom=zoom, center=center).clamped()

    def panned(self, dx: float, dy: float) -> Self:
        """Return the view with the picture moved by canvas px; a fitted picture stays."""
        scale = self.scale
        x, y = self.center[0] * self.picture[0] - dx / scale, self.center[1] * self.picture[1] - dy / scale
        return replace(self, center=self._fraction(x, y)).clamped()

    def fitted(self) -> Self:
        """Return the view of the whole picture."""
        return replace(self, zoom=1.0, center=(0.5, 0.5))

    def at_scale(self, scale: float) -> Self:
        """Return the view at `scale` canvas px per picture px around the same center.

        A picture smaller than the canvas is centered.
        """
        if scale < self.fit:
            return replace(self.fitted(), zoom=scale / self.fit)
        return self.zoomed(scale / self.scale, (self.canvas[0] / 2, self.canvas[1] / 2))

    def around(self, box: tuple[float, float, float, float], share: float = 0.5) -> Self:
        """Return the view zoomed to `box` (x1, y1, x2, y2 in picture px), so that it takes `share` of the canvas."""
        x1, y1, x2, y2 = box
        wide, high = max(1.0, x2 - x1), max(1.0, y2 - y1)
        scale = share * min(self.canvas[0] / wide, self.canvas[1] / high)
        zoom = min(max(scale / self.fit, 1.0), self.limit)
        return replace(self, zoom=zoom, center=self._fraction((x1 + x2) / 2, (y1 + y2) / 2)).clamped()

    def on(self, canvas: tuple[int, int]) -> Self:
        """Return the same view on a canvas of another size."""
        return replace(self, canvas=canvas).clamped()

    def like(self, other: "View") -> Self:
        """Return the view with the zoom and center of another."""
        return replace(self, zoom=other.zoom, center=other.center, max_zoom=other.limit).clamped()

    def clamped(self) -> Self:
        """Return the view within its limits: zoomed in, the middle of the canvas is on the picture; else centered.

        An edge of the picture may be moved as far as the middle, so that the edge can be inspected and edited, and
        zooming in never moves the point under the cursor.
        """
        zoom = min(self.zoom, self.limit)
        if zoom <= 1.0:
            return replace(self.fitted(), zoom=zoom)
        return replace(self, zoom=zoom, center=(min(max(self.center[0], 0), 1), min(max(self.center[1], 0), 1)))

    def visible(self) -> tuple[float, float, float, float]:
        """Return the visible part of the picture: x1, y1, x2, y2 in picture px, within its bounds."""
        (x1, y1), (x2, y2) = self.to_picture(0, 0), self.to_picture(*self.canvas)
        wide, high = self.picture
        return min(max(x1, 0.0), wide), min(max(y1, 0.0), high), max(min(x2, wide), 0.0), max(min(y2, high), 0.0)

    def _fraction(self, x: float, y: float) -> tuple[float, float]:
        return x / max(1, self.picture[0]), y / max(1, self.picture[1])
