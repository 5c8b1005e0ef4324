"""A person's own keys: `keys.toml` maps commands of a tool to the keys that replace the default ones."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.plain_text import printable
from lap_assets.core.reading import MAX_SMALL_BYTES, text_if_there
from lap_gui.shared.keys import Keymap

FILE: Final = "keys.toml"
TOOLS: Final = ("comparer", "explorer", "labeler")
_NAMED: Final = {
    name.lower(): name
    for name in (
        "Space", "Return", "BackSpace", "Tab", "Delete", "Insert", "Escape", "Home", "End", "PageUp", "PageDown",
        "Left", "Right", "Up", "Down", *(f"F{number}" for number in range(1, 13)),
    )
}  # fmt: skip
_MODIFIERS: Final = {"ctrl": "Ctrl", "alt": "Alt", "shift": "Shift"}


def with_own_keys(tool: str, keymap: Keymap, folder: Path) -> Keymap:
    """Return a tool's commands with the keys from `keys.toml` in `folder`; unchanged if there is no such file.

    Raises:
        FileError: the file is not TOML, names an unknown tool, command or key, or uses one key twice.
    """
    path = folder / FILE
    text = text_if_there(path, MAX_SMALL_BYTES)
    if text is None:
        return keymap
    try:
        return _changed(keymap, _section(_parsed(text), tool))
    except InputError as error:
        raise FileError(f"{path}: {printable(' '.join(str(error).split()))}") from None


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # from tomllib: a syntax error, or an impossible number or date
        raise InputError(str(error)) from None


def chord(text: str) -> str:
    """Return a key as the tables of commands write it: `ctrl+S` becomes `Ctrl+s`.

    Raises:
        InputError: it is not a key.
    """
    *modifiers, key = text.split("+") if not text.endswith("+") else [*filter(None, text[:-1].split("+")), "+"]
    wanted = [_MODIFIERS.get(one.strip().lower()) for one in modifiers]
    key = key.strip() or key
    name = _NAMED.get(key.lower(), key.lower() if len(key) == 1 and key.isascii() and not key.isspace() else "")
    if not name or not name.isprintable() or None in wanted:
        raise InputError(f"{text!r} is not a key; expected a key such as a, Shift+e, Ctrl+s, F5, Space, Return, Left")
    is_sign = len(name) == 1 and not name.isalnum()
    held = [one for one in ("Ctrl", "Alt", "Shift") if one in wanted and not (is_sign and one == "Shift")]
    return "+".join([*held, name])


def _section(read: Mapping[str, object], tool: str) -> dict[str, tuple[str, ...]]:
    """Return the commands of one tool and their keys."""
    for name in read:
        if name not in TOOLS:
            raise InputError(f"unknown tool {name!r}: expected {', '.join(f'[{one}]' for one in TOOLS)}")
    section = read.get(tool, {})
    if not isinstance(section, dict):
        raise InputError(f'{tool} is not a table: write [{tool}], and below it command = "key"')
    return {name: _keys(f"[{tool}] {name}", given) for name, given in section.items()}


def _keys(where: str, given: object) -> tuple[str, ...]:
    keys = [given] if isinstance(given, str) else given
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise InputError(f'{where}: expected a key or a list of keys, such as "n" or ["n", "F5"]')
    try:
        return tuple(dict.fromkeys(map(chord, keys)))
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _changed(keymap: Keymap, own: Mapping[str, tuple[str, ...]]) -> Keymap:
    known = [command.name for command in keymap.commands if command.keys]
    for name in own:
        if name not in known:
            raise InputError(f"unknown command {name!r}; expected one of: {', '.join(known)}")
    commands = [replace(one, keys=own.get(one.name, one.keys)) for one in keymap.commands]
    try:
        return Keymap(commands)
    except ValueError as error:  # two commands share a key: a bug in our own tables, a mistake in a person's file
        raise InputError(str(error)) from None
