"""Viewing the posters of a group: larger, smaller, one alone; the wheel. Makes no marks."""

from collections.abc import Callable
from typing import Final

from lap_gui.explorer.grid import Grid, TileLook
from lap_gui.explorer.groups import Tile
from lap_gui.explorer.large import Large
from lap_gui.explorer.layout import Layout
from lap_gui.review.poster_view import PosterView
from lap_gui.shared.loading import Loader

_STEP: Final = 1.15
_WHEEL: Final = 120


class Looking:
    """The grid, and one poster alone over it. `look(tile)` returns how a tile is drawn; `say` shows a message."""

    def __init__(
        self,
        grid: Grid,
        large: Large,
        loader: Loader[PosterView],
        look: Callable[[Tile], TileLook],
        say: Callable[[str], object],
    ) -> None:
        self._grid, self._large, self._loader, self._look, self._say = grid, large, loader, look, say

    def turn(self, steps: int) -> bool:
        """Scroll with the wheel. Returns False at an end, where there is nothing to scroll."""
        grid = self._grid
        at_end = grid.scroll >= grid.layout.farthest if steps < 0 else grid.scroll <= 0
        if not at_end:
            grid.scroll_to(grid.scroll - steps * _WHEEL)
        return not at_end

    def pointed(self) -> Tile | None:
        """Return the poster shown alone, or else the one under the pointer."""
        if self._large.tile is not None:
            return self._large.tile
        canvas = self._grid.canvas
        x, y = canvas.winfo_pointerx() - canvas.winfo_rootx(), canvas.winfo_pointery() - canvas.winfo_rooty()
        return self._grid.under(x, y)

    def closer(self) -> None:
        """Show one poster alone, or all of them again."""
        if self._large.is_open:
            self._large.close()
        elif (tile := self.pointed()) is not None:
            self._alone(tile)
        else:
            self._say("point at a poster first")

    def refresh(self) -> None:
        """Redraw after marks changed."""
        self._grid.draw_soon()
        self._large.refresh(self._look)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handlers of the group "Look" and of the scrolling keys."""
        grid = self._grid
        return {
            "page_down": lambda: self._scroll(grid.scroll + grid.layout.size[1]),
            "page_up": lambda: self._scroll(grid.scroll - grid.layout.size[1]),
            "top": lambda: self._scroll(0),
            "end": lambda: self._scroll(grid.layout.farthest),
            "large": self.closer,
            "larger": lambda: self._zoom(1),
            "smaller": lambda: self._zoom(-1),
            "wider": lambda: self._go_or(1, grid.layout.wider(_STEP)),
            "narrower": lambda: self._go_or(-1, grid.layout.wider(1 / _STEP)),
            "higher": lambda: self._go_or(1, grid.layout.higher(_STEP)),
            "lower": lambda: self._go_or(-1, grid.layout.higher(1 / _STEP)),
            "fewer": lambda: self._lay_out(grid.layout.with_columns(-1)),
            "more": lambda: self._lay_out(grid.layout.with_columns(1)),
            "fit": lambda: self._lay_out(grid.layout.fitted()),
        }

    def _alone(self, tile: Tile) -> None:
        self._large.show(tile, self._loader.now(tile.path), self._look(tile))

    def close(self) -> None:
        """Show all posters again."""
        if not self._large.is_open:
            self._say("all posters are already shown")
        self._large.close()

    def _scroll(self, px: float) -> None:
        previous = self._grid.scroll
        self._grid.scroll_to(px)
        if self._grid.scroll == previous:
            self._say("already at that end")

    def _zoom(self, by: int) -> None:
        if self._large.is_open:
            self._large.viewport.zoom(by)
        else:
            self._lay_out(self._grid.layout.scaled(_STEP**by))

    def _go_or(self, by: int, layout: Layout) -> None:
        """Show the next or previous poster if one is shown alone; otherwise change the layout."""
        tiles = list(self._grid.tiles)
        if self._large.tile in tiles:
            self._alone(tiles[(tiles.index(self._large.tile) + by) % len(tiles)])
        else:
            self._lay_out(layout)

    def _lay_out(self, layout: Layout) -> None:
        previous = self._grid.layout
        self._grid.lay_out(layout)
        columns, (wide, high) = layout.columns, layout.tile
        is_limit = (columns, wide, high) == (previous.columns, *previous.tile)
        self._say("already at the limit; W fits all" if is_limit else f"{columns} columns, tiles of {wide} × {high}")
