"""The Labeler's window: it puts the session, the image and the widgets together, and keeps them up to date.

What keys do is in `actions`, what the left button does in `gestures`, what an edit is in `session`, and what the window
says in `texts`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_gui.labeler.actions import Actions
from lap_gui.labeler.commands import COMMANDS, help_rows
from lap_gui.labeler.gestures import Gestures
from lap_gui.labeler.opening import Opened
from lap_gui.labeler.overlay import COLOURS, BoxLook, clear_rubber, draw_boxes, draw_rubber, draw_veil
from lap_gui.labeler.panels import ClassList, Header, ScrolledViewport
from lap_gui.labeler.texts import caption, note, number, status
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Keymap
from lap_gui.shared.loading import Arrivals, picture_loader
from lap_gui.shared.pictures import Picture
from lap_gui.shared.status import StatusLine
from lap_gui.shared.thumbnails import Caption, Thumbnails
from lap_gui.shared.window import ToolWindow

_AHEAD: Final = (0, 1, -1, 2, 3, -2)
_SAVE_AFTER_MS: Final = 3_000
KEYMAP: Final = Keymap(COMMANDS)


class LabelerWindow(ToolWindow):
    """The window of a session."""

    def __init__(
        self, opened: Opened, size: tuple[int, int], thumbnail: tuple[int, int], *, maximized: bool = False
    ) -> None:
        super().__init__(f"Labeler · {opened.session.root}", size, maximized=maximized)
        self.session = opened.session
        self.notes = opened.notes
        self.colour, self.shows_classes, self.shows_suggestions, self.filter = 0, True, True, 0
        self.loader = picture_loader()
        self._arrivals = Arrivals(self.root, self.loader, self._on_arrival)
        self._saving: str | None = None
        self._insisted = False
        self.help = Help(self.root, "Labeler", help_rows())
        self.header = Header(self.root, self.help.toggle)
        self.status = StatusLine(self.root, self._status)
        self.middle = ScrolledViewport(self.root)
        self.viewport = self.middle.viewport
        self.thumbnails = Thumbnails(self.root, self.go, self._caption, thumbnail)
        self.class_list = ClassList(self.root, self.session.classes, lambda number: self.actions.run(f"class {number}"))
        self.gestures = Gestures(self.viewport, self.session, self.changed, self.preview, self._rubber)
        self.actions = Actions(self)
        KEYMAP.bind(self.root, self.actions.handlers(), gate=self.gate, refused=self._refused)
        self.viewport.on_view.append(self._draw_over)
        self.thumbnails.drawn = self.refresh
        self.lay_out(0)
        self.thumbnails.set_paths(self._paths(), self.session.index)
        self.root.update_idletasks()
        self.show()
        if self.notes:
            self.status.say(self.notes[0] + (f"  (and {len(self.notes) - 1} more)" if self.notes[1:] else ""), "warn")
        self.root.focus_force()

    @property
    def picture(self) -> Picture | None:
        """The current image, once it is decoded."""
        return self.loader.get(self.session.path)

    def go(self, index: int) -> None:
        """Goes to another image."""
        self.gestures.cancel()
        if self.session.go(index):
            self.status.say("")
            self.show()
        self.viewport.focus_set()

    def show(self) -> None:
        """Shows the current image, or that it is loading; decodes its neighbours ahead."""
        session = self.session
        picture = self.picture
        session.size = picture.size if picture is not None and picture.levels else None
        self.thumbnails.see(session.index)
        self.viewport.show(picture, waiting="…")
        self.refresh()
        near = [session.index + step for step in _AHEAD]
        self.loader.want(session.root / session.names[index] for index in near if 0 <= index < len(session.names))
        self._arrivals.watch()
        if session.size is None:
            self.gate.close()
        else:
            self.gate.shows_anew()

    def changed(self) -> None:
        """Call this after anything that may have changed labels or the selection."""
        clear_rubber(self.viewport)
        self._draw_over()
        self.refresh()
        self.thumbnails.refresh()
        if self.session.dirty and self._saving is None:
            self._saving = self.root.after(_SAVE_AFTER_MS, self.save)

    def renamed(self) -> None:
        """Call this after the list of images has changed."""
        self.thumbnails.set_paths(self._paths(), self.session.index)
        self.show()

    def refresh(self) -> None:
        """Updates the texts around the image."""
        session = self.session
        self.header.show(
            name=session.name,
            number=number(session, self.filter, self.thumbnails.visible(), self.viewport.view.scale),
            layer=session.layer.title,
            reviewed=session.labels.reviewed,
            note=note(session),
        )
        selected = session.selected
        self.class_list.highlight(selected.class_id if selected is not None else None)
        self.status.refresh()

    def save(self) -> None:
        """Writes what has changed. A failure is shown and tried again; meanwhile the journal holds the work."""
        if self._saving is not None:
            self.root.after_cancel(self._saving)
            self._saving = None
        try:
            self.session.save()
        except OSError as error:
            self._saving = self.root.after(_SAVE_AFTER_MS * 3, self.save)
            self.status.say(f"not saved ({error}); your work is safe in the journal, and saving is tried again", "bad")
        self.status.refresh()

    def lay_out(self, columns: int) -> None:
        """Puts the thumbnails below (0), or into so many columns on the left."""
        for widget in (self.header, self.status, self.thumbnails, self.class_list, self.middle):
            widget.pack_forget()
        self.header.pack(fill="x")
        self.status.pack(side="bottom", fill="x")
        self.thumbnails.lay_out(columns)
        if columns == 0:
            self.thumbnails.pack(side="bottom", fill="x")
        else:
            self.thumbnails.pack(side="left", fill="y")
        if self.session.classes and self.shows_classes:
            self.class_list.pack(side="right", fill="y")
        self.middle.pack(side="left", fill="both", expand=True)

    def preview(self, box: Box) -> None:
        """Draws the selected box as it would be."""
        selection = self.session.selection
        if selection is not None:
            boxes = [*self.session.boxes]
            boxes[selection.index] = box
            draw_boxes(self.viewport, boxes, selection, self._look())

    def closing(self) -> bool:
        """Saves. If that fails, the window stays open until it is closed again; the journal holds the work."""
        try:
            self.session.save()
        except OSError as error:
            if not self._insisted:
                self._insisted = True
                self.status.say(f"not saved: {error}; close again to leave your work in the journal", "bad")
                return False
        self.session.release()
        self._arrivals.stop()
        self.thumbnails.stop()
        self.loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Shows an error in the status line, too."""
        self.status.say(" ".join(str(error).split()) or type(error).__name__, "bad")

    def _refused(self, why: str) -> None:
        """A key that decides came too early, or there is nothing to decide on."""
        picture = self.picture
        unreadable = picture is not None and picture.problem is not None
        self.status.warn(f"{self.session.name} cannot be read: nothing can be decided on it" if unreadable else why)

    def _status(self) -> str:
        return status(self.session, shows_suggestions=self.shows_suggestions)

    def _caption(self, index: int) -> Caption:
        return caption(self.session, index)

    def _paths(self) -> Sequence[Path]:
        return [self.session.root / name for name in self.session.names]

    def _on_arrival(self, path: Path) -> None:
        if path == self.session.path and self.viewport.picture is None:
            self.show()

    def _look(self) -> BoxLook:
        return BoxLook(COLOURS[self.colour], self.session.classes, self.shows_classes)

    def _draw_over(self) -> None:
        session = self.session
        draw_veil(self.viewport, marked=session.name in session.marks)
        if session.size is None:
            self.viewport.delete("boxes")
            return
        suggested = session.suggested() if self.shows_suggestions else []
        others = session.boxes_of_other_layers
        draw_boxes(self.viewport, session.boxes, session.selection, self._look(), suggested, others)
        self.refresh()

    def _rubber(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        draw_rubber(self.viewport, start, end, COLOURS[self.colour])
