"""A canvas that shows one picture: draws only the visible part, zooms at the cursor, pans; may be locked to others.

Does not belong here: overlays (boxes, sliders). Those listen to `on_view`.
"""

import tkinter as tk
from collections.abc import Callable
from typing import Any, Final

from PIL import Image, ImageTk

from lap_gui.shared import theme
from lap_gui.shared.pictures import Picture
from lap_gui.shared.rendering import render
from lap_gui.shared.tones import Tones
from lap_gui.shared.view import View
from lap_gui.shared.wheel import bind_wheel

_STEP: Final = 1.2
PICTURE_TAG: Final = "picture"


class Viewport(tk.Canvas):
    """Shows a picture, or why it cannot. It always has exactly one image item.

    `on_view`: functions called after each change of the view, to draw overlays.
    """

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, background=theme.GROUND, highlightthickness=0, borderwidth=0, **options)
        self.picture: Picture | None = None
        self.view = View((1, 1), (1, 1))
        self.on_view: list[Callable[[], None]] = []
        self.tones = Tones()
        self._locked: list[Viewport] = []
        self._photo: ImageTk.PhotoImage | None = None
        self._item = self.create_image(0, 0, anchor="nw", tags=PICTURE_TAG)
        self._text = self.create_text(0, 0, fill=theme.QUIET, font=theme.NORMAL, justify="center")
        self._grip: tuple[int, int] | None = None
        self._drawing: str | None = None
        self.bind("<Configure>", self._on_configure)
        for button in (2, 3):  # the right button is 2 on macOS, 3 elsewhere; the middle one pans too
            self.bind(f"<ButtonPress-{button}>", self._on_grip)
            self.bind(f"<B{button}-Motion>", self._on_pan)
        bind_wheel(self, self._on_wheel)

    def show(self, picture: Picture | None, *, keep_view: bool = False, waiting: str = "") -> None:
        """Show a picture, or for None the text `waiting`. `keep_view`: at the current zoom and center, else fitted."""
        self.picture = picture
        size = picture.size if picture is not None and picture.levels else (1, 1)
        previous = self.view
        self.view = View(size, self._canvas_size(), max_zoom=previous.max_zoom if self._locked else None)
        if keep_view:
            self.view = self.view.like(previous) if self._locked else self.view.at_scale(previous.scale)
        if picture is not None:
            waiting = f"{picture.path.name}\n{picture.problem}" if picture.problem is not None else ""
        self.itemconfigure(self._text, text=waiting)
        self.draw()

    def look(self, view: View) -> None:
        """Show another part; viewports locked to this one follow."""
        self.view = view
        for other in self._locked:
            other.view = other.view.like(view)
            other.draw_soon()
        self.draw_soon()

    def lock(self, other: "Viewport") -> None:
        """Make both show the same relative zoom and center; the more detailed picture sets the largest zoom."""
        self._locked.append(other)
        other._locked.append(self)

    def unlock(self) -> None:
        """Release this viewport from all others."""
        for other in self._locked:
            other._locked.remove(self)
        self._locked.clear()

    def zoom(self, steps: int, at: tuple[float, float] | None = None) -> None:
        """Zoom by steps (in above 0) at the canvas position `at`, or the middle."""
        view = self.view
        if self._locked:
            limit = max(max(1.0, v.limit) for v in (self._free(self), *(self._free(other) for other in self._locked)))
            view = View(view.picture, view.canvas, view.zoom, view.center, limit)
        self.look(view.zoomed(_STEP**steps, at or (view.canvas[0] / 2, view.canvas[1] / 2)))

    def tone(self, tones: Tones) -> None:
        """Show pictures in other tones."""
        self.tones = tones
        self.draw_soon()

    def draw_soon(self) -> None:
        """Draw once Tk is idle: many changes are drawn together."""
        if self._drawing is None:
            self._drawing = self.after_idle(self._draw_now)

    def draw(self) -> None:
        """Draw the current view now."""
        if self._drawing is not None:
            self.after_cancel(self._drawing)
        self._draw_now()

    def destroy(self) -> None:
        """Release the picture in Tk's own thread."""
        self._photo = None
        super().destroy()

    def compose(self, view: View) -> tuple[Image.Image, tuple[int, int]] | None:
        """Return the pixels to show and their position. Override it to show more than a picture."""
        if self.picture is None or not self.picture.levels:
            return None
        return render(self.picture, view)

    def _draw_now(self) -> None:
        self._drawing = None
        composed = self.compose(self.view)
        if composed is None:
            self.itemconfigure(self._item, image="")
            self._photo = None
        else:
            image, at = composed
            if (table := self.tones.table) is not None:
                image = image.point(table * len(image.getbands()))
            if self._photo is not None and (self._photo.width(), self._photo.height()) == image.size:
                self._photo.paste(image)
            else:
                previous, self._photo = self._photo, ImageTk.PhotoImage(image, master=self)
                self.itemconfigure(self._item, image=str(self._photo))
                del previous  # only now: Tk drew from it until here
            self.coords(self._item, *at)
        self.coords(self._text, self.view.canvas[0] / 2, self.view.canvas[1] / 2)
        for listener in self.on_view:
            listener()

    @staticmethod
    def _free(viewport: "Viewport") -> View:
        return View(viewport.view.picture, viewport.view.canvas)

    def _canvas_size(self) -> tuple[int, int]:
        return max(1, self.winfo_width()), max(1, self.winfo_height())

    def _on_configure(self, _event: "tk.Event[tk.Misc]") -> None:
        self.view = self.view.on(self._canvas_size())
        self.draw_soon()

    def _on_grip(self, event: "tk.Event[tk.Misc]") -> None:
        self._grip = (event.x, event.y)

    def _on_pan(self, event: "tk.Event[tk.Misc]") -> None:
        if self._grip is not None:
            self.look(self.view.panned(event.x - self._grip[0], event.y - self._grip[1]))
        self._grip = (event.x, event.y)

    def _on_wheel(self, steps: int, event: "tk.Event[tk.Misc]") -> None:
        self.zoom(steps, (event.x, event.y))
