"""The action of each of the Labeler's commands, by its name in `commands`."""

from collections.abc import Callable
from functools import partial
from typing import Final

from lap_assets.core.errors import LapError
from lap_gui.labeler.commands import CLASS_KEYS
from lap_gui.labeler.controls import LabelerControls
from lap_gui.labeler.looking import Looking
from lap_gui.labeler.navigation import Navigation

_WAYS: Final = {"up": (0, -1), "left": (-1, 0), "down": (0, 1), "right": (1, 0)}
SELECT_FIRST: Final = "select a box first: Tab, or click it"


class Actions:
    """The commands of one window."""

    def __init__(self, window: LabelerControls) -> None:
        self._window, self._session = window, window.session
        self._go = go = Navigation(window)
        self._by_name: dict[str, Callable[[], object]] = {
            "next": go.following,
            "back": lambda: go.step(-1),
            "page back": lambda: go.page(-1),
            "page forward": lambda: go.page(1),
            "first": lambda: go.to(0),
            "last": lambda: go.to(len(self._session.names) - 1),
            "go to": go.ask,
            "next unreviewed": lambda: go.unreviewed(1),
            "previous unreviewed": lambda: go.unreviewed(-1),
            "filter": go.filter,
            "past": window.past.toggle,
            "quit": window.close,
            "cycle": self._cycle,
            "delete": self._session.delete,
            "copy": self._copy,
            "paste": self._paste,
            "accept": self._accept,
            **Looking(window).handlers(),
            "layer": go.layer,
            "reviewed": self._review,
            "done": go.done,
            "undo": lambda: self._history(self._session.undo, "nothing to undo"),
            "redo": lambda: self._history(self._session.redo, "nothing to redo"),
            "save": self._save,
            "drop": self._drop,
            "help": window.help.toggle,
        }
        for way, (x, y) in _WAYS.items():
            self._by_name[f"corner {way}"] = partial(self._nudge_grip, 5 * x, 5 * y)
            self._by_name[f"corner {way} finely"] = partial(self._nudge_grip, 2 * x, 2 * y)
            self._by_name[f"corner {way.title()} by 1"] = partial(self._nudge_grip, x, y)
            self._by_name[f"box {way.title()}"] = partial(self._nudge_box, x, y)
        for number in range(1, len(CLASS_KEYS) + 1):
            self._by_name[f"class {number}"] = partial(self._classify, number)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handlers for the keymap."""
        return {name: partial(self.run, name) for name in self._by_name}

    def run(self, name: str) -> None:
        """Run one command. If it fails, the status line says why, and nothing has changed."""
        window = self._window
        if window.gestures.active:  # a key pressed during a drag would act on a box that is moving
            return
        window.status.say("")
        try:
            self._by_name[name]()
        except (LapError, OSError) as error:
            window.status.say(" ".join(str(error).split()), "bad")
        if window.alive:
            window.changed()

    def _nudge_grip(self, dx: int, dy: int) -> None:
        selection = self._session.selection
        if not self._session.nudge_grip(dx, dy):
            ways = "up and down" if dx else "left and right"
            only = "" if selection is None else f"the {selection.grip} edge moves only {ways}"
            self._window.status.say(only or SELECT_FIRST)

    def _nudge_box(self, dx: int, dy: int) -> None:
        if not self._session.nudge_box(dx, dy):
            self._window.status.say(SELECT_FIRST)

    def _cycle(self) -> None:
        self._session.cycle()
        if self._session.selection is None:
            self._window.status.say(f"no {self._session.layer.title} on this image")

    def _review(self) -> None:
        self._session.review()
        self._window.status.say("reviewed" if self._session.labels.reviewed else "not reviewed")

    def _copy(self) -> None:
        self._window.status.say("copied" if self._session.copy() else SELECT_FIRST)

    def _paste(self) -> None:
        if not self._session.paste():
            self._window.status.say("no box was copied, or it does not fit")

    def _accept(self) -> None:
        suggested = self._session.suggested()
        self._session.accept(suggested)
        self._window.status.say(f"{len(suggested)} accepted" if suggested else "no suggestions on this image")

    def _classify(self, number: int) -> None:
        given = self._session.classify(number)
        self._window.status.say(SELECT_FIRST if given is None else f"class {self._window.painting.classes.text(given)}")

    def _history(self, move: Callable[[], str | None], otherwise: str) -> None:
        here, layer = (self._session.names, self._session.index), self._session.active
        done = move()
        if (self._session.names, self._session.index) != here:
            self._window.filter = 0 if self._session.names is not here[0] else self._window.filter
            self._window.renamed()
        if self._session.active != layer:
            self._go.refilter()
        self._window.status.say(done or otherwise)

    def _save(self) -> None:
        self._window.save()
        if self._session.layer.document.readonly:
            self._window.status.say("nothing was changed")
        elif not self._session.dirty:
            self._window.status.say("saved", "good")

    def _drop(self) -> None:
        if self._session.selection is None and not self._window.help.is_open:
            self._window.status.say("nothing is selected")
        self._session.select(None)
        self._window.help.close()
