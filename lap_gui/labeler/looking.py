"""The Labeler's commands that change the view: zoom, tones, colors, what is shown. Edits nothing."""

from collections.abc import Callable
from typing import Final

from lap_assets.core.box import Box
from lap_gui.labeler.controls import LabelerControls
from lap_gui.labeler.edits import top_to_bottom
from lap_gui.labeler.parts import BoxSelection
from lap_gui.shared.tones import Tones
from lap_gui.shared.view import View

LAYOUTS: Final = 5
_SCORE_STEP: Final = 0.05


class Looking:
    """The view commands of a window; each shows a message with its effect."""

    def __init__(self, window: LabelerControls) -> None:
        self._window, self._session, self._painting = window, window.session, window.painting
        self._looked_at: tuple[Box, View] | None = None

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return the handlers for the keymap, by command name."""
        return {
            "fit": self._fit,
            "brighter": lambda: self._tone(self._window.viewport.tones.brighter(1)),
            "darker": lambda: self._tone(self._window.viewport.tones.brighter(-1)),
            "more contrast": lambda: self._tone(self._window.viewport.tones.sharper(1)),
            "less contrast": lambda: self._tone(self._window.viewport.tones.sharper(-1)),
            "plain": lambda: self._tone(Tones()),
            "crosshair": self._crosshair,
            "look": lambda: self._look(1),
            "look back": lambda: self._look(-1),
            "color": self._color,
            "classes": self._classes,
            "suggestions": self._suggestions,
            "fewer suggestions": lambda: self._least_score(_SCORE_STEP),
            "more suggestions": lambda: self._least_score(-_SCORE_STEP),
            "layout": lambda: self._window.lay_out((self._window.thumbnails.columns + 1) % LAYOUTS),
        }

    def _say(self, message: str) -> None:
        self._window.status.say(message)

    def _fit(self) -> None:
        self._window.viewport.look(self._window.viewport.view.fitted())
        self._say("whole image")

    def _tone(self, tones: Tones) -> None:
        self._window.viewport.tone(tones)
        is_plain = tones == Tones()
        changed = f"brightness {tones.brightness:+d}, contrast {tones.contrast:+d}"
        self._say("brightness and contrast reset" if is_plain else changed)

    def _crosshair(self) -> None:
        self._window.crosshair.toggle()
        self._say("crosshair on" if self._window.crosshair.is_on else "crosshair off")

    def _look(self, step: int) -> None:
        """Zoom in on the selected box, then on one after another, and finally return to the whole image."""
        session, viewport = self._session, self._window.viewport
        order, selected = top_to_bottom(session.boxes), session.selected
        if not order:
            self._say(f"no {session.layer.title} on this image")
            return
        if selected is not None and self._looked_at != (selected, viewport.view):
            self._look_at(selected)
            return
        start = -1 if step > 0 else len(order)
        now = order.index(session.selection.index) if session.selection is not None else start
        if 0 <= now + step < len(order):
            session.select(BoxSelection(order[now + step]))
            self._look_at(session.boxes[order[now + step]])
            return
        session.select(None)
        self._fit()

    def _look_at(self, box: Box) -> None:
        viewport, order = self._window.viewport, top_to_bottom(self._session.boxes)
        viewport.look(viewport.view.around(box.corners))
        self._looked_at = box, viewport.view
        self._say(f"box {order.index(self._session.index_of(box)) + 1} of {len(order)}")

    def _color(self) -> None:
        self._painting.choose_color(self._painting.color + 1)
        self._say(f"color {self._painting.color + 1} for boxes")

    def _classes(self) -> None:
        self._painting.shows_classes = not self._painting.shows_classes
        self._window.lay_out(self._window.thumbnails.columns)
        self._say("classes are shown" if self._painting.shows_classes else "classes are hidden")

    def _suggestions(self) -> None:
        self._painting.shows_suggestions = not self._painting.shows_suggestions
        self._say("suggestions are shown" if self._painting.shows_suggestions else "suggestions are hidden")

    def _least_score(self, by: float) -> None:
        """Change the least score of shown suggestions; a key decides on them only after they were on the screen."""
        session = self._session
        session.least_score = round(min(max(session.least_score + by, 0.0), 0.95), 2)
        self._window.gate.reset()
        self._say(f"suggestions with a score of at least {session.least_score:.2f}: {len(session.suggested())} here")
