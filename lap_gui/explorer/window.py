"""The Explorer's window: one anime's posters, marks, the next anime. What a mark is, is defined in `marking`."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.commands import DIGITS, KEYS
from lap_gui.explorer.grid import Grid
from lap_gui.explorer.groups import Bookmark, Groups, Tile
from lap_gui.explorer.large import Large
from lap_gui.explorer.looking import Looking
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.texts import facts, greeting
from lap_gui.explorer.tiles import TileMarks
from lap_gui.review.poster_view import MAX_BYTES, view_loader
from lap_gui.shared.deciding import UNSEEN
from lap_gui.shared.help import Help
from lap_gui.shared.loading import Arrivals
from lap_gui.shared.status import StatusLine, Tone
from lap_gui.shared.watch import Watch
from lap_gui.shared.wheel import bind_wheel
from lap_gui.shared.window import ToolWindow


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
        self._bookmark, self._shows_removed = bookmark, False
        self._loader = view_loader(max_bytes)
        self._marks = TileMarks(marking, self._loader, hidden)
        self.grid = Grid(self.root, self._loader, self._marks.look)
        self.large = Large(self.grid)
        self._looking = Looking(self.grid, self.large, self._loader, self._marks.look)
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
        self._watch = Watch(self.root, self.catch_up)
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
        if not self._looking.turn(steps):
            self.go(-1 if steps > 0 else 1)

    def toggle(self, tile: Tile | None) -> None:
        """Marks a poster or unmarks it; does nothing for None."""
        if tile is None:
            return
        try:
            self._changed(*self._marks.toggle(tile, self.grid.tiles))
        except OSError as error:
            self.failed(error)

    def catch_up(self) -> None:
        """Every few seconds: shows what was marked meanwhile, in another window or by others."""
        try:
            news = self.marking.recorder.catch_up()
        except OSError as error:
            self.status.warn(f"the verdicts cannot be read: {' '.join(str(error).split())}")
            return
        if news:
            self._looking.refresh()
            self.status.refresh()

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
        self._watch.stop()
        self._arrivals.stop()
        self._loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Reports that nothing was saved."""
        self.status.say(f"not saved: {' '.join(str(error).split())}", "bad")

    def _show(self, *, stay: bool = False) -> None:
        """The group of `place`."""
        self.large.close()
        self.grid.show(self.groups.tiles(self.place, self._out_of_sight()), stay=stay)
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
        self._looking.refresh()
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
        place = self.groups.holding(verdict.names, range(self._first, self._last + 1))
        if place is not None and place != self.place:
            self.place = place
            self._show()
        self._changed(f"{what}: {' and '.join(verdict.names)}", "plain")

    def _out_of_sight(self) -> set[str]:
        """The posters that were removed before, unless they are to be shown."""
        return set() if self._shows_removed else self._marks.removed(p.name for p in self.groups.paths(self.place))

    def _toggle_removed(self) -> None:
        self._shows_removed = not self._shows_removed
        self._show(stay=True)

    def _facts(self) -> str:
        shown = len(self.grid.tiles)
        return facts(self.groups, self.place, self.marking, shown, len(self.groups.paths(self.place)) - shown)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        def numbered(digit: int) -> Callable[[], object]:
            return lambda: self.toggle(self.grid.numbered(digit))

        return {
            **{f"mark_{digit}": numbered(int(digit)) for digit in DIGITS},
            **self._looking.handlers(),
            "next": lambda: self.go(1),
            "back": lambda: self.go(-1),
            "abort": self.close,
            "help": self._help.toggle,
            "mark": lambda: self.toggle(self._looking.pointed()),
            "undo": lambda: self._step(self.marking.undo, "undone"),
            "redo": lambda: self._step(self.marking.redo, "redone"),
            "removed": self._toggle_removed,
        }
