"""The left mouse button over the image: drawing, moving corners and boxes, selecting, accepting suggestions."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lap_assets.core.box import Box
from lap_gui.labeler.edits import box_at, corner_at, corner_by, moved
from lap_gui.labeler.painting import Painting
from lap_gui.labeler.parts import BoxSelection
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.viewport import Viewport

_REACH: Final = 5
"""Canvas px around a corner within which it is meant."""
_CLICK: Final = 4
"""Canvas px that the pointer may move in a click."""
_CONTROL: Final = 0x4


@dataclass(slots=True)
class _Drag:
    """`kind`: what a drag does. `start`: canvas px. `box`: the selected box as it was."""

    kind: str
    start: tuple[float, float]
    box: Box | None = None
    now: tuple[float, float] = (0, 0)


class Gestures:
    """Turns drags and clicks on a viewport into what a session does. `changed` is called after each change.

    `painting` shows the selected box, or a new one, as it would be if the button were let go now.
    """

    def __init__(
        self,
        viewport: Viewport,
        session: LabelSession,
        changed: Callable[[], None],
        painting: Painting,
    ) -> None:
        self._viewport, self._session = viewport, session
        self._changed, self._painting = changed, painting
        self._drag: _Drag | None = None
        viewport.bind("<ButtonPress-1>", self._on_press)
        viewport.bind("<B1-Motion>", self._on_motion)
        viewport.bind("<ButtonRelease-1>", self._on_release)

    @property
    def active(self) -> bool:
        """Whether a button is held."""
        return self._drag is not None

    def cancel(self) -> None:
        """Forgets a drag: another image is coming."""
        self._drag = None

    def _on_press(self, event: "tk.Event[tk.Misc]") -> None:
        self._viewport.focus_set()
        session = self._session
        if session.size is None:
            return
        at = (event.x, event.y)
        point = self._viewport.view.to_picture(*at)
        corner = corner_at(session.boxes, point, _REACH / self._viewport.view.scale)
        if corner is not None:
            session.select(BoxSelection(*corner))
            self._drag = _Drag("corner", at, session.selected, at)
        elif int(event.state) & _CONTROL and (index := box_at(session.boxes, point)) is not None:
            session.select(BoxSelection(index))
            self._drag = _Drag("box", at, session.selected, at)
        else:
            session.select(None)
            self._drag = _Drag("draw", at, None, at)
        self._changed()

    def _on_motion(self, event: "tk.Event[tk.Misc]") -> None:
        drag = self._drag
        if drag is None:
            return
        drag.now = (event.x, event.y)
        if drag.kind == "draw":
            self._painting.rubber(drag.start, drag.now)
        elif (box := self._dragged(drag)) is not None:
            self._painting.preview(box)

    def _on_release(self, event: "tk.Event[tk.Misc]") -> None:
        drag, self._drag = self._drag, None
        if drag is None or self._session.size is None:
            return
        drag.now = (event.x, event.y)
        if max(abs(drag.now[0] - drag.start[0]), abs(drag.now[1] - drag.start[1])) < _CLICK:
            if drag.kind == "draw":
                self._click(self._viewport.view.to_picture(*drag.start))
        elif drag.kind == "draw":
            self._session.draw(self._viewport.view.to_picture(*drag.start), self._viewport.view.to_picture(*drag.now))
        elif (box := self._dragged(drag)) is not None:
            self._session.put(box)
        self._changed()

    def _dragged(self, drag: _Drag) -> Box | None:
        session, view = self._session, self._viewport.view
        if drag.box is None or session.selection is None or session.size is None:
            return None
        dx, dy = (drag.now[0] - drag.start[0]) / view.scale, (drag.now[1] - drag.start[1]) / view.scale
        if drag.kind == "box":
            return moved(drag.box, dx, dy, session.size)
        return corner_by(drag.box, session.selection.corner, round(dx), round(dy), session.size)

    def _click(self, point: tuple[float, float]) -> None:
        suggested = self._session.suggested() if self._painting.shows_suggestions else []
        if (index := box_at(suggested, point)) is not None:
            self._session.accept([suggested[index]])
        elif (index := box_at(self._session.boxes, point)) is not None:
            self._session.select(BoxSelection(index))
