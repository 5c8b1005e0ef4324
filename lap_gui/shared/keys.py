"""One table of commands and their keys per tool, from which bindings and help are made.

Does not belong here: what commands do. Key names on other layouts are in `layouts`.
"""

import sys
import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from lap_gui.shared.deciding import DecisionGate
from lap_gui.shared.layouts import key_at, key_name

_SHIFT: Final = 0x1
_CONTROL: Final = 0x4
_ALT: Final = {"win32": 0x20000, "darwin": 0x10}.get(sys.platform, 0x8)
_COMMAND: Final = 0x8 if sys.platform == "darwin" else 0


IN_ALL_TOOLS: Final = "In all three tools"
"""Heading of the commands that share at least one key in all tools: Ctrl+z undoes in each."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command and its keys.

    `keys`: chords such as `Space`, `a`, `Shift+e`, `Ctrl+s`, in the order in which the help shows them. A letter means
    that key, regardless of Caps Lock and layout; `+`, `_` and other signs mean the sign. `group`: the heading in the
    help. `mouse`: shown in place of keys for mouse actions. `decides`: acts once per press, and only after the picture
    has been on the screen. `over_sheets`: acts even while a sheet takes the other keys.
    """

    name: str
    keys: tuple[str, ...]
    text: str
    group: str = ""
    mouse: str = ""
    decides: bool = False
    over_sheets: bool = False

    @property
    def shown(self) -> str:
        """The keys as the help shows them."""
        return self.mouse or "  ".join(_pretty(key) for key in self.keys)


class KeySheet(Protocol):
    """A sheet over a window that takes the window's keys while it is open."""

    is_open: bool

    def press(self, event: "tk.Event[tk.Misc]", refusal: str | None) -> None:
        """Handle a key. `refusal`: why it may not decide; None if it may."""


class Keymap:
    """A tool's table of commands.

    Raises:
        ValueError: two commands share a chord or a name.
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)
        self._by_chord: dict[str, str] = {}
        self._deciding = {command.name for command in commands if command.decides}
        self._over_sheets = {command.name for command in commands if command.over_sheets}
        names = [command.name for command in commands]
        if len(set(names)) != len(names):
            raise ValueError(f"two commands have one name: {sorted(name for name in names if names.count(name) > 1)}")
        for command in commands:
            for chord in command.keys:
                if chord in self._by_chord:
                    other = self._by_chord[chord]
                    raise ValueError(f"{chord} is the key of {other} and of {command.name}: give one of them another")
                self._by_chord[chord] = command.name

    def is_deciding(self, name: str) -> bool:
        """Return whether a command acts once per press, and only after the picture has been on the screen."""
        return name in self._deciding

    def find(self, event: "tk.Event[tk.Misc]") -> str | None:
        """Return the command of a key event: by the key's name, or else by its position on the keyboard.

        A Latin letter always means itself, also on Dvorak and similar layouts.
        """
        state, named = int(event.state), key_name(event.keysym)
        is_letter = len(named) == 1 and named.isascii() and named.isalpha()
        for key in (named, None if is_letter else key_at(event.keycode)):
            name = self._by_chord.get(chord_of(key, state)) if key else None
            if name is not None:
                return name
        return None

    def bind(
        self,
        widget: tk.Misc,
        handlers: Mapping[str, Callable[[], object]],
        releases: Mapping[str, Callable[[], object]] | None = None,
        *,
        gate: DecisionGate,
        refused: Callable[[str], object],
        sheet: KeySheet | None = None,
    ) -> None:
        """Bind the commands' keys to `handlers`, and their releases to `releases`, by name.

        A focused entry keeps its keys. Deciding commands must pass the `gate`; if they do not, `refused` gets the
        reason. While `sheet` is open, it gets all keys except those of commands that act over sheets.

        Raises:
            ValueError: a command with keys has no handler, or a handler has no command.
        """
        with_keys = {command.name for command in self.commands if command.keys}
        if with_keys - set(handlers) or set(handlers) - {command.name for command in self.commands}:
            raise ValueError(f"commands and handlers differ: {sorted(with_keys ^ set(handlers))}")

        def on_press(event: "tk.Event[tk.Misc]") -> str | None:
            refusal = gate.refusal(event)
            name = self._command_of(event)
            if sheet is not None and sheet.is_open and name not in self._over_sheets:
                sheet.press(event, refusal)
                return "break"
            if name is None or name not in handlers:
                return None
            if name in self._deciding and refusal is not None:
                refused(refusal)
            else:
                handlers[name]()
            return "break"

        def on_release(event: "tk.Event[tk.Misc]") -> None:
            gate.let_go(event)
            name = self._command_of(event)
            if releases and name is not None and name in releases:
                releases[name]()

        widget.bind("<KeyPress>", on_press)
        widget.bind("<KeyRelease>", on_release)

    def _command_of(self, event: "tk.Event[tk.Misc]") -> str | None:
        """Return the command of a key, unless it is typed into an entry."""
        return None if isinstance(event.widget, tk.Entry) else self.find(event)


def chord_of(key: str, state: int) -> str:
    """Return the chord of a key under modifiers; Shift counts for letters, digits and named keys, not for signs."""
    is_sign = len(key) == 1 and not key.isalnum()
    return "".join(
        (
            "Ctrl+" if state & _CONTROL or state & _COMMAND else "",
            "Alt+" if state & _ALT else "",
            "Shift+" if state & _SHIFT and not is_sign else "",
            key,
        )
    )


def _pretty(chord: str) -> str:
    *modifiers, key = chord.split("+") if not chord.endswith("+") else [*chord[:-2].split("+"), "+"]
    shown = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}.get(key, key.upper() if len(key) == 1 else key)
    return "+".join([*(modifier for modifier in modifiers if modifier), shown])
