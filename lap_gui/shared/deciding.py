"""Whether a key that decides may act: once a press, and only on what has been on the screen.

A held key is repeated many times a second, and a second press may come before the next picture is painted. What such a
press would decide, nobody has seen. Which commands decide is said in each tool's table of commands.
"""

import tkinter as tk
from typing import Final

SEEN_AFTER_MS: Final = 100
"""How long a picture has been on the screen before it can be decided: longer than a bounce of a finger (some 60 ms),
and short enough for five decisions a second."""
_REPEATS_WITHIN_MS: Final = 5
"""X11 repeats a held key as letting go and pressing again at the same moment of the server's clock."""
HELD: Final = "a held key decides once: let go, look, and press again"
UNSEEN: Final = "that key came before this was on the screen: it decided nothing"


class DecisionGate:
    """Closed from `shows_anew` on, until what is shown was painted and seen."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._opening: str | None = None
        self._down: set[int] = set()
        self._let_go: dict[int, int] = {}
        self.is_open = True
        root.bind("<FocusOut>", lambda _event: self._down.clear(), add=True)

    @property
    def is_opening(self) -> bool:
        """Whether it opens by itself, soon."""
        return self._opening is not None

    def shows_anew(self) -> None:
        """Something else is to be decided. Opens once it was painted and seen."""
        self.close()
        self._opening = self._root.after_idle(self._on_drawn)

    def close(self) -> None:
        """Nothing can be decided now: there is nothing to see."""
        self.is_open = False
        if self._opening is not None:
            self._root.after_cancel(self._opening)
            self._opening = None

    def refusal(self, event: "tk.Event[tk.Misc]") -> str | None:
        """Why the press of a key decides nothing; None where it may. Call it once for each press, in their order."""
        code = event.keycode
        let_go = self._let_go.pop(code, None)
        held = code in self._down or (let_go is not None and 0 <= event.time - let_go <= _REPEATS_WITHIN_MS)
        self._down.add(code)
        if held:
            return HELD
        return None if self.is_open else UNSEEN

    def let_go(self, event: "tk.Event[tk.Misc]") -> None:
        """A key was released."""
        self._down.discard(event.keycode)
        self._let_go[event.keycode] = event.time

    def _on_drawn(self) -> None:
        self._root.update_idletasks()
        self._root.winfo_pointerx()  # the server's answer comes after it has painted what it was sent
        self._opening = self._root.after(SEEN_AFTER_MS, self._on_seen)

    def _on_seen(self) -> None:
        # Idle work comes after all keys that have arrived: those were pressed too early, however late they are handled.
        self._opening = self._root.after_idle(self._open)

    def _open(self) -> None:
        self.is_open, self._opening = True, None
