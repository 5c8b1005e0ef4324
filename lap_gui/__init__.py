"""The Tkinter review tools. What belongs here: windows, keys and drawing, on Pillow and Tk alone.

What does not: Dagster, torch, polars, or anything else that a reviewer's machine need not have.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lap_gui.labeler import LabelerGUI as LabelerGUI

_WHERE: Final = {"LabelerGUI": "lap_gui.labeler"}
"""What other programs use, and the module that it is taken from when it is asked for."""


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
