"""How the posters of a group are looked at: larger, smaller, one alone; the wheel. Nothing is marked here."""

from collections.abc import Callable
from typing import Final

from lap_gui.explorer.grid import Grid, TileLook
from lap_gui.explorer.groups import Tile
from lap_gui.explorer.large import Large
from lap_gui.review.poster_view import PosterView
from lap_gui.shared.loading import Loader

_STEP: Final = 1.15
_WHEEL: Final = 120


class Looking:
    """The grid, and one poster alone over it. `look(tile)` says how a tile is drawn."""

    def __init__(self, grid: Grid, large: Large, loader: Loader[PosterView], look: Callable[[Tile], TileLook]) -> None:
        self._grid, self._large, self._loader, self._look = grid, large, loader, look

    def turn(self, steps: int) -> bool:
        """The wheel: scrolls. Returns False at an end, where there is nothing to scroll."""
        grid = self._grid
        at_end = grid.scroll >= grid.layout.farthest if steps < 0 else grid.scroll <= 0
        if not at_end:
            grid.scroll_to(grid.scroll - steps * _WHEEL)
        return not at_end

    def pointed(self) -> Tile | None:
        """The poster that is seen alone, or else the one under the pointer."""
        if self._large.tile is not None:
            return self._large.tile
        canvas = self._grid.canvas
        x, y = canvas.winfo_pointerx() - canvas.winfo_rootx(), canvas.winfo_pointery() - canvas.winfo_rooty()
        return self._grid.under(x, y)

    def closer(self) -> None:
        """Shows one poster alone, or all of them again."""
        if self._large.is_open:
            self._large.close()
        elif (tile := self.pointed()) is not None:
            self._alone(tile)

    def refresh(self) -> None:
        """Marks have changed."""
        self._grid.draw_soon()
        self._large.refresh(self._look)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """What the keys of the group "Look", and those that scroll, do."""
        grid = self._grid
        return {
            "page_down": lambda: grid.scroll_to(grid.scroll + grid.layout.size[1]),
            "page_up": lambda: grid.scroll_to(grid.scroll - grid.layout.size[1]),
            "top": lambda: grid.scroll_to(0),
            "end": lambda: grid.scroll_to(grid.layout.farthest),
            "large": self.closer,
            "close": self._large.close,
            "larger": lambda: self._scale(1),
            "smaller": lambda: self._scale(-1),
            "fewer": lambda: grid.lay_out(grid.layout.with_columns(-1)),
            "more": lambda: grid.lay_out(grid.layout.with_columns(1)),
            "fit": lambda: grid.lay_out(grid.layout.fitted()),
        }

    def _alone(self, tile: Tile) -> None:
        self._large.show(tile, self._loader.now(tile.path), self._look(tile))

    def _scale(self, by: int) -> None:
        tiles = list(self._grid.tiles)
        if self._large.tile in tiles:
            self._alone(tiles[(tiles.index(self._large.tile) + by) % len(tiles)])
        else:
            self._grid.lay_out(self._grid.layout.scaled(_STEP**by))
