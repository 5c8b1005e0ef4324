"""Shows the two pictures: side by side, flickering in one place, their difference, or split by a slider.

All viewports are locked to the same relative zoom and center, whatever the pictures' sizes. Hidden ones draw nothing.
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
"""X11 releases and presses a held key for each repetition; a real release lasts longer than this."""


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
        """Show another pair, fitted to the window; for None, the text `waiting`."""
        self._pictures, self._flipped, self._mirrored = pictures, False, False
        self._message.configure(text=waiting)
        if pictures is None:
            self._message.place(relwidth=1, relheight=1)
            self._message.tkraise()
        else:
            self._message.place_forget()
        self._update(keep_view=self.keeps_view)

    def look(self, mode: Mode) -> None:
        """Change the view; zoom and center stay."""
        if mode != self.mode:
            self.mode, self._flipped = mode, False
            self._lay_out()
            self._update(keep_view=True)

    def flip(self) -> None:
        """Show the other picture in the same place, until flipped back."""
        if self.mode != "flicker":
            self.look("flicker")
        else:
            self._flipped = not self._flipped
            self._update(keep_view=True)

    def mirror(self) -> bool:
        """Mirror the right picture, or undo that. Returns whether it is mirrored."""
        self._mirrored = not self._mirrored
        self._update(keep_view=True)
        return self._mirrored

    def toggle_keeping(self) -> bool:
        """Keep zoom and position for the next pairs, or fit each. Returns whether they are kept."""
        self.keeps_view = not self.keeps_view
        return self.keeps_view

    def toggle_lining_up(self) -> bool:
        """Line up the pictures of difference and split, or compare edge to edge. Returns whether they are lined up."""
        self.lines_up = not self.lines_up
        self._update(keep_view=True)
        return self.lines_up

    def hold(self) -> None:
        """Show the other picture in the same place until `let_go`."""
        if self._letting_go is not None:
            self.after_cancel(self._letting_go)
            self._letting_go = None
        if not self._held:
            self._held = True
            self._update(keep_view=True)

    def let_go(self) -> None:
        """End `hold`, unless the key is pressed again at once."""
        if self._letting_go is None:
            self._letting_go = self.after(_LETTING_GO_MS, self._let_go)

    def pan(self, dx: float, dy: float) -> None:
        """Move the pictures by screen px."""
        self.active.look(self.active.view.panned(dx, dy))

    def pixels(self) -> None:
        """Show the left picture at actual size: one picture px per screen px."""
        self.active.look(self.active.view.at_scale(1.0))

    @property
    def message(self) -> str:
        """The text shown instead of pictures."""
        return str(self._message.cget("text"))

    @property
    def active(self) -> Pane:
        """The viewport that keys zoom and pan."""
        return self.left if self.mode == "side" else self.overlay

    @property
    def shown(self) -> tuple[Picture | None, Picture | None]:
        """The pictures on the left and on the right (both of the overlay if they share one place)."""
        if self.mode == "side":
            return self.left.picture, self.right.picture
        return self.overlay.picture, self.overlay.other

    @property
    def is_letting_go(self) -> bool:
        """Whether a release is pending that may be a repetition."""
        return self._letting_go is not None

    def stop(self) -> None:
        """Stop timers and threads; call it before the window closes."""
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
        """Align the other picture with the first, if the alignment is known."""
        overlay, alignment = self.overlay, self.lining_up.of(one, other)
        if alignment is None:
            overlay.title += ", lining up …"
        elif alignment != EDGE_ON_EDGE:
            overlay.alignment, overlay.other = alignment, mirrored(other) if alignment.mirrored else other
            overlay.title += ", lined up" + (", mirrored" if alignment.mirrored else "")
