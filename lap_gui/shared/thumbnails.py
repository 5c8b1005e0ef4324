"""A strip or columns of thumbnails for any number of files; only visible ones are decoded and drawn."""

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PIL import ImageTk

from lap_gui.shared import theme
from lap_gui.shared.loading import Arrivals, Loader, thumbnail_loader
from lap_gui.shared.pictures import Picture
from lap_gui.shared.thumbnail_cell import Caption, Cell, caption_high, draw_cell
from lap_gui.shared.wheel import bind_wheel

_GAP: Final = 6
_AHEAD: Final = 2  # screens


class Thumbnails(tk.Frame):
    """Shows `paths` in `columns`, or, if `columns` is 0, in one row that scrolls sideways.

    `picked(index)` is called on a click, `caption(index)` for each thumbnail drawn, and `drawn` after each drawing,
    since other thumbnails may then be visible.
    """

    def __init__(
        self,
        master: tk.Misc,
        picked: Callable[[int], object],
        caption: Callable[[int], Caption],
        box: tuple[int, int] = (120, 150),
    ) -> None:
        super().__init__(master, background=theme.PANEL)
        self.box, self._picked, self._caption = box, picked, caption
        self._paths: Sequence[Path] = ()
        self.columns, self.current, self.first = 0, 0, 0.0
        self.loader: Loader[Picture] = thumbnail_loader(box)
        self._arrivals = Arrivals(self, self.loader, lambda _path: self.draw_soon())
        self._photos: dict[Path, ImageTk.PhotoImage] = {}
        self._drawing: str | None = None
        self._canvas = tk.Canvas(self, background=theme.PANEL, highlightthickness=0)
        self._below = caption_high(self._canvas)
        self._bar = tk.Scrollbar(self, command=self._on_bar, **theme.SCROLLBAR)
        self.drawn: Callable[[], object] = lambda: None
        self._canvas.bind("<Configure>", lambda _event: self.draw_soon())
        self._canvas.bind("<Button-1>", self._on_click)
        bind_wheel(self._canvas, lambda steps, _event: self.scroll(-steps))
        self.lay_out(0)

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell in px."""
        return self.box[0] + _GAP, self.box[1] + self._below + _GAP

    def set_paths(self, paths: Sequence[Path], current: int = 0) -> None:
        """Show other files."""
        self._paths, self.current = paths, current
        self.see(current)

    def lay_out(self, columns: int) -> None:
        """Set the number of columns; 0 for one row."""
        self.columns = columns
        wide, high = self.cell
        self._bar.pack_forget()
        self._canvas.pack_forget()
        sideways = columns == 0
        self._bar.configure(orient="horizontal" if sideways else "vertical")
        self._bar.pack(side="bottom" if sideways else "right", fill="x" if sideways else "y")
        self._canvas.configure(width=1 if sideways else columns * wide + _GAP, height=high + _GAP if sideways else 1)
        self._canvas.pack(side="left", fill="both", expand=True)
        self.see(self.current)

    def see(self, index: int) -> None:
        """Make `index` the current thumbnail and scroll it into view, near the middle."""
        self.current = index
        visible = self._visible_lines()
        line = index // max(1, self.columns)
        if not self.first <= line <= self.first + visible - 1:
            self.first = line - (visible - 1) / 2
        self.draw_soon()

    def page(self) -> int:
        """Return how many thumbnails are visible at once."""
        return max(1, int(self._visible_lines())) * max(1, self.columns)

    def visible(self) -> tuple[int, int]:
        """Return the index of the first visible file, and the one after the last."""
        start = int(self.first) * max(1, self.columns)
        return start, min(len(self._paths), (int(self.first + self._visible_lines()) + 1) * max(1, self.columns))

    def scroll(self, lines: float) -> None:
        """Scroll by lines (columns of the single row)."""
        self.first += lines
        self.draw_soon()

    def refresh(self) -> None:
        """Redraw after captions changed."""
        self.draw_soon()

    def draw_soon(self) -> None:
        """Draw once Tk is idle."""
        if self._drawing is None:
            self._drawing = self.after_idle(self._draw)

    def stop(self) -> None:
        """Stop loading; call it before the window is destroyed."""
        self._arrivals.stop()
        self.loader.close()
        self._photos.clear()

    def _lines(self) -> int:
        return -(-len(self._paths) // max(1, self.columns))

    def _visible_lines(self) -> float:
        room = self._canvas.winfo_width() if self.columns == 0 else self._canvas.winfo_height()
        return max(1.0, room / self.cell[0 if self.columns == 0 else 1])

    def _draw(self) -> None:
        self._drawing = None
        visible, lines = self._visible_lines(), self._lines()
        self.first = max(0.0, min(self.first, lines - visible))
        self._bar.set(self.first / max(1, lines), min(1.0, (self.first + visible) / max(1, lines)))
        start, stop = self.visible()
        self._want(start, stop)
        shown = set(self._paths[start:stop])
        self._photos = {path: photo for path, photo in self._photos.items() if path in shown}
        self._canvas.delete("all")
        for index in range(start, stop):
            self._draw_cell(index, *self._position(index))
        self.drawn()

    def _want(self, start: int, stop: int) -> None:
        ahead = _AHEAD * (stop - start)
        self.loader.want(
            [*self._paths[start:stop], *self._paths[stop : stop + ahead], *self._paths[max(0, start - ahead) : start]]
        )
        self._arrivals.watch()

    def _position(self, index: int) -> tuple[int, int]:
        wide, high = self.cell
        line, column = divmod(index, max(1, self.columns))
        along = line - self.first
        return (round(along * wide) + _GAP, _GAP) if self.columns == 0 else (column * wide + _GAP,
                                                                             round(along * high) + _GAP)  # fmt: skip

    def _draw_cell(self, index: int, x: int, y: int) -> None:
        path = self._paths[index]
        picture = self.loader.get(path)
        instead = "" if self._photo(path) else "…" if picture is None else "unreadable"
        cell = Cell(self._photo(path), instead, self._caption(index), is_current=index == self.current)
        draw_cell(self._canvas, cell, (x, y), self.box, self._below)

    def _photo(self, path: Path) -> ImageTk.PhotoImage | None:
        if path not in self._photos:
            picture = self.loader.get(path)
            if picture is None or not picture.levels:
                return None
            self._photos[path] = ImageTk.PhotoImage(picture.image, master=self)
        return self._photos[path]

    def _on_click(self, event: "tk.Event[tk.Misc]") -> None:
        wide, high = self.cell
        if self.columns == 0:
            index = int((event.x - _GAP) / wide + self.first)
        else:
            index = int((event.y - _GAP) / high + self.first) * self.columns + min(event.x // wide, self.columns - 1)
        if 0 <= index < len(self._paths):
            self._picked(index)

    def _on_bar(self, kind: str, *values: str) -> None:
        if kind == "moveto":
            self.first = float(values[0]) * self._lines()
        else:
            self.first += float(values[0]) * (self._visible_lines() if values[1:] == ("pages",) else 1)
        self.draw_soon()
