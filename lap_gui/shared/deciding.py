"""The gate for deciding keys: they act once per press, and only after the picture has been on the screen.

A held key repeats many times a second, and a second press may come before the next picture is painted. Such a press
would decide something that nobody has seen. Each tool's table of commands says which commands decide.
"""

import tkinter as tk
from typing import Final

SEEN_AFTER_MS: Final = 100
"""How long a picture must be on the screen before it can be decided: longer than a finger's bounce (some 60 ms), and
short enough for five decisions a second.
"""
_REPEATS_WITHIN_MS: Final = 5
"""X11 repeats a held key as a release and a press at the same server time."""
HELD: Final = "a held key decides only once: release it, look, and press again"
UNSEEN: Final = "key pressed before the picture was on the screen: ignored"


class DecisionGate:
    """Closed from `reset` until the picture was painted and seen."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._opening: str | None = None
        self._down: set[int] = set()
        self._let_go: dict[int, int] = {}
        self.is_open = True
        root.bind("<FocusOut>", lambda _event: self._down.clear(), add=True)

    @property
    def is_opening(self) -> bool:
        """Return whether the gate is about to open by itself."""
        return self._opening is not None

    def reset(self) -> None:
        """Close the gate, and reopen it once the new picture was painted and seen."""
        self.close()
        self._opening = self._root.after_idle(self._on_drawn)

    def close(self) -> None:
        """Close the gate: nothing is shown that could be decided."""
        self.is_open = False
        if self._opening is not None:
            self._root.after_cancel(self._opening)
            self._opening = None

    def refusal(self, event: "tk.Event[tk.Misc]") -> str | None:
        """Return why a key press decides nothing; None if it may decide. Call it once per press, in order."""
        code = event.keycode
        let_go = self._let_go.pop(code, None)
        held = code in self._down or (let_go is not None and 0 <= event.time - let_go <= _REPEATS_WITHIN_MS)
        self._down.add(code)
        if held:
            return HELD
        return None if self.is_open else UNSEEN

    def let_go(self, event: "tk.Event[tk.Misc]") -> None:
        """Record the release of a key."""
        self._down.discard(event.keycode)
        self._let_go[event.keycode] = event.time

    def _on_drawn(self) -> None:
        self._root.update_idletasks()
        self._root.winfo_pointerx()  # the server answers only after it has painted everything sent so far
        self._opening = self._root.after(SEEN_AFTER_MS, self._on_seen)

    def _on_seen(self) -> None:
        # Idle callbacks run after all keys that have arrived: those were pressed too early, however late they run.
        self._opening = self._root.after_idle(self._open)

    def _open(self) -> None:
        self.is_open, self._opening = True, None
