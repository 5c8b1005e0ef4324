"""Applies the marks to the tiles on the screen, and marks tiles. `marking` defines marks."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from lap_assets.core.verdicts.contents import Poster
from lap_gui.explorer.grid import TileLook
from lap_gui.explorer.groups import Tile
from lap_gui.explorer.marking import Marking
from lap_gui.review.poster_view import PosterView
from lap_gui.shared.loading import Loader
from lap_gui.shared.status import Tone


class TileMarks:
    """Marks, tile by tile. `hidden`: posters removed by the graph's rules."""

    def __init__(self, marking: Marking, loader: Loader[PosterView], hidden: AbstractSet[str]) -> None:
        self._marking, self._loader, self._hidden = marking, loader, hidden

    def look(self, tile: Tile) -> TileLook:
        """Return how a tile is drawn."""
        shown = self._loader.get(tile.path)
        poster = Poster(tile.path.name, "" if shown is None else shown.sha256)
        return TileLook(self._marking.is_marked(poster), self._is_removed(tile.path.name))

    def removed(self, names: Iterable[str]) -> set[str]:
        """Return those of the posters that rules or people removed before."""
        return {name for name in names if self._is_removed(name)}

    def toggle(self, tile: Tile, tiles: Sequence[Tile]) -> tuple[str, Tone]:
        """Mark or unmark a poster of the group `tiles`. Returns the message to show.

        Raises:
            OSError: it could not be written.
        """
        name, shown = tile.path.name, self._loader.now(tile.path)
        if shown.picture.problem is not None:
            return f"{name}: {shown.picture.problem}; it cannot be marked", "warn"
        poster = Poster(name, shown.sha256)
        if change := self._marking.change_since_shown(poster):
            return f"{name} {change}: nothing was changed here", "warn"
        same_bytes = [one for one in tiles if one.facts.bytes == tile.facts.bytes and one.path != tile.path]
        others = [Poster(one.path.name, self._loader.now(one.path).sha256) for one in same_bytes]
        marked = self._marking.toggle(poster, others)
        return f"{name} {'is marked for removal' if marked else 'is no longer marked'}", "good"

    def _is_removed(self, name: str) -> bool:
        return name in self._hidden or self._marking.is_removed(name)
