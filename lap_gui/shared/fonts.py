"""Fonts for measuring and drawing, which live as long as their window."""

import tkinter as tk
from tkinter import font as tkfont
from typing import Any


def window_font(widget: tk.Misc, font: Any) -> tkfont.Font:
    """Return a font that Tk frees with the widget's window.

    Python must not free it: the garbage collector also runs in decoders' threads, where deleting the fonts of a closed
    window waits a second for each, in vain.
    """
    lasting = tkfont.Font(root=widget, font=font)
    lasting.delete_font = False
    return lasting
