"""A label that cuts text in its middle to fit: both ends of a name identify it."""

import tkinter as tk
from tkinter import font as tkfont
from typing import Any, Final

from lap_gui.shared.fonts import window_font

_GAP: Final = "…"


class FittedLabel(tk.Label):
    """Shows as much of `whole` as fits its width. Pack it with `fill="x", expand=True` to take the remaining room."""

    def __init__(self, master: tk.Misc, **options: Any) -> None:
        super().__init__(master, anchor="w", width=1, **options)
        self.whole = ""
        self._font = window_font(master, self.cget("font"))
        self.bind("<Configure>", lambda _event: self._fit())

    def show(self, text: str) -> None:
        """Show another text."""
        self.whole = text
        self._fit()

    def _fit(self) -> None:
        frame = 2 * sum(
            self.winfo_pixels(str(self.cget(name))) for name in ("padx", "borderwidth", "highlightthickness")
        )
        self.configure(text=cut(self.whole, self.winfo_width() - frame, self._font))


def cut(text: str, width: int, font: tkfont.Font) -> str:
    """Return the text, or its two ends around a `…`, at most `width` px wide (a single `…` may be wider)."""
    if font.measure(text) <= width:
        return text
    least, most = 0, len(text) - 1
    while least < most:  # the largest number of characters that fits
        kept = (least + most + 1) // 2
        if font.measure(_ends(text, kept)) <= width:
            least = kept
        else:
            most = kept - 1
    return _ends(text, least)


def _ends(text: str, kept: int) -> str:
    tail = kept // 2
    return text[: kept - tail] + _GAP + (text[-tail:] if tail else "")
