"""Checks every few seconds, while a window is open, what other people and windows wrote."""

import tkinter as tk
from collections.abc import Callable
from typing import Final

EVERY_MS: Final = 3000


class Watch:
    """Calls `look` every few seconds until it is stopped."""

    def __init__(self, root: tk.Misc, look: Callable[[], object]) -> None:
        self._root, self._look = root, look
        self._timer = root.after(EVERY_MS, self._again)

    def stop(self) -> None:
        """Stop; call it before the window is destroyed."""
        self._root.after_cancel(self._timer)

    def _again(self) -> None:
        self._timer = self._root.after(EVERY_MS, self._again)
        self._look()
