"""One table of commands and their keys for each tool: bindings and the help are made from it.

What does not belong here: what commands do. Names of keys on other layouts are in `layouts`.
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
"""The heading of the commands that have one key, at least, in common: Ctrl+z undoes in each tool."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that a key does. `keys`: chords such as `Space`, `a`, `Shift+e`, `Ctrl+s`; the first is shown first.

    Letters mean the key, whatever Caps Lock and the layout say; `+`, `_` and other signs mean the sign.
    `group`: the heading in the help. `mouse`: what is shown instead of keys for what the mouse does. `decides`: it acts
    once a press, and only on what has been on the screen. `over_sheets`: it acts while a sheet takes the other keys.
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
        """Its keys as the help shows them."""
        return self.mouse or "  ".join(_pretty(key) for key in self.keys)


class KeySheet(Protocol):
    """Something that lies over a window and takes its keys while it is open."""

    is_open: bool

    def press(self, event: "tk.Event[tk.Misc]", refusal: str | None) -> None:
        """A key. `refusal`: why it may decide nothing; None where it may."""


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
        """Whether a command acts once a press, and only on what has been on the screen."""
        return name in self._deciding

    def find(self, event: "tk.Event[tk.Misc]") -> str | None:
        """The command that a key event stands for: by the key's name, else by its position on the keyboard.

        A Latin letter is what it says, on Dvorak's and others' keyboards too.
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
        """Binds the commands' keys to `handlers`, and letting go of them to `releases`, by name.

        An entry that is being typed in keeps its keys. What decides must pass the `gate`; else `refused` is told why.
        While `sheet` is open it gets all keys, but for the commands that act over sheets.

        Raises:
            ValueError: a command with keys has no handler, or a handler has no command.
        """
        with_keys = {command.name for command in self.commands if command.keys}
        if with_keys - set(handlers) or set(handlers) - {command.name for command in self.commands}:
            raise ValueError(f"commands and handlers differ: {sorted(with_keys ^ set(handlers))}")

        def on_press(event: "tk.Event[tk.Misc]") -> str | None:
            refusal = gate.refusal(event)
            name = self._meant(event)
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
            name = self._meant(event)
            if releases and name is not None and name in releases:
                releases[name]()

        widget.bind("<KeyPress>", on_press)
        widget.bind("<KeyRelease>", on_release)

    def _meant(self, event: "tk.Event[tk.Misc]") -> str | None:
        """The command of a key, unless it is typed into an entry."""
        return None if isinstance(event.widget, tk.Entry) else self.find(event)


def chord_of(key: str, state: int) -> str:
    """The chord of a key under modifiers; Shift counts for letters, digits and named keys, not for signs."""
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
