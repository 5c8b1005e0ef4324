"""The Explorer's window: one anime's posters, marks, the next anime. What a mark is, is defined in `marking`."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.commands import DIGITS, KEYS
from lap_gui.explorer.grid import Grid, TileLook
from lap_gui.explorer.groups import Bookmark, Groups, Tile
from lap_gui.explorer.large import Large
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.texts import facts, greeting
from lap_gui.review.poster_view import MAX_BYTES, view_loader
from lap_gui.shared.deciding import UNSEEN
from lap_gui.shared.help import Help
from lap_gui.shared.loading import Arrivals
from lap_gui.shared.status import StatusLine, Tone
from lap_gui.shared.wheel import bind_wheel
from lap_gui.shared.window import ToolWindow

_STEP: Final = 1.15
_WHEEL: Final = 120


class Explorer(ToolWindow):
    """Shows the groups from `start` (0 is the first) up to but not including `stop`, starting at `place`.

    `hidden`: posters that the graph's rules removed; these, and those that people removed in pairs, show on demand.
    """

    def __init__(
        self,
        groups: Groups,
        marking: Marking,
        *,
        start: int = 0,
        stop: int | None = None,
        place: int | None = None,
        hidden: AbstractSet[str] = frozenset(),
        bookmark: Bookmark | None = None,
        title: str = "Explorer",
        size: tuple[int, int] = (1600, 900),
        maximized: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """Opens it.

        Raises:
            InputError: there is no group to show.
        """
        self._first, self._last = start, min(len(groups.ids) if stop is None else stop, len(groups.ids)) - 1
        if self._last < self._first:
            raise InputError(f"no group to show: {len(groups.ids)} anime have more than one poster")
        super().__init__(title, size, maximized=maximized)
        self.groups, self.marking = groups, marking
        self.place = start if place is None else min(max(place, self._first), self._last)
        self._hidden, self._bookmark, self._shows_removed = hidden, bookmark, False
        self._loader = view_loader(max_bytes)
        self.grid = Grid(self.root, self._loader, self._look)
        self.large = Large(self.grid)
        self._arrivals = Arrivals(self.root, self._loader, lambda _path: self.grid.draw_soon())
        self.status = StatusLine(self.root, self._facts)
        self.status.pack(side="bottom", fill="x")
        self.grid.pack(fill="both", expand=True)
        canvas = self.grid.canvas
        canvas.bind("<Button-1>", lambda event: self._click(event.x, event.y))
        for button in (2, 3):
            canvas.bind(f"<Button-{button}>", lambda _event: self.go(1))
        bind_wheel(canvas, lambda steps, _event: self.turn(steps))
        self._help = Help(self.root, "Explorer", [command for command in KEYS.commands if command.text])
        KEYS.bind(self.root, self._handlers(), gate=self.gate, refused=self.status.warn)
        self.root.update_idletasks()
        self._show()
        if said := greeting(marking):
            self.status.say(said, "warn")

    def go(self, by: int) -> None:
        """Moves by so many groups; the marks stay."""
        place = min(max(self.place + by, self._first), self._last)
        if place == self.place:
            self.status.say("this is the last anime" if by > 0 else "this is the first anime", "warn")
            return
        self.place = place
        self._show()

    def turn(self, steps: int) -> None:
        """The wheel: scrolls; at an end it moves to the next or previous group."""
        grid = self.grid
        at_end = grid.scroll >= grid.layout.farthest if steps < 0 else grid.scroll <= 0
        if at_end:
            self.go(-1 if steps > 0 else 1)
        else:
            grid.scroll_to(grid.scroll - steps * _WHEEL)

    def toggle(self, tile: Tile | None) -> None:
        """Marks a poster or unmarks it; does nothing for None."""
        if tile is None:
            return
        shown = self._loader.now(tile.path)
        if shown.picture.problem is not None:
            self.status.say(f"{tile.path.name}: {shown.picture.problem}; it cannot be marked", "warn")
            return
        others = [Poster(other.path.name, self._loader.now(other.path).sha256) for other in self._same_size(tile)]
        try:
            marked = self.marking.toggle(Poster(tile.path.name, shown.sha256), others)
        except OSError as error:
            self.failed(error)
            return
        self._changed(f"{tile.path.name} {'is marked for removal' if marked else 'is no longer marked'}")

    def _click(self, x: int, y: int) -> None:
        if self.gate.is_open:
            self.toggle(self.grid.under(x, y))
        else:
            self.status.warn(UNSEEN)

    @property
    def is_ready(self) -> bool:
        """Whether this group and its neighbours are decoded."""
        return not self._loader.is_busy

    def closing(self) -> bool:
        """Ends the threads."""
        self._arrivals.stop()
        self._loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Reports that nothing was saved."""
        self.status.say(f"not saved: {' '.join(str(error).split())}", "bad")

    def look_closer(self) -> None:
        """Shows one poster alone, or all of them again."""
        if self.large.is_open:
            self.large.close()
        elif (tile := self._pointed()) is not None:
            self._alone(tile)

    def _show(self, *, stay: bool = False) -> None:
        """The group of `place`."""
        self.large.close()
        self.grid.show(self.groups.tiles(self.place, self._out_of_sight(self.place)), stay=stay)
        ahead = [self.place, self.place + 1, self.place - 1]
        near = [place for place in ahead if self._first <= place <= self._last]
        self._loader.want([*(tile.path for tile in self.grid.tiles), *(p for n in near for p in self.groups.paths(n))])
        self._arrivals.watch()
        self.status.say("")
        self.gate.shows_anew()
        if self._bookmark is not None and not self.marking.recorder.readonly:
            try:
                self._bookmark.write(self.groups.ids[self.place])
            except OSError as error:
                self.status.say(f"your position could not be saved: {' '.join(str(error).split())}", "warn")

    def _changed(self, message: str, tone: Tone = "good") -> None:
        self.grid.draw_soon()
        self.large.refresh(self._look)
        self.status.say(message, tone)

    def _step(self, work: Callable[[], AnyVerdict | None], what: str) -> None:
        try:
            verdict = work()
        except OSError as error:
            self.failed(error)
            return
        if verdict is None:
            self.status.say(f"nothing to be {what}", "warn")
            return
        names = {path.name: place for place in range(self._first, self._last + 1) for path in self.groups.paths(place)}
        place = next((names[name] for name in verdict.names if name in names), self.place)
        if place != self.place:
            self.place = place
            self._show()
        self._changed(f"{what}: {' and '.join(verdict.names)}", "plain")

    def _look(self, tile: Tile) -> TileLook:
        shown = self._loader.get(tile.path)
        poster = Poster(tile.path.name, "" if shown is None else shown.sha256)
        removed = tile.path.name in self._hidden or self.marking.is_removed(tile.path.name)
        return TileLook(self.marking.is_marked(poster), removed)

    def _same_size(self, tile: Tile) -> list[Tile]:
        """Other posters of the group that may hold the same bytes."""
        return [one for one in self.grid.tiles if one.facts.bytes == tile.facts.bytes and one.path != tile.path]

    def _out_of_sight(self, place: int) -> set[str]:
        """The posters that were removed before, unless they are to be shown."""
        if self._shows_removed:
            return set()
        names = [path.name for path in self.groups.paths(place)]
        return {name for name in names if name in self._hidden or self.marking.is_removed(name)}

    def _pointed(self) -> Tile | None:
        """The tile under the pointer, or the one that is seen alone; else the first one."""
        if self.large.tile is not None:
            return self.large.tile
        canvas = self.grid.canvas
        x, y = canvas.winfo_pointerx() - canvas.winfo_rootx(), canvas.winfo_pointery() - canvas.winfo_rooty()
        return self.grid.under(x, y)

    def _alone(self, tile: Tile) -> None:
        self.large.show(tile, self._loader.now(tile.path), self._look(tile))

    def _scale(self, by: int) -> None:
        tiles = list(self.grid.tiles)
        if self.large.tile in tiles:
            self._alone(tiles[(tiles.index(self.large.tile) + by) % len(tiles)])
        else:
            self.grid.lay_out(self.grid.layout.scaled(_STEP**by))

    def _toggle_removed(self) -> None:
        self._shows_removed = not self._shows_removed
        self._show(stay=True)

    def _facts(self) -> str:
        out_of_sight = len(self._out_of_sight(self.place))
        return facts(self.groups, self.place, self.marking, len(self.grid.tiles), out_of_sight)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        grid = self.grid

        def numbered(digit: int) -> Callable[[], object]:
            return lambda: self.toggle(grid.numbered(digit))

        return {
            **{f"mark_{digit}": numbered(int(digit)) for digit in DIGITS},
            "next": lambda: self.go(1),
            "back": lambda: self.go(-1),
            "page_down": lambda: grid.scroll_to(grid.scroll + grid.layout.size[1]),
            "page_up": lambda: grid.scroll_to(grid.scroll - grid.layout.size[1]),
            "top": lambda: grid.scroll_to(0),
            "end": lambda: grid.scroll_to(grid.layout.farthest),
            "abort": self.close,
            "help": self._help.toggle,
            "mark": lambda: self.toggle(self._pointed()),
            "undo": lambda: self._step(self.marking.undo, "undone"),
            "redo": lambda: self._step(self.marking.redo, "redone"),
            "large": self.look_closer,
            "close": self.large.close,
            "larger": lambda: self._scale(1),
            "smaller": lambda: self._scale(-1),
            "fewer": lambda: grid.lay_out(grid.layout.with_columns(-1)),
            "more": lambda: grid.lay_out(grid.layout.with_columns(1)),
            "fit": lambda: grid.lay_out(grid.layout.fitted()),
            "removed": self._toggle_removed,
        }
