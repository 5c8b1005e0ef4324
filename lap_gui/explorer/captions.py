"""Captions of tiles: digit, name and facts, within the tile's width at any screen density."""

import tkinter as tk
from tkinter import font as tkfont
from typing import Final

from lap_gui.shared import theme
from lap_gui.shared.fitted import cut
from lap_gui.shared.fonts import window_font

_AROUND: Final = 3
"""Px above, between and below the two lines."""
_KEPT: Final = 4_096
_BETWEEN: Final = " · "
_TINY: Final = (theme.FAMILY, theme.SMALL[1] - 1)


class Captions:
    """Draws captions on a canvas. `high`: px that a caption takes above its picture."""

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        self._plain = [window_font(canvas, font) for font in (theme.NORMAL, _TINY)]
        self._bold = [window_font(canvas, (*font, "bold")) for font in (theme.NORMAL, _TINY)]
        self._small = window_font(canvas, theme.SMALL)
        self._line, self._low = self._bold[0].metrics("linespace"), self._small.metrics("linespace")
        self.high = self._line + self._low + 3 * _AROUND
        self._cuts: dict[tuple[str, int, str], str] = {}

    def draw(
        self, left: int, top: int, right: int, digit: str, name: str, facts: str, *, color: str, bold: bool
    ) -> None:
        """Draw a caption between two edges. `digit`: "" if the tile has none; `bold`: the name of a marked tile."""
        canvas, x, middle = self._canvas, left + 2, top + _AROUND + self._line / 2
        if digit and right - left > self._line:
            edge = top + _AROUND
            canvas.create_rectangle(x, edge, x + self._line, edge + self._line, fill=theme.RAISED, outline="")
            canvas.create_text(x + self._line / 2, middle, text=digit, fill=theme.ACCENT, font=self._bold[0])
            x += self._line + 2
        fonts = self._bold if bold else self._plain
        font = fonts[0] if fonts[0].measure(name) <= right - x else fonts[1]
        canvas.create_text(x, middle, anchor="w", text=self._cut(name, right - x, font), fill=color, font=font)
        lower = top + 2 * _AROUND + self._line + self._low / 2
        shown = self._whole(facts, right - left - 4)
        canvas.create_text(left + 2, lower, anchor="w", text=shown, fill=theme.QUIET, font=self._small)

    def draw_letter(self, right: int, top: int, letter: str, color: str) -> None:
        """Draw the letter of a frame in the corner of its picture."""
        side = self._line + 2
        self._canvas.create_rectangle(right - side, top, right, top + side, fill=color, outline="")
        self._canvas.create_text(
            right - side / 2, top + side / 2, text=letter, fill=theme.GROUND, font=self._bold[0]
        )  # fmt: skip

    def _whole(self, facts: str, room: int) -> str:
        """Return as many facts as fit, the first ones first; a first fact that does not fit is cut."""
        key = facts, room, ""
        if key not in self._cuts:
            shown = facts
            while _BETWEEN in shown and self._small.measure(shown) > room:
                shown = shown.rpartition(_BETWEEN)[0]
            self._cuts[key] = self._cut(shown, room, self._small)
        return self._cuts[key]

    def _cut(self, text: str, room: int, font: tkfont.Font) -> str:
        """Return the text cut to fit; "" if not even its ends fit. Results are cached, since tiles are drawn often."""
        key = text, room, str(font)
        if key not in self._cuts:
            if len(self._cuts) >= _KEPT:
                self._cuts.clear()
            fitting = cut(text, room, font)
            self._cuts[key] = fitting if font.measure(fitting) <= room else ""
        return self._cuts[key]
