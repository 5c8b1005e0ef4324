"""The Comparer's viewports: one picture, or both in one place. `canvas` decides what they show."""

import tkinter as tk
from typing import Any, Final, Literal

from lap_gui.comparer.aligning import EDGE_ON_EDGE
from lap_gui.comparer.composing import Composed, difference, split
from lap_gui.shared import theme
from lap_gui.shared.pictures import Picture
from lap_gui.shared.view import View
from lap_gui.shared.viewport import Viewport

Mode = Literal["side", "flicker", "difference", "split"]
_GRIP: Final = 14


class Pane(Viewport):
    """A viewport that also pans with the left button, and draws nothing while it is hidden."""

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, **options)
        self.bind("<ButtonPress-1>", self._on_grip)
        self.bind("<B1-Motion>", self._on_pan)
        self.bind("<Map>", lambda _event: self.draw_soon())

    def compose(self, view: View) -> Composed | None:
        """Return nothing while it is hidden."""
        return super().compose(view) if self.winfo_ismapped() else None


class Overlay(Pane):
    """Both pictures in one place.

    `edge`: the slider, as a fraction of the width; `alignment`: of the other in the first.
    """

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, **options)
        self.mode: Mode = "flicker"
        self.other: Picture | None = None
        self.edge, self.alignment = 0.5, EDGE_ON_EDGE
        self._line = self.create_line(0, 0, 0, 0, fill=theme.ACCENT, width=2, state="hidden")
        self._knob = self.create_oval(0, 0, 0, 0, fill=theme.ACCENT, outline="", state="hidden")
        self._title = self.create_text(12, 10, anchor="nw", fill=theme.TEXT, font=theme.BOLD)
        self._behind = self.create_rectangle(0, 0, 0, 0, fill=theme.GROUND, outline="")
        self.on_view.append(self._draw_over)
        self.title = ""
        self.bind("<ButtonPress-1>", self._on_press)
        self.bind("<B1-Motion>", self._on_move)
        self._slides = False

    def compose(self, view: View) -> Composed | None:
        """Compose both pictures by the mode; a single picture is shown alone."""
        one, other = self.picture, self.other
        if self.mode == "flicker" or one is None or other is None or not (one.levels and other.levels):
            return super().compose(view)
        if not self.winfo_ismapped():
            return None
        if self.mode == "difference":
            return difference(one, other, view, self.alignment)
        return split(one, other, view, self.edge * view.canvas[0], self.alignment)

    def slide(self, to: float) -> None:
        """Move the slider."""
        self.edge = min(max(to, 0.0), 1.0)
        self.draw_soon()

    def _draw_over(self) -> None:
        shown = "normal" if self.mode == "split" and self.picture is not None else "hidden"
        x, high = self.edge * self.view.canvas[0], self.view.canvas[1]
        self.coords(self._line, x, 0, x, high)
        self.coords(self._knob, x - _GRIP / 2, high / 2 - _GRIP / 2, x + _GRIP / 2, high / 2 + _GRIP / 2)
        self.itemconfigure(self._line, state=shown)
        self.itemconfigure(self._knob, state=shown)
        self.itemconfigure(self._title, text=self.title if self.picture is not None else "")
        left, top, right, bottom = self.bbox(self._title) or (0, 0, 0, 0)
        self.coords(self._behind, left - 6, top - 4, right + 6, bottom + 4)
        self.itemconfigure(self._behind, state="normal" if self.title and self.picture is not None else "hidden")
        self.tag_raise(self._title)

    def _on_press(self, event: "tk.Event[tk.Misc]") -> None:
        self._slides = self.mode == "split"
        if self._slides:
            self.slide(event.x / self.view.canvas[0])
        self._on_grip(event)

    def _on_move(self, event: "tk.Event[tk.Misc]") -> None:
        if self._slides:
            self.slide(event.x / self.view.canvas[0])
        else:
            self._on_pan(event)
