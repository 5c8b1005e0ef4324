"""The status line: facts that are asked for anew each time, and one message that stays until the next action."""

import tkinter as tk
from collections.abc import Callable
from typing import Final, Literal

from lap_gui.shared import theme

Tone = Literal["plain", "good", "warn", "bad"]
_COLOURS: Final[dict[Tone, str]] = {"plain": theme.QUIET, "good": theme.GOOD, "warn": theme.WARN, "bad": theme.BAD}


class StatusLine(tk.Frame):
    """Facts on the left, the message on the right. Nothing is remembered but the message, so nothing can be stale."""

    def __init__(self, master: tk.Misc, facts: Callable[[], str]) -> None:
        super().__init__(master, background=theme.PANEL)
        self._facts = facts
        self._left = tk.Label(self, font=theme.NORMAL, fg=theme.TEXT, bg=theme.PANEL, anchor="w")
        self._right = tk.Label(self, font=theme.NORMAL, fg=theme.QUIET, bg=theme.PANEL, anchor="e")
        self._left.pack(side="left", padx=10, pady=4)
        self._right.pack(side="right", padx=10, pady=4)

    def say(self, message: str, tone: Tone = "plain") -> None:
        """Shows a message, and the facts as they are now."""
        self._right.configure(text=message, fg=_COLOURS[tone])
        self._left.configure(text=self._facts())

    def warn(self, message: str) -> None:
        """Shows a message about something that was not done."""
        self.say(message, "warn")

    def refresh(self) -> None:
        """Shows the facts as they are now; the message stays."""
        self._left.configure(text=self._facts())

    @property
    def facts(self) -> str:
        """What it shows on the left."""
        return str(self._left.cget("text"))

    @property
    def message(self) -> str:
        """What it shows on the right."""
        return str(self._right.cget("text"))
