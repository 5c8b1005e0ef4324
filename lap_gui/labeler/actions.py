"""What each command of the Labeler does, by its name in `commands`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import LabelFileError
from lap_gui.labeler import edits
from lap_gui.labeler.commands import CLASS_KEYS
from lap_gui.labeler.filters import FILTERS, apply_next
from lap_gui.labeler.overlay import COLOURS
from lap_gui.labeler.panels import Ask
from lap_gui.labeler.parts import Selection

if TYPE_CHECKING:
    from lap_gui.labeler.window import LabelerWindow

_WAYS: Final = {"up": (0, -1), "left": (-1, 0), "down": (0, 1), "right": (1, 0)}
_LAYOUTS: Final = 5


class Actions:
    """The commands of one window."""

    def __init__(self, window: LabelerWindow) -> None:
        self._window, self._session = window, window.session
        self._by_name: dict[str, Callable[[], object]] = {
            "next": self._next,
            "back": lambda: self._step(-1),
            "page back": lambda: window.go(self._session.index - window.thumbnails.page()),
            "page forward": lambda: window.go(self._session.index + window.thumbnails.page()),
            "first": lambda: window.go(0),
            "last": lambda: window.go(len(self._session.names) - 1),
            "go to": self._ask,
            "next unreviewed": lambda: self._unreviewed(1),
            "previous unreviewed": lambda: self._unreviewed(-1),
            "filter": self._filter,
            "cycle": self._session.cycle,
            "delete": self._session.delete,
            "copy": self._copy,
            "paste": self._paste,
            "accept": self._accept,
            "fit": lambda: window.viewport.look(window.viewport.view.fitted()),
            "look": lambda: self._look(1),
            "look back": lambda: self._look(-1),
            "colour": self._colour,
            "classes": self._classes,
            "suggestions": self._suggestions,
            "layout": lambda: window.lay_out((window.thumbnails.columns + 1) % _LAYOUTS),
            "layer": self._layer,
            "reviewed": self._session.review,
            "done": self._done,
            "undo": lambda: self._history(self._session.undo, "nothing to undo"),
            "redo": lambda: self._history(self._session.redo, "nothing to do again"),
            "save": self._save,
            "drop": self._drop,
            "help": window.help.toggle,
        }
        for way, (x, y) in _WAYS.items():
            self._by_name[f"corner {way}"] = partial(self._session.nudge_corner, 5 * x, 5 * y)
            self._by_name[f"corner {way} finely"] = partial(self._session.nudge_corner, 2 * x, 2 * y)
            self._by_name[f"corner {way.title()} by 1"] = partial(self._session.nudge_corner, x, y)
            self._by_name[f"box {way.title()}"] = partial(self._session.nudge_box, x, y)
        for number in range(1, len(CLASS_KEYS) + 1):
            self._by_name[f"class {number}"] = partial(self._classify, number)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """For the keymap."""
        return {name: partial(self.run, name) for name in self._by_name}

    def run(self, name: str) -> None:
        """Does one command; what cannot be done is told in the status line, and nothing has changed."""
        window = self._window
        if window.gestures.active:  # a key in the middle of a drag would work on a box that is on its way
            return
        window.status.say("")
        try:
            self._by_name[name]()
        except (LabelFileError, ValueError, OSError) as error:
            window.status.say(" ".join(str(error).split()), "bad")
        if window.alive:
            window.changed()

    def _next(self) -> None:
        if self._session.selection is not None:
            self._session.select(None)
        elif self._session.index + 1 == len(self._session.names):
            self._window.status.say("this is the last image")
        else:
            self._step(1)

    def _step(self, step: int) -> None:
        """To the next image that can be shown; those that are known to be unreadable are passed over, and named."""
        session, loader = self._session, self._window.loader
        index, passed = session.index + step, []
        while 0 <= index < len(session.names):
            picture = loader.get(session.root / session.names[index])
            if picture is None or picture.problem is None or not 0 <= index + step < len(session.names):
                break
            passed.append(session.names[index])
            index += step
        self._window.go(index)
        if passed:
            self._window.status.say(f"passed over, unreadable: {', '.join(passed)}", "warn")

    def _unreviewed(self, step: int) -> None:
        session = self._session
        found = session.find(session.index + step, step, lambda index: not session.is_reviewed(index))
        if found is None:
            self._window.status.say(f"all images {'after' if step > 0 else 'before'} this one are reviewed", "good")
        else:
            self._window.go(found)

    def _done(self) -> None:
        self._session.review(True)
        self._session.select(None)
        self._next()

    def _ask(self) -> None:
        Ask(self._window.root, "number, or a part of a name:", self._go_to, self._window.viewport.focus_set)

    def _go_to(self, text: str) -> None:
        session = self._session
        if text.isdecimal() and 1 <= int(text) <= len(session.names):
            self._window.go(int(text) - 1)
            return
        around = [*range(session.index + 1, len(session.names)), *range(session.index + 1)]
        found = next((index for index in around if text.lower() in session.names[index].lower()), None)
        if found is None:
            self._window.status.say(f"no image {text!r} among these {len(session.names)}", "warn")
        else:
            self._window.go(found)

    def _filter(self) -> None:
        window = self._window
        window.filter = apply_next(self._session, window.filter)
        window.renamed()
        window.status.say(f"shown: {FILTERS[window.filter][0]}, {len(self._session.names)} images")

    def _copy(self) -> None:
        self._window.status.say("copied" if self._session.copy() else "select a box first: Tab, or click a corner")

    def _paste(self) -> None:
        if not self._session.paste():
            self._window.status.say("there is no copied box, or no room for it")

    def _accept(self) -> None:
        suggested = self._session.suggested()
        self._session.accept(suggested)
        self._window.status.say(f"{len(suggested)} accepted" if suggested else "nothing is suggested here")

    def _classify(self, number: int) -> None:
        said = self._session.classify(number)
        self._window.status.say(f"class {said}" if said else "select a box first: Tab, or click a corner")

    def _look(self, step: int) -> None:
        """Zooms onto one box after another, and in the end back to the whole image."""
        session, viewport = self._session, self._window.viewport
        order = edits.top_to_bottom(session.boxes)
        now = (
            order.index(session.selection.index) if session.selection is not None else (-1 if step > 0 else len(order))
        )
        if not 0 <= now + step < len(order):
            session.select(None)
            viewport.look(viewport.view.fitted())
            return
        index = order[now + step]
        session.select(Selection(index))
        viewport.look(viewport.view.around(session.boxes[index].corners))

    def _colour(self) -> None:
        self._window.colour = (self._window.colour + 1) % len(COLOURS)

    def _classes(self) -> None:
        self._window.shows_classes = not self._window.shows_classes
        self._window.lay_out(self._window.thumbnails.columns)

    def _suggestions(self) -> None:
        self._window.shows_suggestions = not self._window.shows_suggestions
        self._window.gestures.takes_suggestions = self._window.shows_suggestions

    def _layer(self) -> None:
        self._session.next_layer()
        if len(self._session.layers) == 1:
            self._window.status.say(
                "there is one layer alone; a file labels_heads.txt beside labels_faces.txt is another"
            )

    def _history(self, move: Callable[[], str | None], otherwise: str) -> None:
        here = self._session.names, self._session.index
        told = move()
        if (self._session.names, self._session.index) != here:
            self._window.filter = 0 if self._session.names is not here[0] else self._window.filter
            self._window.renamed()
        self._window.status.say(told or otherwise)

    def _save(self) -> None:
        self._window.save()
        if not self._session.dirty:
            self._window.status.say("saved", "good")

    def _drop(self) -> None:
        self._session.select(None)
        self._window.help.close()
