"""The base of each tool's window: its own Tk interpreter, size, closing, running. No tool's widgets.

Each window is its own interpreter, so any number can exist in one process, and no picture or variable of one is ever
looked up in another: every widget and image names its `master`.
"""

import contextlib
import sys
import tkinter as tk
import traceback
from types import TracebackType
from typing import Final

from lap_assets.core.errors import LapError, NoWindow
from lap_gui.shared import theme
from lap_gui.shared.deciding import DecisionGate


class ToolWindow:
    """A window. Tools build their widgets on `root`, and override `closing`."""

    def __init__(self, title: str, size: tuple[int, int] = (1600, 900), *, maximized: bool = False) -> None:
        """Open the window.

        Raises:
            NoWindow: there is no display.
        """
        try:
            self.root = tk.Tk(className="Lap")
        except tk.TclError as error:
            raise NoWindow(f"no window can be opened: {error}") from None
        self.alive = True
        self.gate = DecisionGate(self.root)
        self.root.title(title)
        self.root.configure(background=theme.GROUND)
        self.root.minsize(480, 320)
        wide, high = self.root.winfo_screenwidth(), self.root.winfo_screenheight()
        self.root.geometry(f"{min(size[0], wide)}x{min(size[1], high)}")
        if maximized:
            maximize(self.root)
        self.root.protocol("WM_DELETE_WINDOW", self.close)
        self.root.report_callback_exception = self._on_error

    def closing(self) -> bool:
        """Save and stop timers; called before the window is destroyed. False keeps it open."""
        return True

    def close(self) -> None:
        """Close the window, unless `closing` returns False."""
        if self.alive and self.closing():
            self.alive = False
            self.gate.close()
            self.root.quit()
            self.root.destroy()
            _retire(self.root.tk)

    def run(self) -> None:
        """Run until this window is closed; other windows of the process stay responsive."""
        while self.alive:
            self.root.mainloop()  # ends whenever any window of the process is closed

    def failed(self, error: BaseException) -> None:
        """Show an error raised while a key or click was handled; bugs were printed before."""

    def _on_error(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not isinstance(error, LapError):  # a bug, not something that the user can fix
            traceback.print_exception(kind, error, trace, file=sys.stderr)
        if self.alive:
            self.failed(error)


_RETIRED: Final[list[object]] = []


def _retire(interpreter: object) -> None:
    """Keep a closed window's interpreter until nothing else refers to it.

    Tcl ends the process when an interpreter is freed in a thread other than its own, and garbage collection can run in
    any thread, such as a decoder's. So the interpreter is freed here.
    """
    # three references during this check: the list's, the loop's, and the call's
    _RETIRED[:] = [one for one in _RETIRED if sys.getrefcount(one) > 3]
    _RETIRED.append(interpreter)


def maximize(root: tk.Tk) -> None:
    """Make the window as large as the screen allows, on X11, Windows and macOS."""
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.geometry(f"{root.winfo_screenwidth()}x{root.winfo_screenheight()}+0+0")  # without a window manager
        with contextlib.suppress(tk.TclError):
            root.attributes("-zoomed", True)
        return
    root.state("zoomed")
