"""Shows the two pictures: side by side, flickering in place, their difference, or split by a slider.

All viewports are locked: the same relative zoom and centre, whatever the pictures' sizes. Those that are hidden draw
nothing.
"""

import tkinter as tk
from typing import Final

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
        self._flipped = self._held = False
        self._letting_go: str | None = None
        self._message = tk.Label(self, font=theme.NORMAL, fg=theme.TEXT, bg=theme.GROUND, justify="center")
        self.rowconfigure(0, weight=1)
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self._lay_out()

    def show(self, pictures: tuple[Picture, Picture] | None, waiting: str = "") -> None:
        """Shows another pair, fitted to the window; for None the text `waiting`."""
        self._pictures, self._flipped = pictures, False
        self._message.configure(text=waiting)
        if pictures is None:
            self._message.place(relwidth=1, relheight=1)
            self._message.tkraise()
        else:
            self._message.place_forget()
        self._update(keep_view=False)

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

    def stop(self) -> None:
        """Call it before the window closes."""
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
        if self.mode == "side":
            if self._held:
                one, other = other, one
            self.left.show(one, keep_view=keep_view)
            self.right.show(other, keep_view=keep_view)
            self.overlay.picture = None
            return
        overlay, swapped = self.overlay, self._flipped != self._held
        single = self.mode == "flicker" or self._held
        overlay.mode = "flicker" if single else self.mode
        overlay.other = None if single else other
        which = ("right", other) if swapped and single else ("left", one)
        overlay.title = {"difference": "difference", "split": "left  |  right"}.get(overlay.mode, which[0])
        overlay.show(which[1] if single else one, keep_view=keep_view)
