"""Real keys, clicks and wheel turns on an X display, through the XTest extension."""

import ctypes
import ctypes.util
import os
import time
import tkinter as tk
from collections.abc import Callable

from PIL import Image, ImageGrab

from lap_gui.shared.window import ToolWindow

_MODIFIERS = {"Shift": "Shift_L", "Ctrl": "Control_L", "Alt": "Alt_L"}
_SHIFTED = {"plus": "equal", "underscore": "minus", "question": "slash", "braceright": "bracketright"}

BETWEEN = 0.01
"""Least seconds between two presses of a key: a finger is never faster."""


class Hands:
    """Acts on the display that DISPLAY names, and lets the current window handle the events."""

    def __init__(self, display: str) -> None:
        self._x11 = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._test = ctypes.CDLL(ctypes.util.find_library("Xtst") or "libXtst.so.6")
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._x11.XStringToKeysym.restype = ctypes.c_ulong
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(display.encode()))
        # On a busy machine a key may be down so long that the server would repeat it.
        self._x11.XAutoRepeatOff(self._display)
        self._root: tk.Misc | None = None
        self._window: ToolWindow | None = None

    def on(self, window: ToolWindow | tk.Misc) -> "Hands":
        """Use this window from now on; keys wait until a person would have seen what it shows."""
        self._window = window if isinstance(window, ToolWindow) else None
        root = window.root if isinstance(window, ToolWindow) else window
        self._root = root
        settle(root)
        root.focus_force()
        settle(root)
        return self

    def press(self, chord: str) -> None:
        """Press and release a chord such as `space`, `Shift+e`, `Ctrl+s`. Keys are X11 keysym names."""
        self._look()
        self.down(chord)
        self.up(chord)

    def hold_down(self, chord: str) -> None:
        """Hold a chord, once a person would have seen what the window shows."""
        self._look()
        self.down(chord)

    def down(self, chord: str) -> None:
        """Hold a chord."""
        self._chord(chord, held=True)

    def up(self, chord: str) -> None:
        """Release a chord."""
        self._chord(chord, held=False)

    def hold(self, chord: str, until: Callable[[], object]) -> None:
        """Hold a chord, which the server repeats as a keyboard does, until a condition is met."""
        assert self._root is not None
        self._look()
        self._x11.XAutoRepeatOn(self._display)
        try:
            self.down(chord)
            wait_for(self._root, until)
            self.up(chord)
        finally:
            self._x11.XAutoRepeatOff(self._display)
            self._flush()

    def move(self, widget: tk.Misc, x: float, y: float) -> None:
        """Move the pointer to a point of a widget."""
        at = (widget.winfo_rootx() + round(x), widget.winfo_rooty() + round(y))
        self._test.XTestFakeMotionEvent(self._display, -1, *at, 0)
        self._flush()

    def click(self, widget: tk.Misc, x: float, y: float, button: int = 1) -> None:
        """Click once."""
        self._look()
        self.move(widget, x, y)
        self._button(button, held=True)
        self._button(button, held=False)

    def drag(
        self, widget: tk.Misc, start: tuple[float, float], end: tuple[float, float], button: int = 1, modifier: str = ""
    ) -> None:
        """Drag from one point to another."""
        if modifier:
            self._key(_MODIFIERS[modifier], held=True)
        self.move(widget, *start)
        self._button(button, held=True)
        for part in (0.3, 0.7, 1.0):
            self.move(widget, *(a + (b - a) * part for a, b in zip(start, end, strict=True)))
        self._button(button, held=False)
        if modifier:
            self._key(_MODIFIERS[modifier], held=False)

    def wheel(self, widget: tk.Misc, x: float, y: float, notches: int) -> None:
        """Turn the wheel, away from the person if `notches` is above 0."""
        self.move(widget, x, y)
        for _ in range(abs(notches)):
            self._button(4 if notches > 0 else 5, held=True)
            self._button(4 if notches > 0 else 5, held=False)

    def caps_lock(self) -> None:
        """Switch Caps Lock."""
        self._key("Caps_Lock", held=True)
        self._key("Caps_Lock", held=False)

    def relabel(self, latin: str, keysym: str, upper: str) -> None:
        """Change the layout: the key of a Latin letter sends `keysym`, with Shift `upper`."""
        code = self._code(latin)
        symbols = (ctypes.c_ulong * 2)(self._keysym(keysym), self._keysym(upper))
        self._x11.XChangeKeyboardMapping(self._display, code, 2, symbols, 1)
        self._x11.XSync(self._display, 0)
        self._flush()

    def code(self, code: int) -> None:
        """Press the key at a position of the keyboard, whatever its label."""
        for held in (True, False):
            self._test.XTestFakeKeyEvent(self._display, code, held, 0)
            self._flush()

    def _look(self) -> None:
        time.sleep(BETWEEN)
        window = self._window
        if window is not None and window.alive:
            wait_for(window.root, lambda: not window.gate.is_opening)

    def send(self, keysym: str, *, held: bool) -> None:
        """Send a key down or up without letting any window handle it yet."""
        self._test.XTestFakeKeyEvent(self._display, self._code(keysym), held, 0)
        self._x11.XSync(self._display, 0)

    def _chord(self, chord: str, *, held: bool) -> None:
        *modifiers, key = chord.split("+")
        if key in _SHIFTED:
            modifiers, key = [*modifiers, "Shift"], _SHIFTED[key]
        keys = [*(_MODIFIERS[modifier] for modifier in modifiers), key]
        for one in keys if held else reversed(keys):
            self._key(one, held=held)

    def _key(self, keysym: str, *, held: bool) -> None:
        self.send(keysym, held=held)
        self._flush()

    def _code(self, keysym: str) -> int:
        code = int(self._x11.XKeysymToKeycode(self._display, ctypes.c_ulong(self._keysym(keysym))))
        assert code, f"no key for {keysym}"
        return code

    def _keysym(self, name: str) -> int:
        return int(self._x11.XStringToKeysym(name.encode()))

    def _button(self, button: int, *, held: bool) -> None:
        self._test.XTestFakeButtonEvent(self._display, button, held, 0)
        self._flush()

    def _flush(self) -> None:
        self._x11.XSync(self._display, 0)
        if self._root is not None:
            settle(self._root)


def grab(widget: tk.Misc) -> Image.Image:
    """Return what the screen shows at the widget, in RGB."""
    settle(widget)
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    box = (x, y, x + widget.winfo_width(), y + widget.winfo_height())
    return ImageGrab.grab(bbox=box, xdisplay=os.environ["DISPLAY"]).convert("RGB")


def settle(root: tk.Misc) -> None:
    """Let Tk handle pending events."""
    root.update()
    root.update()


def wait_for(root: tk.Misc, holds: Callable[[], object], seconds: float = 600) -> None:
    """Let Tk work until `holds` is true.

    Raises:
        AssertionError: it never is.
    """
    stop = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < stop, "the condition was never met"
        root.update()
        time.sleep(0.002)
