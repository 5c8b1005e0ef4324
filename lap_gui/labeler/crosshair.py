"""Two lines through the pointer across the image, where the edges of a box would be."""

import tkinter as tk
from typing import Final

from lap_gui.shared.viewport import Viewport

_TAG: Final = "crosshair"


class Crosshair:
    """Follows the pointer while it is on."""

    def __init__(self, viewport: Viewport) -> None:
        self.is_on = False
        self._viewport = viewport
        self._at: tuple[int, int] | None = None
        for event in ("<Motion>", "<B1-Motion>", "<B2-Motion>", "<B3-Motion>", "<Enter>"):
            viewport.bind(event, self._move, add=True)
        viewport.bind("<Leave>", self._leave, add=True)

    def toggle(self) -> None:
        """Show or hide it."""
        self.is_on = not self.is_on
        self._draw()

    def _move(self, event: "tk.Event[tk.Misc]") -> None:
        self._at = event.x, event.y
        self._draw()

    def _leave(self, _event: "tk.Event[tk.Misc]") -> None:
        self._at = None
        self._draw()

    def _draw(self) -> None:
        viewport = self._viewport
        viewport.delete(_TAG)
        if not self.is_on or self._at is None:
            return
        x, y = self._at
        wide, high = viewport.view.canvas
        for color, dash in (("black", ()), ("white", (4, 4))):  # one of them is visible on any picture
            viewport.create_line(0, y, wide, y, fill=color, dash=dash, tags=_TAG)
            viewport.create_line(x, 0, x, high, fill=color, dash=dash, tags=_TAG)
