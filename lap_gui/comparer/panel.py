"""The facts of both pictures, the distances between them, and which one is better and why. No decisions."""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from lap_assets.core.verdicts.lines import PairVerdict
from lap_gui.comparer.card import Card
from lap_gui.comparer.texts import described
from lap_gui.review.image_facts import ImageFacts, Judgement
from lap_gui.review.pair_rows import Pair
from lap_gui.shared import theme

_BESIDE: Final = 16
"""Px on each side of a text."""
_MEASURES: Final = {"ahash": "aHash", "phash": "pHash", "dhash": "dHash", "cosine": "cosine"}


class Panel(tk.Frame):
    """Two cards, with the distances and the reason between them."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.PANEL)
        self.left = Card(self, "keep", theme.GOOD)
        self.right = Card(self, "Space removes", theme.BAD)
        middle = tk.Frame(self, background=theme.RAISED)
        self._distances = tk.Label(middle, font=theme.BOLD, fg=theme.ACCENT, bg=theme.RAISED)
        self._why = tk.Label(middle, font=theme.NORMAL, fg=theme.TEXT, bg=theme.RAISED)
        self._verdicts = tk.Label(middle, font=theme.SMALL, fg=theme.WARN, bg=theme.RAISED)
        for label in (self._distances, self._why):
            label.pack(padx=_BESIDE, pady=1, expand=True)
        self._middle = middle
        self.columnconfigure((0, 2), weight=1, uniform="side")
        self.bind("<Configure>", lambda _event: self._lay_out())
        self._lay_out()

    def _lay_out(self) -> None:
        """Put the distances between the cards if both names fit beside them, otherwise below."""
        width = self.winfo_width()
        for label in (self._distances, self._why, self._verdicts):
            label.configure(wraplength=max(200, width - 2 * _BESIDE))
        if self._verdicts.cget("text"):
            self._verdicts.pack(padx=_BESIDE, pady=1, expand=True)
        else:
            self._verdicts.pack_forget()
        widest = max(self.left.wanted, self.right.wanted)
        middle = 2 * _BESIDE + max(one.winfo_reqwidth() for one in (self._distances, self._why, self._verdicts))
        between = middle + 2 * widest <= width
        for widget in (self.left, self.right, self._middle):
            widget.grid_forget()
        room = (width - middle if between else width) // 2
        self.left.fit(room)
        self.right.fit(room)
        self.left.grid(row=0, column=0, sticky="nsew")
        self.right.grid(row=0, column=2, sticky="nsew")
        if between:
            self._middle.grid(row=0, column=1, sticky="ns", ipady=4)
        else:
            self._middle.grid(row=1, column=0, columnspan=3, sticky="ew")

    def show(
        self, pair: Pair, left: ImageFacts, right: ImageFacts, judged: Judgement, verdicts: Sequence[PairVerdict]
    ) -> None:
        """Show a pair; in `judged` the left one is the better, whichever was first in the list."""
        self.left.show(left, right)
        self.right.show(right, left)
        self._distances.configure(text=distances(pair))
        self._why.configure(text=f"left is better: {judged.why}" + (f"\nbut {judged.but}" if judged.but else ""))
        self.show_verdicts(pair, verdicts)

    def show_verdicts(self, pair: Pair, verdicts: Sequence[PairVerdict]) -> None:
        """Show people's verdicts on the pair."""
        self._verdicts.configure(text=" · ".join([*_origin(pair), *map(described, verdicts)]))
        self._lay_out()

    def clear(self) -> None:
        """Show nothing."""
        self.left.show(None, None)
        self.right.show(None, None)
        for label in (self._distances, self._why, self._verdicts):
            label.configure(text="")

    @property
    def text(self) -> str:
        """The text between the cards."""
        return "\n".join(str(label.cget("text")) for label in (self._distances, self._why, self._verdicts))


def distances(pair: Pair) -> str:
    """Return all known distances: bits as whole numbers, cosine to three decimals."""
    known = dict(pair.distances)
    if pair.distance is not None and (pair.measure is None or pair.measure not in known):
        shown = [f"{_MEASURES.get(pair.measure or '', 'distance')} {number(pair.distance)}"]
    else:
        shown = []
    return "   ".join([*shown, *(f"{_MEASURES[name]} {number(far)}" for name, far in pair.distances)])


def number(distance: float) -> str:
    """Return 13 as "13", not "13.0000"."""
    return f"{distance:.0f}" if distance == int(distance) else f"{distance:.3f}"


def _origin(pair: Pair) -> list[str]:
    copy = [f"a larger copy of {pair.via_poster}, which was removed"] if pair.via_poster else []
    return ["very likely", *copy] if pair.high_confidence else copy
