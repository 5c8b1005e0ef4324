"""A group in the Explorer's grid, over the pair: a click takes a poster out of the group. No decisions."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

from lap_assets.core.verdicts.contents import Poster
from lap_gui.comparer.grouping import PosterGroup
from lap_gui.explorer.grid import Grid, TileLook
from lap_gui.explorer.groups import COLORS, Tile
from lap_gui.review.poster_files import PosterFiles
from lap_gui.review.poster_view import PosterView
from lap_gui.shared.loading import Loader
from lap_gui.shared.wheel import bind_wheel

_WHEEL: Final = 80


class GroupView:
    """The grid while it is open. `out`: the clicked posters, which are different pictures.

    `changed` is called after each click.
    """

    def __init__(self, root: tk.Misc, loader: Loader[PosterView], files: PosterFiles) -> None:
        self.changed: Callable[[], object] = self._nothing
        self.group: PosterGroup | None = None
        self.out: set[Poster] = set()
        self._files, self._loader = files, loader
        self._of: dict[str, Poster] = {}
        self.grid = Grid(root, loader, self.look)
        self.grid.canvas.bind("<Button-1>", lambda event: self.toggle(self.grid.under(event.x, event.y)))
        bind_wheel(self.grid.canvas, lambda steps, _event: self.grid.scroll_to(self.grid.scroll - steps * _WHEEL))

    @property
    def is_open(self) -> bool:
        """Whether a group is shown."""
        return self.group is not None

    def open(self, group: PosterGroup) -> list[str]:
        """Show a group without posters that cannot be shown, if two are left. Returns the problems of the others."""
        views = {poster: self._loader.now(self._files.find(poster.name)) for poster in group.posters}
        problems = {poster: view.problem_for(poster.sha256) for poster, view in views.items()}
        shown = {poster: view for poster, view in views.items() if problems[poster] is None}
        lines = [f"{poster.name}: {problem}" for poster, problem in problems.items() if problem is not None]
        if len(shown) < 2:
            return lines
        pairs = tuple(pair for pair in group.pairs if shown.keys() >= set(pair.posters))
        self.group, self.out = PosterGroup(tuple(shown), pairs), set()
        self._of = {poster.name: poster for poster in shown}
        tiles = [Tile(self._files.find(one.name), view.facts, COLORS[1]) for one, view in shown.items()]
        self.grid.place(relx=0, rely=0, relwidth=1, relheight=1)
        self.grid.lift()
        self.grid.show(tiles)
        return lines

    def close(self) -> None:
        """Show the pair again."""
        self.group = None
        self.grid.place_forget()

    def toggle(self, tile: Tile | None) -> None:
        """Take a poster out of the group, or put it back."""
        if tile is not None:
            self.out ^= {self._of[tile.path.name]}
            self.grid.draw_soon()
            self.changed()

    def look(self, tile: Tile) -> TileLook:
        """Return how a tile is drawn, with its fate as a note."""
        poster = self._of[tile.path.name]
        if poster in self.out:
            return TileLook(removed=True, note="another picture")
        stays = self.group is not None and poster == next(one for one in self.group.posters if one not in self.out)
        return TileLook(note="stays" if stays else "is removed")

    def _nothing(self) -> None:
        """Default of `changed` until the owner sets it."""
