"""Draws one thumbnail on a canvas: the picture, or why there is none, and its caption. No files, no scrolling."""

import tkinter as tk
from dataclasses import dataclass
from typing import Final

from PIL import ImageTk

from lap_gui.shared import theme
from lap_gui.shared.fonts import window_font

_BELOW: Final = 2
"""Px above and below a thumbnail's text, added together."""


def caption_high(canvas: tk.Misc) -> int:
    """Return the px below a thumbnail for its text, at the density of the screen."""
    return int(window_font(canvas, theme.SMALL).metrics("linespace")) + _BELOW


@dataclass(frozen=True, slots=True)
class Caption:
    """The texts of a thumbnail: `text` below it, `badge` across it (empty: none), `dimmed` under a gray veil."""

    text: str = ""
    color: str = theme.QUIET
    badge: str = ""
    badge_color: str = theme.BAD
    dimmed: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A thumbnail. `instead`: the text shown if there is no `photo`."""

    photo: ImageTk.PhotoImage | None
    instead: str
    caption: Caption
    is_current: bool


def draw_cell(canvas: tk.Canvas, cell: Cell, at: tuple[int, int], size: tuple[int, int], below: int) -> None:
    """Draw a thumbnail of `size` px (width, height) with its top left corner `at` a position.

    `below`: height of its text.
    """
    (x, y), (wide, high), caption = at, size, cell.caption
    if cell.is_current:
        canvas.create_rectangle(x - 3, y - 3, x + wide + 3, y + high + below, fill=theme.RAISED, outline=theme.ACCENT)
    middle = (x + wide / 2, y + high / 2)
    if cell.photo is not None:
        canvas.create_image(*middle, image=str(cell.photo))
    else:
        color = theme.QUIET if cell.instead == "…" else theme.BAD
        canvas.create_text(*middle, text=cell.instead, fill=color, font=theme.SMALL)
    if caption.dimmed:
        canvas.create_rectangle(x, y, x + wide, y + high, fill="gray30", stipple="gray50", outline="")
    if caption.badge:
        box = canvas.create_text(*middle, text=caption.badge, fill="white", font=theme.BOLD)
        left, top, right, bottom = canvas.bbox(box)
        canvas.create_rectangle(left - 5, top - 2, right + 5, bottom + 2, fill=caption.badge_color, outline="")
        canvas.tag_raise(box)
    canvas.create_text(x + wide / 2, y + high + below / 2, text=caption.text, fill=caption.color, font=theme.SMALL)
