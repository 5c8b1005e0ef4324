"""The status line: facts that are computed anew each time, and one message that stays until the next action."""

import tkinter as tk
from collections.abc import Callable
from typing import Final, Literal

from lap_gui.shared import theme
from lap_gui.shared.fitted import FittedLabel, cut
from lap_gui.shared.fonts import window_font

Tone = Literal["plain", "good", "warn", "bad"]
_COLORS: Final[dict[Tone, str]] = {"plain": theme.QUIET, "good": theme.GOOD, "warn": theme.WARN, "bad": theme.BAD}


class StatusLine(tk.Frame):
    """Facts on the left, the message on the right. It stores only the message, so nothing can be out of date."""

    def __init__(self, master: tk.Misc, facts: Callable[[], str]) -> None:
        super().__init__(master, background=theme.PANEL)
        self._facts = facts
        self._left = FittedLabel(self, font=theme.NORMAL, fg=theme.TEXT, bg=theme.PANEL)
        self._right = tk.Label(self, font=theme.NORMAL, fg=theme.QUIET, bg=theme.PANEL, anchor="e")
        self._font = window_font(self, theme.NORMAL)
        self._message = ""
        self._right.pack(side="right", padx=10, pady=4)  # packed first: the newest message matters more than the facts
        self._left.pack(side="left", padx=10, pady=4, fill="x", expand=True)
        self.bind("<Configure>", lambda _event: self._fit())

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Show a message, and the current facts."""
        self._message = message
        self._right.configure(fg=_COLORS[tone])
        self._fit()
        self._left.show(self._facts())

    def warn(self, message: str) -> None:
        """Show a message about something that was not done."""
        self.say(message, "warn")

    def refresh(self) -> None:
        """Show the current facts; the message stays."""
        self._left.show(self._facts())

    @property
    def facts(self) -> str:
        """The text on the left."""
        return self._left.whole

    @property
    def message(self) -> str:
        """The text on the right."""
        return self._message

    def _fit(self) -> None:
        room = self.winfo_width() - 40
        self._right.configure(text=cut(self._message, room, self._font) if room > 0 else self._message)
