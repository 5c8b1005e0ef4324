"""A list of any length that draws only its visible rows. Its owner supplies the texts."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import font as tkfont
from typing import Final, Literal

from lap_gui.shared import theme
from lap_gui.shared.fitted import cut
from lap_gui.shared.fonts import window_font
from lap_gui.shared.wheel import bind_wheel

_EDGE: Final = 14
_GAP: Final = 6
_NOTCH: Final = 3
_NAME: Final = "MAL00000_0000_000000.jpg"


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The texts of a row. `what`: the decision; `names`: its posters; `by`: who and when; `is_mine`: by this person."""

    what: str
    names: tuple[str, ...]
    by: str
    is_mine: bool = True


class Rows(tk.Frame):
    """Rows of equal `height` in px, one selected.

    `texts(index)` returns the texts of a row; `chosen` is called on a double click; `nothing` is shown for an empty
    list.
    """

    def __init__(
        self, master: tk.Misc, texts: Callable[[int], RowTexts], chosen: Callable[[], object], nothing: str
    ) -> None:
        super().__init__(master, background=theme.GROUND)
        self.count = self.selected = 0
        self._texts, self._nothing, self._top = texts, nothing, 0
        self._bold, self._small = (window_font(self, font) for font in (theme.BOLD, theme.SMALL))
        self._first_line, self._is_narrow = int(self._bold.metrics("linespace")), False
        self.height = 2 * self._first_line
        self.canvas = tk.Canvas(self, background=theme.GROUND, highlightthickness=0, borderwidth=0)
        self._bar = tk.Scrollbar(self, command=self._on_bar, **theme.SCROLLBAR)
        self._bar.pack(side="right", fill="y")
        self.canvas.pack(side="left", fill="both", expand=True)
        self.canvas.bind("<Configure>", lambda _event: self._resized())
        self.canvas.bind("<Button-1>", lambda event: self.select(self._top + event.y // self.height))
        self.canvas.bind("<Double-Button-1>", lambda _event: chosen())
        bind_wheel(self.canvas, lambda steps, _event: self.scroll_to(self._top - _NOTCH * steps))

    def select(self, index: int) -> None:
        """Select a row, or the nearest existing one, and scroll to make it visible."""
        self.selected = max(0, min(index, self.count - 1))
        self.scroll_to(min(self.selected, max(self._top, self.selected - self.page + 1)))

    def scroll_to(self, top: int) -> None:
        """Scroll so that this row is the first visible one."""
        self._top = max(0, min(top, self.count - self.page))
        self._draw()

    @property
    def seen(self) -> range:
        """Indices of the visible rows, including one that the lower edge cuts off."""
        return range(self._top, min(self.count, self._top + -(-self.canvas.winfo_height() // self.height)))

    @property
    def page(self) -> int:
        """The number of rows that are fully visible."""
        return max(1, self.canvas.winfo_height() // self.height)

    def _resized(self) -> None:
        """Put two names below each other if there is no room for them side by side."""
        self._is_narrow = self.canvas.winfo_width() < self._small.measure(2 * _NAME + 12 * "m")
        self.height = self._first_line + (2 if self._is_narrow else 1) * self._small.metrics("linespace") + 2 * _GAP
        self.select(self.selected)

    def _on_bar(self, how: str, number: str, unit: str = "") -> None:
        if how == "moveto":
            self.scroll_to(round(float(number) * self.count))
        else:
            self.scroll_to(self._top + int(number) * (self.page if unit == "pages" else 1))

    def _draw(self) -> None:
        self.canvas.delete("all")
        if not self.count:
            self.canvas.create_text(_EDGE, _EDGE, anchor="nw", text=self._nothing, fill=theme.QUIET, font=theme.NORMAL)
        for index in self.seen:
            self._draw_row(self._texts(index), (index - self._top) * self.height, is_selected=index == self.selected)
        many = max(1, self.count)
        self._bar.set(self._top / many, min(1.0, (self._top + self.page) / many))

    def _draw_row(self, row: RowTexts, y: int, *, is_selected: bool) -> None:
        canvas, wide = self.canvas, self.canvas.winfo_width()
        room = wide - 2 * _EDGE
        if is_selected:
            canvas.create_rectangle(0, y, wide - 1, y + self.height - 1, fill=theme.RAISED, outline=theme.ACCENT)
        if not row.is_mine:
            canvas.create_rectangle(0, y, 5, y + self.height - 1, fill=theme.WARN, width=0)
        by = cut(row.by, room // 2, self._small)
        what = cut(row.what, room - _EDGE - self._small.measure(by), self._bold)
        names = row.names if self._is_narrow else ("   ".join(row.names),)
        color = theme.QUIET if row.is_mine else theme.WARN
        self._write(_EDGE, y + _GAP, what, self._bold, theme.TEXT)
        self._write(wide - _EDGE, y + _GAP, by, self._small, color, anchor="ne")
        below = y + _GAP + self._first_line
        self._write(_EDGE, below, "\n".join(cut(name, room, self._small) for name in names), self._small, theme.TEXT)

    def _write(
        self, x: int, y: int, text: str, font: tkfont.Font, color: str, anchor: Literal["nw", "ne"] = "nw"
    ) -> None:
        self.canvas.create_text(x, y, anchor=anchor, text=text, font=font, fill=color)
