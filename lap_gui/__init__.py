"""The Tkinter review tools: windows, keys and drawing, on Pillow and Tk alone.

Does not belong here: Dagster, torch, polars, or anything else that a reviewer's machine may lack.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lap_gui.comparer.python_use import remove_duplicates as remove_duplicates
    from lap_gui.explorer.python_use import browse_groups as browse_groups
    from lap_gui.labeler import LabelerGUI as LabelerGUI

__all__ = ["LabelerGUI", "browse_groups", "remove_duplicates"]

_WHERE: Final = {
    "LabelerGUI": "lap_gui.labeler",
    "browse_groups": "lap_gui.explorer.python_use",
    "remove_duplicates": "lap_gui.comparer.python_use",
}
"""Module of each public name, imported on first access."""


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
