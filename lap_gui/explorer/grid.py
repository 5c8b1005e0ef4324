"""The tiles of a group on a scrolling canvas; only visible tiles are drawn. `marking` makes the marks."""

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageTk

from lap_gui.explorer.captions import Captions
from lap_gui.explorer.groups import Tile
from lap_gui.explorer.layout import GAP, Layout
from lap_gui.review.image_facts import ImageFacts
from lap_gui.review.poster_view import PosterView
from lap_gui.shared import theme
from lap_gui.shared.loading import Loader
from lap_gui.shared.rendering import render
from lap_gui.shared.view import View

_FRAME: Final = 4
_DIM: Final = [value * 2 // 5 for value in range(256)] * 3
Drawn = dict[tuple[Path, tuple[int, int], bool], ImageTk.PhotoImage]


@dataclass(frozen=True, slots=True)
class TileLook:
    """How a tile is drawn: marked (its name is red), or removed before (dim). `note`: shown before its facts."""

    marked: bool = False
    removed: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """The note, or else whether it was removed."""
        return self.note or ("removed" if self.removed else "")


class Grid(tk.Frame):
    """Shows tiles. `look(tile)` is called whenever one is drawn; its picture comes from `loader`, once it is there."""

    def __init__(self, master: tk.Misc, loader: Loader[PosterView], look: Callable[[Tile], TileLook]) -> None:
        super().__init__(master, background=theme.GROUND)
        self._loader, self._look = loader, look
        self.tiles: Sequence[Tile] = ()
        self.scroll = 0
        self.canvas = tk.Canvas(self, background=theme.GROUND, highlightthickness=0)
        self._captions = Captions(self.canvas)
        self.layout = Layout(0, (1, 1), caption=self._captions.high)
        self._bar = tk.Scrollbar(self, command=self._on_bar, **theme.SCROLLBAR)
        self._bar.pack(side="right", fill="y")
        self.canvas.pack(side="left", fill="both", expand=True)
        self.canvas.bind("<Configure>", self._on_configure)
        self._photos: Drawn = {}
        self._drawing: str | None = None

    def destroy(self) -> None:
        """Release the pictures in Tk's own thread: in another thread, each would wait a second for Tk in vain."""
        self._photos = {}
        super().destroy()

    def show(self, tiles: Sequence[Tile], *, stay: bool = False) -> None:
        """Show other tiles from the top; `stay` keeps the scroll position."""
        self.tiles = tiles
        self.layout = self.layout.of(len(tiles))
        self.scroll_to(self.scroll if stay else 0)

    def lay_out(self, layout: Layout) -> None:
        """Change columns or sizes; about the same part stays visible."""
        part = self.scroll / max(1, self.layout.content[1])
        self.layout = layout
        self.scroll_to(round(part * layout.content[1]))

    def scroll_to(self, px: float) -> None:
        """Scroll to a distance in px from the top, within the content."""
        self.scroll = round(min(max(px, 0), self.layout.farthest))
        self.draw_soon()

    def under(self, x: float, y: float) -> Tile | None:
        """Return the tile at a point of the canvas."""
        index = self.layout.at(x, y, self.scroll)
        return None if index is None else self.tiles[index]

    def numbered(self, digit: int) -> Tile | None:
        """Return the tile with this digit: 1 is the first one, 0 the tenth."""
        index = self.layout.first_whole(self.scroll) + (digit - 1) % 10
        return self.tiles[index] if index < len(self.tiles) else None

    @property
    def seen(self) -> list[Tile]:
        """The visible tiles."""
        return [self.tiles[index] for index in self.layout.visible(self.scroll)]

    def draw_soon(self) -> None:
        """Draw once Tk is idle."""
        if self._drawing is None:
            self._drawing = self.after_idle(self.draw)

    def draw(self) -> None:
        """Draw the visible tiles now."""
        if self._drawing is not None:
            self.after_cancel(self._drawing)
            self._drawing = None
        whole = max(1, self.layout.content[1])
        self._bar.set(self.scroll / whole, min(1.0, (self.scroll + self.layout.size[1]) / whole))
        previous, self._photos = self._photos, {}
        self.canvas.delete("all")
        first = self.layout.first_whole(self.scroll)
        for index in self.layout.visible(self.scroll):
            self._draw_tile(index, index - first, previous)
        del previous  # only now: Tk drew from it until here

    def _draw_tile(self, index: int, number: int, known: Drawn) -> None:
        tile, canvas = self.tiles[index], self.canvas
        look = self._look(tile)
        x1, y1, x2, y2 = self.layout.rect(index, self.scroll)
        left, top, right, bottom = x1 + GAP // 2, y1 + self.layout.caption, x2 - GAP // 2, y2 - GAP
        if tile.color:
            canvas.create_rectangle(
                left - _FRAME, y1, right + _FRAME, bottom + _FRAME, outline=tile.color, width=_FRAME - 1
            )
        color = theme.BAD if look.marked else theme.QUIET if look.removed else theme.TEXT
        digit, facts = str((number + 1) % 10) if 0 <= number <= 9 else "", describe(tile.facts, look.words)
        self._captions.draw(left, y1, right, digit, tile.path.name, facts, color=color, bold=look.marked)
        self._draw_picture(tile, (left, top, right, bottom), known, dim=look.marked or look.removed)
        if tile.letter:
            self._captions.draw_letter(right, top, tile.letter, tile.color)
        if look.marked:
            canvas.create_rectangle(left, top, right, bottom, outline=theme.BAD, width=2)

    def _draw_picture(
        self,
        tile: Tile,
        box: tuple[int, int, int, int],
        known: Drawn,
        *,
        dim: bool,
    ) -> None:
        left, top, right, bottom = box
        room = (max(1, right - left), max(1, bottom - top))
        shown = self._loader.get(tile.path)
        if shown is None or not shown.picture.levels:
            problem = "…" if shown is None else shown.picture.problem or ""
            self.canvas.create_text(
                (left + right) / 2, (top + bottom) / 2, text=problem, fill=theme.QUIET, font=theme.SMALL, width=room[0]
            )
            return
        key = (tile.path, room, dim)
        photo = known.get(key)
        if photo is None:
            image = fitted(shown, room)
            photo = ImageTk.PhotoImage(image.point(_DIM) if dim else image, master=self)
        self._photos[key] = photo
        self.canvas.create_image((left + right) / 2, top, anchor="n", image=str(photo))

    def _on_configure(self, event: "tk.Event[tk.Misc]") -> None:
        self.lay_out(self.layout.on((max(1, event.width), max(1, event.height))))

    def _on_bar(self, kind: str, *values: str) -> None:
        if kind == "moveto":
            self.scroll_to(float(values[0]) * self.layout.content[1])
        else:
            step = self.layout.size[1] if values[1:] == ("pages",) else 40
            self.scroll_to(self.scroll + float(values[0]) * step)


def fitted(shown: PosterView, room: tuple[int, int]) -> Image.Image:
    """Return the picture as large as fits; small ones are enlarged."""
    return render(shown.picture, View(shown.picture.size, room))[0]


def describe(facts: ImageFacts, note: str = "") -> str:
    """Return a note, size, bytes, JPEG quality and site in one line."""
    if not facts.pixels:
        return facts.short_site
    quality = "" if facts.quality is None else f" · q {facts.quality}"
    prefix = f"{note} · " if note else ""
    return f"{prefix}{facts.width} × {facts.height} · {facts.kilobytes}{quality} · {facts.short_site}"
