"""The facts about the two pictures, the distances between them, and which one is better and why. No decisions."""

import tkinter as tk
from collections.abc import Sequence
from typing import Final

from lap_assets.core.verdicts.lines import PairVerdict
from lap_gui.comparer.texts import described
from lap_gui.review.image_facts import ImageFacts, Judgement
from lap_gui.review.lists import Pair
from lap_gui.shared import theme
from lap_gui.shared.fitted import FittedLabel

_MEASURES: Final = {"ahash": "aHash", "phash": "pHash", "dhash": "dHash", "cosine": "cosine"}


class Card(tk.Frame):
    """A picture's facts; those that are better than the other's are green."""

    def __init__(self, master: tk.Misc, fate: str, colour: str) -> None:
        super().__init__(master, background=theme.PANEL)
        head = tk.Frame(self, background=theme.PANEL)
        head.pack(fill="x", padx=12, pady=(8, 2))
        self._fate, self._colour = f" {fate} ", colour
        self._pill = tk.Label(head, text=self._fate, font=theme.BOLD, fg=theme.GROUND, bg=colour)
        self._pill.pack(side="left")
        self._name = FittedLabel(head, font=theme.BOLD, fg=theme.TEXT, bg=theme.PANEL)
        self._name.pack(side="left", padx=10, fill="x", expand=True)
        body = tk.Frame(self, background=theme.PANEL)
        body.pack(fill="x", padx=12, pady=(0, 8))
        self._facts = [tk.Label(body, font=theme.NORMAL, bg=theme.PANEL) for _ in range(4)]
        for label in self._facts:
            label.pack(side="left", padx=(0, 18))

    def show(self, mine: ImageFacts | None, other: ImageFacts | None) -> None:
        """Shows the facts; nothing for None."""
        empty = mine is None
        self._pill.configure(text="" if empty else self._fate, bg=theme.PANEL if empty else self._colour)
        self._name.show("" if mine is None else mine.name)
        facts = [("", False)] * 4 if mine is None or other is None else _described(mine, other)
        for label, (text, better) in zip(self._facts, facts, strict=True):
            label.configure(text=text, fg=theme.GOOD if better else theme.TEXT)

    @property
    def text(self) -> str:
        """Everything that it shows."""
        return "  ".join([self._name.whole, *(str(label.cget("text")) for label in self._facts)])


class Panel(tk.Frame):
    """Two cards, and between them the distances and the reason."""

    def __init__(self, master: tk.Misc) -> None:
        super().__init__(master, background=theme.PANEL)
        self.left = Card(self, "keep", theme.GOOD)
        self.right = Card(self, "Space removes", theme.BAD)
        middle = tk.Frame(self, background=theme.RAISED)
        self._distances = tk.Label(middle, font=theme.BOLD, fg=theme.ACCENT, bg=theme.RAISED)
        self._why = tk.Label(middle, font=theme.NORMAL, fg=theme.TEXT, bg=theme.RAISED)
        self._verdicts = tk.Label(middle, font=theme.SMALL, fg=theme.WARN, bg=theme.RAISED)
        for label in (self._distances, self._why, self._verdicts):
            label.pack(padx=16, pady=1, expand=True)
        self.columnconfigure((0, 2), weight=1, uniform="side")
        self.left.grid(row=0, column=0, sticky="nsew")
        middle.grid(row=0, column=1, sticky="ns", ipady=4)
        self.right.grid(row=0, column=2, sticky="nsew")

    def show(
        self, pair: Pair, left: ImageFacts, right: ImageFacts, judged: Judgement, verdicts: Sequence[PairVerdict]
    ) -> None:
        """Shows a pair; in `judged` the left one is the better, whichever was first in the list."""
        self.left.show(left, right)
        self.right.show(right, left)
        self._distances.configure(text=distances(pair))
        self._why.configure(text=f"left is better: {judged.why}" + (f"\nbut {judged.but}" if judged.but else ""))
        self.tell(pair, verdicts)

    def tell(self, pair: Pair, verdicts: Sequence[PairVerdict]) -> None:
        """Shows what people said of the pair that is shown."""
        self._verdicts.configure(text=" · ".join([*_origin(pair), *map(described, verdicts)]))

    def clear(self) -> None:
        """Shows nothing."""
        self.left.show(None, None)
        self.right.show(None, None)
        for label in (self._distances, self._why, self._verdicts):
            label.configure(text="")

    @property
    def text(self) -> str:
        """The text between the cards."""
        return "\n".join(str(label.cget("text")) for label in (self._distances, self._why, self._verdicts))


def distances(pair: Pair) -> str:
    """Every distance that is known: bits as whole numbers, cosine to three places."""
    known = dict(pair.distances)
    if pair.distance is not None and (pair.measure is None or pair.measure not in known):
        shown = [f"{_MEASURES.get(pair.measure or '', 'distance')} {number(pair.distance)}"]
    else:
        shown = []
    return "   ".join([*shown, *(f"{_MEASURES[name]} {number(far)}" for name, far in pair.distances)])


def number(distance: float) -> str:
    """13 as 13, not as 13.0000."""
    return f"{distance:.0f}" if distance == int(distance) else f"{distance:.3f}"


def _described(mine: ImageFacts, other: ImageFacts) -> list[tuple[str, bool]]:
    quality = (mine.quality.value if mine.quality else 0, other.quality.value if other.quality else 0)
    return [
        (f"{mine.width} × {mine.height} px", mine.pixels > other.pixels),
        (mine.kilobytes, mine.bytes > other.bytes),
        ("not a JPEG" if mine.quality is None else f"JPEG quality {mine.quality}", 0 < quality[1] < quality[0]),
        (mine.site, False),
    ]


def _origin(pair: Pair) -> list[str]:
    copy = [f"a larger copy of {pair.via_poster}, which was removed"] if pair.via_poster else []
    return ["very likely", *copy] if pair.high_confidence else copy
