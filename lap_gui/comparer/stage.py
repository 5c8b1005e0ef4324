"""Where the two pictures are seen: side by side, flickering in one place, their difference, split by a slider.

All viewports are locked: the same relative zoom and centre, whatever the pictures' sizes. Those that are hidden draw
nothing.
"""

import tkinter as tk
from typing import Any, Final, Literal

from lap_gui.comparer.composing import Composed, difference, split
from lap_gui.shared import theme
from lap_gui.shared.pictures import Picture
from lap_gui.shared.view import View
from lap_gui.shared.viewport import Viewport

Mode = Literal["side", "flicker", "difference", "split"]
TITLES: Final[dict[Mode, str]] = {
    "side": "side by side", "flicker": "in one place", "difference": "difference", "split": "split",
}  # fmt: skip
_LETTING_GO_MS: Final = 60
"""X11 lets go of a held key and presses it again for each repetition; a real letting go is longer."""
_GRIP: Final = 14


class Pane(Viewport):
    """A viewport that also pans with the left button, and rests while it is hidden."""

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, **options)
        self.bind("<ButtonPress-1>", self._on_grip)
        self.bind("<B1-Motion>", self._on_pan)
        self.bind("<Map>", lambda _event: self.draw_soon())

    def compose(self, view: View) -> Composed | None:
        """Nothing while it is hidden."""
        return super().compose(view) if self.winfo_ismapped() else None


class Overlay(Pane):
    """Both pictures in one place. `edge`: where the slider is, as a fraction of the width."""

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, **options)
        self.mode: Mode = "flicker"
        self.other: Picture | None = None
        self.edge = 0.5
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
        """As the mode says; what has only one picture shows it alone."""
        one, other = self.picture, self.other
        if self.mode == "flicker" or one is None or other is None or not (one.levels and other.levels):
            return super().compose(view)
        if not self.winfo_ismapped():
            return None
        if self.mode == "difference":
            return difference(one, other, view)
        return split(one, other, view, self.edge * view.canvas[0])

    def slide(self, to: float) -> None:
        """Moves the slider."""
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


class Stage(tk.Frame):
    """Shows two pictures: the left one stays and the right one goes if the person says so."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.LINE)
        self.left, self.right, self.overlay = Pane(self), Pane(self), Overlay(self)
        for one, other in ((self.left, self.right), (self.left, self.overlay), (self.right, self.overlay)):
            one.lock(other)
        self.mode: Mode = "side"
        self._pictures: tuple[Picture, Picture] | None = None
        self._flipped = self._held = False
        self._letting_go: str | None = None
        self._told = tk.Label(self, font=theme.NORMAL, fg=theme.TEXT, bg=theme.GROUND, justify="center")
        self.rowconfigure(0, weight=1)
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self._lay_out()

    def show(self, pictures: tuple[Picture, Picture] | None, waiting: str = "") -> None:
        """Shows another pair, whole; None: a text."""
        self._pictures, self._flipped = pictures, False
        self._told.configure(text=waiting)
        if pictures is None:
            self._told.place(relwidth=1, relheight=1)
            self._told.tkraise()
        else:
            self._told.place_forget()
        self._update(keep_view=False)

    def look(self, mode: Mode) -> None:
        """Changes the way of looking; zoom and centre stay."""
        if mode != self.mode:
            self.mode, self._flipped = mode, False
            self._lay_out()
            self._update(keep_view=True)

    def flip(self) -> None:
        """The other one in the same place, until it is flipped back."""
        if self.mode != "flicker":
            self.look("flicker")
        else:
            self._flipped = not self._flipped
            self._update(keep_view=True)

    def hold(self) -> None:
        """The other one in the same place, from now until `let_go`."""
        if self._letting_go is not None:
            self.after_cancel(self._letting_go)
            self._letting_go = None
        if not self._held:
            self._held = True
            self._update(keep_view=True)

    def let_go(self) -> None:
        """The key was let go of, if it is not pressed again at once."""
        if self._letting_go is None:
            self._letting_go = self.after(_LETTING_GO_MS, self._let_go)

    def pan(self, dx: float, dy: float) -> None:
        """Moves the pictures by so many px of the screen."""
        self.active.look(self.active.view.panned(dx, dy))

    def pixels(self) -> None:
        """One pixel of the left picture is one of the screen's."""
        self.active.look(self.active.view.at_scale(1.0))

    @property
    def told(self) -> str:
        """The text that is shown instead of pictures."""
        return str(self._told.cget("text"))

    @property
    def active(self) -> Pane:
        """The viewport that keys zoom and pan."""
        return self.left if self.mode == "side" else self.overlay

    @property
    def shown(self) -> tuple[Picture | None, Picture | None]:
        """What is seen on the left and on the right (twice the same in one place)."""
        if self.mode == "side":
            return self.left.picture, self.right.picture
        return self.overlay.picture, self.overlay.other

    def stop(self) -> None:
        """Before the window goes."""
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
