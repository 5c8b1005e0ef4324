"""The part of a window that every tool's keys and lists need. `window` builds the windows themselves. No code."""

import tkinter as tk
from typing import Protocol

from lap_gui.shared.deciding import DecisionGate
from lap_gui.shared.status import StatusLine


class ToolControls(Protocol):
    """A tool's window: Tk's root, the gate for deciding keys, and the status line."""

    root: tk.Tk
    gate: DecisionGate
    status: StatusLine
