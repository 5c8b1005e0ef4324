"""The mouse wheel on X11 (buttons 4 and 5), Windows (120 per notch) and macOS (small numbers). Nothing else."""

import tkinter as tk
from collections.abc import Callable

OnTurn = Callable[[int, "tk.Event[tk.Misc]"], None]


def bind_wheel(widget: tk.Misc, turned: OnTurn) -> None:
    """Call `turned(steps, event)` when the wheel turns; steps above 0 are away from the user."""

    def on_wheel(event: "tk.Event[tk.Misc]") -> None:
        if steps := steps_of(event.delta):
            turned(steps, event)

    widget.bind("<MouseWheel>", on_wheel)
    widget.bind("<Button-4>", lambda event: turned(1, event))
    widget.bind("<Button-5>", lambda event: turned(-1, event))


def steps_of(delta: int) -> int:
    """Return the notches of a wheel event: multiples of 120 on Windows (parts count as one), plain steps on macOS."""
    if abs(delta) >= 120:
        return int(delta / 120)
    return (delta > 0) - (delta < 0)
