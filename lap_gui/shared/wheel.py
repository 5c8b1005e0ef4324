"""The mouse wheel on X11 (buttons 4 and 5), Windows (120 a notch) and macOS (small numbers). Nothing else."""

import tkinter as tk
from collections.abc import Callable

OnTurn = Callable[[int, "tk.Event[tk.Misc]"], None]


def bind_wheel(widget: tk.Misc, turned: OnTurn) -> None:
    """Calls `turned(steps, event)`: above 0 away from the user."""

    def on_wheel(event: "tk.Event[tk.Misc]") -> None:
        if steps := steps_of(event.delta):
            turned(steps, event)

    widget.bind("<MouseWheel>", on_wheel)
    widget.bind("<Button-4>", lambda event: turned(1, event))
    widget.bind("<Button-5>", lambda event: turned(-1, event))


def steps_of(delta: int) -> int:
    """Notches of a wheel event: multiples of 120 on Windows (parts of one count as one), plain steps on macOS."""
    if abs(delta) >= 120:
        return int(delta / 120)
    return (delta > 0) - (delta < 0)
