"""Saves automatically, merges what others wrote, and shows messages about it. `document` writes the files."""

import sys
import tkinter as tk
from typing import Final

from lap_assets.core.errors import LapError
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.status import StatusLine

_AFTER_MS: Final = 3_000


class Saving:
    """Saves a session some seconds after each change."""

    def __init__(self, root: tk.Misc, session: LabelSession, status: StatusLine) -> None:
        self._root, self._session, self._status, self._say = root, session, status, status.say
        self._timer: str | None = None
        self._insisted = False
        self._shown = {id(layer): len(layer.document.notes) for layer in session.layers}

    def soon(self) -> None:
        """Save soon, after a change."""
        if self._session.dirty and self._timer is None:
            self._timer = self._root.after(_AFTER_MS, self.now)

    def now(self) -> None:
        """Save the changes. A failure is shown and saving is retried; until then the journal holds the work."""
        self._cancel()
        try:
            self._session.save()
        except OSError as error:
            self._timer = self._root.after(_AFTER_MS * 3, self.now)
            self._say(f"not saved ({error}); your work is safe in the journal, and saving will be retried", "bad")
        self.show_notes()
        self._status.refresh()

    def catch_up(self) -> bool:
        """Merge what others wrote. Returns whether there was anything."""
        try:
            news = self._session.catch_up()
        except (LapError, OSError) as error:
            self._say(f"changes by others cannot be read: {' '.join(str(error).split())}", "warn")
            return False
        self.show_notes()
        return news

    def show_notes(self) -> None:
        """Show new messages, such as about work of others that cannot be merged."""
        if news := self._news():
            self._say(news[-1] + (f"  (and {len(news) - 1} more)" if news[1:] else ""), "warn")

    def closing(self) -> bool:
        """Save. If that fails, the window stays open until it is closed again; the journal holds the work."""
        try:
            self._session.save()
        except OSError as error:
            if not self._insisted:
                self._insisted = True
                self._say(f"not saved: {error}; close again to leave your work in the journal", "bad")
                return False
        for line in self._news():  # the window closes, and these messages must not be lost
            print(f"lap: {line}", file=sys.stderr)
        self._cancel()
        self._session.release()
        return True

    def _news(self) -> list[str]:
        news: list[str] = []
        for layer in self._session.layers:
            notes = layer.document.notes
            news += notes[self._shown[id(layer)] :]
            self._shown[id(layer)] = len(notes)
        return news

    def _cancel(self) -> None:
        if self._timer is not None:
            self._root.after_cancel(self._timer)
            self._timer = None
