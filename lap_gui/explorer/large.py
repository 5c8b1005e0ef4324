"""One poster of a group alone, over the others, to zoom and pan."""

import tkinter as tk
from collections.abc import Callable

from lap_gui.explorer.grid import TileLook, describe
from lap_gui.explorer.groups import Tile
from lap_gui.review.poster_view import PosterView
from lap_gui.shared import theme
from lap_gui.shared.viewport import Viewport


class Large(tk.Frame):
    """Covers `master` while it is open. `tile`: the poster shown."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.PANEL)
        self.tile: Tile | None = None
        self._caption = tk.Label(self, font=theme.BOLD, bg=theme.PANEL, anchor="w")
        self._caption.pack(fill="x", padx=12, pady=6)
        self.viewport = Viewport(self)
        self.viewport.pack(fill="both", expand=True)

    def show(self, tile: Tile, shown: PosterView, look: TileLook) -> None:
        """Show a poster, fitted to the window."""
        self.tile = tile
        self._update_caption(look)
        self.place(relwidth=1, relheight=1)
        self.tkraise()
        self.update_idletasks()
        self.viewport.show(shown.picture)

    def close(self) -> None:
        """Hide the poster."""
        self.tile = None
        self.place_forget()
        self.viewport.show(None)

    def refresh(self, look: Callable[[Tile], TileLook]) -> None:
        """Update the caption after a mark may have changed."""
        if self.tile is not None:
            self._update_caption(look(self.tile))

    @property
    def is_open(self) -> bool:
        """Whether it shows a poster."""
        return self.tile is not None

    def _update_caption(self, look: TileLook) -> None:
        if self.tile is not None:
            mark = "marked for removal     " if look.marked else ""
            self._caption.configure(
                text=f"{mark}{self.tile.path.name}     {describe(self.tile.facts, look.words)}",
                fg=theme.BAD if look.marked else theme.TEXT,
            )
