"""The card of one picture: its name, its facts, and whether it is kept. Facts better than the other's are green."""

import tkinter as tk
from typing import Final

from lap_gui.review.image_facts import ImageFacts
from lap_gui.shared import theme
from lap_gui.shared.fitted import FittedLabel
from lap_gui.shared.fonts import window_font

_SIDE: Final = 12
_APART: Final = 18


class Card(tk.Frame):
    """A picture's facts, in as many lines as they need."""

    def __init__(self, master: tk.Misc, fate: str, color: str) -> None:
        super().__init__(master, background=theme.PANEL)
        head = tk.Frame(self, background=theme.PANEL)
        head.pack(fill="x", padx=_SIDE, pady=(8, 2))
        self._fate, self._color = f" {fate} ", color
        self._pill = tk.Label(head, text=self._fate, font=theme.BOLD, fg=theme.GROUND, bg=color)
        self._name = FittedLabel(head, font=theme.BOLD, fg=theme.TEXT, bg=theme.PANEL)
        self._bold = window_font(self, theme.BOLD)
        self._body = tk.Frame(self, background=theme.PANEL)
        self._body.pack(fill="x", padx=_SIDE, pady=(0, 8))
        self._facts = [tk.Label(self._body, font=theme.NORMAL, bg=theme.PANEL) for _ in range(4)]
        self.fit(self.wanted)

    def show(self, mine: ImageFacts | None, other: ImageFacts | None) -> None:
        """Show the facts; nothing for None."""
        empty = mine is None
        self._pill.configure(text="" if empty else self._fate, bg=theme.PANEL if empty else self._color)
        self._name.show("" if mine is None else mine.name)
        facts = [("", False)] * 4 if mine is None or other is None else _described(mine, other)
        for label, (text, better) in zip(self._facts, facts, strict=True):
            label.configure(text=text, fg=theme.GOOD if better else theme.TEXT)

    @property
    def wanted(self) -> int:
        """The px of width for all texts, with the facts in one line."""
        return 2 * _SIDE + max(self._head_width, self._facts_width(len(self._facts)))

    def fit(self, width: int) -> None:
        """Lay out the card in `width` px: the name below if it does not fit beside, the facts in several lines."""
        beside = self._head_width + 2 * _SIDE <= width
        self._pill.pack_forget()
        self._name.pack_forget()
        self._pill.pack(side="left" if beside else "top", anchor="w")
        self._name.pack(side="left", padx=10 if beside else 0, fill="x", expand=True)
        per_row = next((count for count in (4, 2) if self._facts_width(count) + 2 * _SIDE <= width), 1)
        for number, label in enumerate(self._facts):
            row, column = divmod(number, per_row)
            label.grid(row=row, column=column, sticky="w", padx=(0, _APART))

    @property
    def text(self) -> str:
        """Everything that the card shows."""
        return "  ".join([self._name.whole, *(str(label.cget("text")) for label in self._facts)])

    @property
    def cut_name(self) -> str:
        """The name, cut to fit."""
        return str(self._name.cget("text"))

    @property
    def _head_width(self) -> int:
        return self._pill.winfo_reqwidth() + self._bold.measure(self._name.whole) + 24

    def _facts_width(self, per_row: int) -> int:
        columns = [self._facts[first::per_row] for first in range(per_row)]
        return sum(max(label.winfo_reqwidth() for label in column) + _APART for column in columns)


def _described(mine: ImageFacts, other: ImageFacts) -> list[tuple[str, bool]]:
    quality = (mine.quality.value if mine.quality else 0, other.quality.value if other.quality else 0)
    return [
        (f"{mine.width} × {mine.height} px", mine.pixels > other.pixels),
        (mine.kilobytes, mine.bytes > other.bytes),
        ("not a JPEG" if mine.quality is None else f"JPEG quality {mine.quality}", 0 < quality[1] < quality[0]),
        (mine.site, False),
    ]
