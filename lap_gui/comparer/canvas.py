"""Shows the two pictures: side by side, flickering in place, their difference, or split by a slider.

All viewports are locked: the same relative zoom and centre, whatever the pictures' sizes. Those that are hidden draw
nothing.
"""

import tkinter as tk
from typing import Final

from lap_gui.comparer.aligning import EDGE_ON_EDGE, mirrored
from lap_gui.comparer.lining_up import LiningUp
from lap_gui.comparer.panes import Mode, Overlay, Pane
from lap_gui.shared import theme
from lap_gui.shared.pictures import Picture

TITLES: Final[dict[Mode, str]] = {
    "side": "side by side", "flicker": "in place", "difference": "difference", "split": "split",
}  # fmt: skip
_LETTING_GO_MS: Final = 60
"""X11 lets go of a held key and presses it again for each repetition; a real letting go is longer."""


class PairCanvas(tk.Frame):
    """Shows two pictures: the left one is kept, the right one is removed if the reviewer confirms."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.LINE)
        self.left, self.right, self.overlay = Pane(self), Pane(self), Overlay(self)
        for one, other in ((self.left, self.right), (self.left, self.overlay), (self.right, self.overlay)):
            one.lock(other)
        self.mode: Mode = "side"
        self._pictures: tuple[Picture, Picture] | None = None
        self._flipped = self._held = self._mirrored = False
        self.keeps_view, self.lines_up = False, True
        self.lining_up = LiningUp(self, lambda: self._update(keep_view=True))
        self._letting_go: str | None = None
        self._message = tk.Label(self, font=theme.NORMAL, fg=theme.TEXT, bg=theme.GROUND, justify="center")
        self.rowconfigure(0, weight=1)
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self._lay_out()

    def show(self, pictures: tuple[Picture, Picture] | None, waiting: str = "") -> None:
        """Shows another pair, fitted to the window; for None the text `waiting`."""
        self._pictures, self._flipped, self._mirrored = pictures, False, False
        self._message.configure(text=waiting)
        if pictures is None:
            self._message.place(relwidth=1, relheight=1)
            self._message.tkraise()
        else:
            self._message.place_forget()
        self._update(keep_view=self.keeps_view)

    def look(self, mode: Mode) -> None:
        """Changes the view; zoom and centre stay."""
        if mode != self.mode:
            self.mode, self._flipped = mode, False
            self._lay_out()
            self._update(keep_view=True)

    def flip(self) -> None:
        """Shows the other one in the same place, until it is flipped back."""
        if self.mode != "flicker":
            self.look("flicker")
        else:
            self._flipped = not self._flipped
            self._update(keep_view=True)

    def mirror(self) -> bool:
        """Shows the right picture as in a mirror, or as it is. Returns which."""
        self._mirrored = not self._mirrored
        self._update(keep_view=True)
        return self._mirrored

    def toggle_keeping(self) -> bool:
        """The next pairs: at this zoom and place, or each fitted to the window. Returns which."""
        self.keeps_view = not self.keeps_view
        return self.keeps_view

    def toggle_lining_up(self) -> bool:
        """Difference and split: as the pictures lie, or edge on edge. Returns which."""
        self.lines_up = not self.lines_up
        self._update(keep_view=True)
        return self.lines_up

    def hold(self) -> None:
        """Shows the other one in the same place until `let_go`."""
        if self._letting_go is not None:
            self.after_cancel(self._letting_go)
            self._letting_go = None
        if not self._held:
            self._held = True
            self._update(keep_view=True)

    def let_go(self) -> None:
        """The key was released, unless it is pressed again at once."""
        if self._letting_go is None:
            self._letting_go = self.after(_LETTING_GO_MS, self._let_go)

    def pan(self, dx: float, dy: float) -> None:
        """Moves the pictures by screen px."""
        self.active.look(self.active.view.panned(dx, dy))

    def pixels(self) -> None:
        """Actual size: one px of the left picture is one px of the screen."""
        self.active.look(self.active.view.at_scale(1.0))

    @property
    def message(self) -> str:
        """The text that is shown instead of pictures."""
        return str(self._message.cget("text"))

    @property
    def active(self) -> Pane:
        """The viewport that keys zoom and pan."""
        return self.left if self.mode == "side" else self.overlay

    @property
    def shown(self) -> tuple[Picture | None, Picture | None]:
        """The pictures on the left and on the right (both of the overlay where they share one place)."""
        if self.mode == "side":
            return self.left.picture, self.right.picture
        return self.overlay.picture, self.overlay.other

    @property
    def is_letting_go(self) -> bool:
        """Whether a key was let go of that may only be repeating."""
        return self._letting_go is not None

    def stop(self) -> None:
        """Call it before the window closes."""
        self.lining_up.stop()
        if self._letting_go is not None:
            self.after_cancel(self._letting_go)

    def _let_go(self) -> None:
        self._letting_go, self._held = None, False
        self._update(keep_view=True)

    def _lay_out(self) -> None:
        if self.mode == "side":
            self.overlay.grid_remove()
            self.left.grid(row=0, column=0, sticky="nsew", padx=(0, 1))
            self.right.grid(row=0, column=1, sticky="nsew", padx=(1, 0))
        else:
            self.left.grid_remove()
            self.right.grid_remove()
            self.overlay.grid(row=0, column=0, columnspan=2, sticky="nsew")
        self.update_idletasks()

    def _update(self, *, keep_view: bool) -> None:
        one, other = self._pictures or (None, None)
        turned = other if other is None or not self._mirrored or not other.levels else mirrored(other)
        if self.mode == "side":
            shown = (turned, one) if self._held else (one, turned)
            self.left.show(shown[0], keep_view=keep_view)
            self.right.show(shown[1], keep_view=keep_view)
            self.overlay.picture = None
            return
        overlay, swapped = self.overlay, self._flipped != self._held
        if self.mode == "flicker" or self._held:
            overlay.mode, overlay.other, overlay.title = "flicker", None, "right" if swapped else "left"
            overlay.show(turned if swapped else one, keep_view=keep_view)
            return
        overlay.mode, overlay.other = self.mode, turned
        overlay.title = "difference" if self.mode == "difference" else "left  |  right"
        overlay.alignment = EDGE_ON_EDGE
        if self.lines_up and one is not None and other is not None and one.levels and other.levels:
            self._line_up(one, other)
        overlay.show(one, keep_view=keep_view)

    def _line_up(self, one: Picture, other: Picture) -> None:
        """Puts the other one where it lies in the first, if that is known."""
        overlay, place = self.overlay, self.lining_up.of(one, other)
        if place is None:
            overlay.title += ", lining up …"
        elif place != EDGE_ON_EDGE:
            overlay.alignment, overlay.other = place, mirrored(other) if place.mirrored else other
            overlay.title += ", lined up" + (", mirrored" if place.mirrored else "")
