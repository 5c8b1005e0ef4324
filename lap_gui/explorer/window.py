"""The Explorer's window: one anime's posters, marks, the next anime. `marking` defines marks."""

from collections.abc import Set as AbstractSet

from lap_assets.core.errors import InputError
from lap_gui.explorer.commands import KEYS
from lap_gui.explorer.grid import Grid
from lap_gui.explorer.groups import Bookmark, Groups, Tile
from lap_gui.explorer.handlers import handlers
from lap_gui.explorer.large import Large
from lap_gui.explorer.looking import Looking
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.mouse import bind_mouse
from lap_gui.explorer.past import past_list
from lap_gui.explorer.texts import facts, greeting
from lap_gui.explorer.tiles import TileMarks
from lap_gui.review.poster_view import MAX_BYTES, view_loader
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Keymap
from lap_gui.shared.loading import Arrivals
from lap_gui.shared.status import StatusLine, Tone
from lap_gui.shared.watch import Watch
from lap_gui.shared.window import ToolWindow


class Explorer(ToolWindow):
    """Shows the groups from `start` (0 is the first) up to but not including `stop`, starting at `position`.

    `hidden`: posters removed by the graph's rules; these, and those that people removed in pairs, are shown on demand.
    `closes_at_end`: going on from the last group closes the window, as in the original.
    """

    def __init__(
        self,
        groups: Groups,
        marking: Marking,
        *,
        start: int = 0,
        stop: int | None = None,
        position: int | None = None,
        hidden: AbstractSet[str] = frozenset(),
        bookmark: Bookmark | None = None,
        title: str = "Explorer",
        size: tuple[int, int] = (1600, 900),
        maximized: bool = False,
        max_bytes: int = MAX_BYTES,
        keys: Keymap = KEYS,
        closes_at_end: bool = False,
    ) -> None:
        """Open the window.

        Raises:
            InputError: there is no group to show.
        """
        self.positions = range(start, min(len(groups.ids) if stop is None else stop, len(groups.ids)))
        if not self.positions:
            raise InputError(f"no group to show: {len(groups.ids)} anime have more than one poster")
        super().__init__(title, size, maximized=maximized)
        self.groups, self.marking = groups, marking
        self.position = start if position is None else self._within(position)
        self._bookmark, self._shows_removed, self._closes_at_end = bookmark, False, closes_at_end
        self._brought: AbstractSet[str] = frozenset()
        self._came_from = self.position
        self._loader = view_loader(max_bytes)
        self._marks = TileMarks(marking, self._loader, hidden)
        self.grid = Grid(self.root, self._loader, self._marks.look)
        self.large = Large(self.grid)
        self.status = StatusLine(self.root, self._facts)
        self.looking = Looking(self.grid, self.large, self._loader, self._marks.look, self.status.say)
        self._arrivals = Arrivals(self.root, self._loader, lambda _path: self.grid.draw_soon())
        self.status.pack(side="bottom", fill="x")
        self.grid.pack(fill="both", expand=True)
        bind_mouse(self)
        self._help = Help(self.root, "Explorer", [command for command in keys.commands if command.text])
        self.past = past_list(self)
        acts = handlers(self, self._help)
        keys.bind(self.root, acts, gate=self.gate, refused=self.status.warn, sheet=self.past)
        self.root.update_idletasks()
        self._watch = Watch(self.root, self.catch_up)
        self.show()
        if message := greeting(marking):
            self.status.say(message, "warn")

    def go(self, by: int) -> None:
        """Move by a number of groups; the marks stay. From a group outside the range, return to the last one inside."""
        position = self._within(self.position + by) if self.position in self.positions else self._came_from
        if position == self.position:
            if by > 0 and self._closes_at_end:
                self.close()
                return
            self.status.say("this is the last anime" if by > 0 else "this is the first anime", "warn")
            return
        self.go_to(position)

    def go_to(self, position: int, brought: AbstractSet[str] = frozenset()) -> None:
        """Show a group. `brought`: posters shown although they were removed before."""
        if self.position in self.positions:
            self._came_from = self.position
        self.position, self._brought = position, brought
        self.show()

    def next_undecided(self) -> None:
        """Go to the next group with undecided candidates."""
        here = self.position if self.position in self.positions else self._came_from
        further = range(here + 1, self.positions.stop)
        found = next((position for position in further if self.marking.waits(self.groups.candidates(position))), None)
        if found is None:
            self.status.warn("no undecided candidates in the following anime")
        else:
            self.go_to(found)

    def turn(self, steps: int) -> None:
        """Scroll with the wheel; at an end, move to the next or previous group."""
        if not self.looking.turn(steps):
            self.go(-1 if steps > 0 else 1)

    def toggle(self, tile: Tile | None) -> None:
        """Mark or unmark a poster; do nothing for None."""
        if tile is None:
            return
        try:
            self.changed(*self._marks.toggle(tile, self.grid.tiles))
        except OSError as error:
            self.failed(error)

    def catch_up(self) -> None:
        """Show every few seconds what was marked meanwhile, in another window or by others."""
        try:
            news = self.marking.recorder.catch_up()
        except OSError as error:
            self.status.warn(f"the verdicts cannot be read: {' '.join(str(error).split())}")
            return
        if news:
            self.looking.refresh()
            self.status.refresh()
            self.past.refresh()

    @property
    def is_ready(self) -> bool:
        """Whether this group and its neighbors are decoded."""
        return not self._loader.is_busy

    def closing(self) -> bool:
        """End the threads."""
        self._watch.stop()
        self._arrivals.stop()
        self._loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Report that nothing was saved."""
        self.status.say(f"not saved: {' '.join(str(error).split())}", "bad")

    def show(self, *, stay: bool = False) -> None:
        """Show the group at `position`. `stay`: keep the scroll position."""
        self.large.close()
        self.grid.show(self.groups.tiles(self.position, self._out_of_sight()), stay=stay)
        ahead = [self.position, self.position + 1, self.position - 1]
        near = [position for position in ahead if position in self.positions]
        self._loader.want([*(tile.path for tile in self.grid.tiles), *(p for n in near for p in self.groups.paths(n))])
        self._arrivals.watch()
        self.status.say("")
        self.gate.reset()
        if self._bookmark is not None and self.position in self.positions and not self.marking.recorder.readonly:
            try:
                self._bookmark.write(self.groups.ids[self.position])
            except OSError as error:
                self.status.say(f"your position could not be saved: {' '.join(str(error).split())}", "warn")

    def changed(self, message: str, tone: Tone = "good") -> None:
        """Redraw after marks changed, and show a message."""
        self.looking.refresh()
        self.status.say(message, tone)
        self.past.refresh()

    def _out_of_sight(self) -> set[str]:
        """Return the posters that were removed before, unless they are to be shown."""
        if self._shows_removed:
            return set()
        return self._marks.removed(path.name for path in self.groups.paths(self.position)) - self._brought

    def toggle_removed(self) -> None:
        """Show or hide the removed posters."""
        self._shows_removed = not self._shows_removed
        self.show(stay=True)
        self.status.say("removed posters are shown" if self._shows_removed else "removed posters are hidden")

    def _facts(self) -> str:
        shown = len(self.grid.tiles)
        return facts(self.groups, self.position, self.marking, shown, len(self.groups.paths(self.position)) - shown)

    def _within(self, position: int) -> int:
        return min(max(position, self.positions.start), self.positions.stop - 1)
