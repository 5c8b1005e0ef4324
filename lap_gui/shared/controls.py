"""What every tool's keys and lists need of its window. The windows themselves build on `window`. No code."""

import tkinter as tk
from typing import Protocol

from lap_gui.shared.deciding import DecisionGate
from lap_gui.shared.status import StatusLine


class ToolControls(Protocol):
    """A tool's window: Tk's own, the gate that deciding keys pass, and the line of messages."""

    root: tk.Tk
    gate: DecisionGate
    status: StatusLine
