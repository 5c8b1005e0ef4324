"""The Labeler's window: combines the session, the image and the widgets, and keeps them up to date.

`actions` handles keys, `gestures` the left button, `session` the edits, and `texts` the texts.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from lap_gui.labeler.actions import Actions
from lap_gui.labeler.class_names import ClassNames
from lap_gui.labeler.commands import KEYS, help_rows
from lap_gui.labeler.crosshair import Crosshair
from lap_gui.labeler.edits import Size
from lap_gui.labeler.gestures import Gestures
from lap_gui.labeler.looking import LAYOUTS
from lap_gui.labeler.opening import Opened
from lap_gui.labeler.overlay import clear_rubber
from lap_gui.labeler.painting import Painting
from lap_gui.labeler.panels import ClassList, Header, ScrolledViewport
from lap_gui.labeler.past import past_list
from lap_gui.labeler.progress import Progress
from lap_gui.labeler.remembered import WindowState
from lap_gui.labeler.saving import Saving
from lap_gui.labeler.texts import caption, note, number, status
from lap_gui.shared.help import Help
from lap_gui.shared.keys import Keymap
from lap_gui.shared.loading import Arrivals, picture_loader
from lap_gui.shared.pictures import Picture
from lap_gui.shared.status import StatusLine
from lap_gui.shared.thumbnails import Thumbnails
from lap_gui.shared.watch import Watch
from lap_gui.shared.window import ToolWindow

_AHEAD: Final = (0, 1, -1, 2, 3, -2)


class LabelerWindow(ToolWindow):
    """The window of a session."""

    def __init__(
        self, opened: Opened, size: Size, thumbnail: Size, *, maximized: bool = False, keys: Keymap = KEYS
    ) -> None:
        super().__init__(f"Labeler · {opened.session.root}", size, maximized=maximized)
        self.session = opened.session
        self.notes, self._remembered = opened.notes, opened.remembered
        self.filter = 0
        self.loader = picture_loader()
        self._arrivals = Arrivals(self.root, self.loader, self._on_arrival)
        self.help = Help(self.root, "Labeler", help_rows(keys.commands))
        self.header = Header(self.root, self.help.toggle)
        progress = Progress(self.session)
        self.status = StatusLine(self.root, lambda: status(self.session, progress, self.painting.shows_suggestions))
        self._saving = Saving(self.root, self.session, self.status)
        self.middle = ScrolledViewport(self.root)
        self.viewport = self.middle.viewport
        self.painting = Painting(self.viewport, self.session, ClassNames.of(self.session.classes, keys.commands))
        self.thumbnails = Thumbnails(self.root, self.go, partial(caption, self.session), thumbnail)
        self.class_list = ClassList(
            self.root, self.painting.classes, lambda number: self.actions.run(f"class {number}")
        )
        self.gestures = Gestures(self.viewport, self.session, self.changed, self.painting)
        self.crosshair = Crosshair(self.viewport)
        self.past = past_list(self)
        self.actions: Actions = Actions(self)
        keys.bind(self.root, self.actions.handlers(), gate=self.gate, refused=self._refused, sheet=self.past)
        self.viewport.on_view.append(self._draw_over)
        self.thumbnails.drawn = self.refresh
        remembered = opened.remembered.read()
        self.painting.choose_color(remembered.color)
        self.lay_out(remembered.columns % LAYOUTS)
        self.thumbnails.set_paths(self._paths(), self.session.index)
        self.root.update_idletasks()
        self.show()
        if self.notes:
            self.status.say(self.notes[0] + (f"  (and {len(self.notes) - 1} more)" if self.notes[1:] else ""), "warn")
        self._watch = Watch(self.root, self.catch_up)
        self.root.focus_force()

    @property
    def picture(self) -> Picture | None:
        """The current image, once it is decoded."""
        return self.loader.get(self.session.path)

    def go(self, index: int) -> None:
        """Go to another image."""
        self.gestures.cancel()
        if self.session.go(index):
            self.status.say("")
            self.show()
        self.viewport.focus_set()

    def show(self) -> None:
        """Show the current image, or that it is loading, and decode its neighbors ahead."""
        session, picture = self.session, self.picture
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
            self.gate.reset()

    def changed(self) -> None:
        """Update the window after labels or the selection may have changed."""
        clear_rubber(self.viewport)
        self._draw_over()
        self.refresh()
        self.thumbnails.refresh()
        self._saving.soon()

    def renamed(self) -> None:
        """Update the window after the list of images changed."""
        self.thumbnails.set_paths(self._paths(), self.session.index)
        self.show()

    def refresh(self) -> None:
        """Update the texts around the image."""
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
        """Save all changes; a failure is shown and retried."""
        self._saving.now()

    def catch_up(self) -> None:
        """Merge every few seconds what others wrote to the files, but not during a drag."""
        session = self.session
        if self.gestures.active:
            return
        previous = session.labels
        if self._saving.catch_up():
            if not session.labels.has_same_labels(previous):
                self.gate.reset()
            self.changed()
            self.past.refresh()

    def lay_out(self, columns: int) -> None:
        """Put the thumbnails below (0), or into `columns` columns on the left."""
        for widget in (self.header, self.status, self.thumbnails, self.class_list, self.middle):
            widget.pack_forget()
        self.header.pack(fill="x")
        self.status.pack(side="bottom", fill="x")
        self.thumbnails.lay_out(columns)
        if columns == 0:
            self.thumbnails.pack(side="bottom", fill="x")
        else:
            self.thumbnails.pack(side="left", fill="y")
        if self.session.classes and self.painting.shows_classes:
            self.class_list.pack(side="right", fill="y")
        self.middle.pack(side="left", fill="both", expand=True)

    def closing(self) -> bool:
        """Save. If that fails, the window stays open until it is closed again; the journal holds the work."""
        if not self._saving.closing():
            return False
        if not self.session.layers[0].document.readonly:
            self._remembered.write(WindowState(self.session.name, self.painting.color, self.thumbnails.columns))
        self._watch.stop()
        self._arrivals.stop()
        self.thumbnails.stop()
        self.loader.close()
        return True

    def failed(self, error: BaseException) -> None:
        """Show an error in the status line, too."""
        self.status.say(" ".join(str(error).split()) or type(error).__name__, "bad")

    def _refused(self, why: str) -> None:
        """Show why a deciding key was refused: it came too early, or the image is unreadable."""
        picture = self.picture
        unreadable = picture is not None and picture.problem is not None
        self.status.warn(f"{self.session.name} cannot be read, so it cannot be decided" if unreadable else why)

    def _paths(self) -> Sequence[Path]:
        return [self.session.root / name for name in self.session.names]

    def _on_arrival(self, path: Path) -> None:
        if path == self.session.path and self.viewport.picture is None:
            self.show()

    def _draw_over(self) -> None:
        if self.painting.draw():
            self.refresh()
