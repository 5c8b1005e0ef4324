"""The left mouse button over the image: drawing, moving corners, edges and boxes, selecting, accepting suggestions."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from lap_assets.core.box import Box
from lap_gui.labeler.edits import box_at, moved
from lap_gui.labeler.grips import Grip, grip_at, resized
from lap_gui.labeler.painting import Painting
from lap_gui.labeler.parts import BoxSelection
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.viewport import Viewport

_REACH: Final = 5
"""Canvas px around a corner or an edge within which the pointer takes hold of it."""
_CLICK: Final = 4
"""Canvas px that the pointer may move during a click."""
_SHIFT: Final = 0x1
_CONTROL: Final = 0x4
CURSORS: Final[dict[Grip, str]] = {
    "top left": "top_left_corner", "top": "top_side", "top right": "top_right_corner", "right": "right_side",
    "bottom right": "bottom_right_corner", "bottom": "bottom_side", "bottom left": "bottom_left_corner",
    "left": "left_side",
}  # fmt: skip
MOVING: Final = "fleur"

_Kind = Literal["draw", "grip", "box"]


@dataclass(slots=True)
class _Drag:
    """`kind`: what the drag does. `start`: canvas px. `box`: the selected box before the drag."""

    kind: _Kind
    start: tuple[float, float]
    box: Box | None = None
    now: tuple[float, float] = (0, 0)


class Gestures:
    """Turns drags and clicks on a viewport into edits of a session. `changed` is called after each change.

    `painting` previews the selected box, or a new one, as it would be if the button were released now. The pointer
    shows what a drag would do.
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
        viewport.bind("<Motion>", self._on_hover)

    @property
    def active(self) -> bool:
        """Whether the button is held."""
        return self._drag is not None

    def cancel(self) -> None:
        """Abandon a drag because another image is coming."""
        self._drag = None
        self._viewport.configure(cursor="")

    def _on_press(self, event: "tk.Event[tk.Misc]") -> None:
        self._viewport.focus_set()
        session, at = self._session, (event.x, event.y)
        if session.size is None:
            return
        kind, selection = self._target(event)
        session.select(selection)
        self._drag = _Drag(kind, at, session.selected, at)
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
        self._on_hover(event)

    def _on_hover(self, event: "tk.Event[tk.Misc]") -> None:
        kind, selection = self._target(event) if self._session.size is not None else ("draw", None)
        cursor = "" if selection is None else MOVING if kind == "box" else CURSORS[selection.grip]
        if str(self._viewport.cget("cursor")) != cursor:
            self._viewport.configure(cursor=cursor)

    def _target(self, event: "tk.Event[tk.Misc]") -> tuple[_Kind, BoxSelection | None]:
        """Return what a drag from here would do, and to which box. Ctrl moves whole boxes, Shift always draws."""
        session, view, state = self._session, self._viewport.view, int(event.state)
        point, reach = view.to_picture(event.x, event.y), _REACH / view.scale
        here = None if session.selection is None else session.selection.index
        grip = grip_at(session.boxes, point, reach, here)
        if state & _CONTROL:
            index = box_at(session.boxes, point)
            index = grip[0] if index is None and grip is not None else index
            return ("draw", None) if index is None else ("box", BoxSelection(index))
        if grip is None or state & _SHIFT:
            return "draw", None
        return "grip", BoxSelection(*grip)

    def _dragged(self, drag: _Drag) -> Box | None:
        session, view = self._session, self._viewport.view
        if drag.box is None or session.selection is None or session.size is None:
            return None
        dx, dy = (drag.now[0] - drag.start[0]) / view.scale, (drag.now[1] - drag.start[1]) / view.scale
        if drag.kind == "box":
            return moved(drag.box, dx, dy, session.size)
        return resized(drag.box, session.selection.grip, round(dx), round(dy), session.size)

    def _click(self, point: tuple[float, float]) -> None:
        suggested = self._session.suggested() if self._painting.shows_suggestions else []
        if (index := box_at(suggested, point)) is not None:
            self._session.accept([suggested[index]])
        elif (index := box_at(self._session.boxes, point)) is not None:
            self._session.select(BoxSelection(index))
