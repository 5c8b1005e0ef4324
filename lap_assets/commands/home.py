"""Checks of the home before work begins: can it be written, and is it a demo's or a real one."""

import json
from typing import Any, Final

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text
from lap_assets.settings import Settings

_DEMO: Final = 'expected those that it was begun with, such as {"anime": 240, "seed": 1}'


def check_writable(home: Home) -> None:
    """Checks that the home can be made and written.

    Raises:
        SettingsError: it cannot; the line says why.
    """
    probe = home.state / ".writable"
    try:
        write_text(probe, "")
        probe.unlink(missing_ok=True)  # another process may have looked at the same time
    except OSError as error:
        raise SettingsError(
            f"LAP_HOME={home.root}: cannot be written ({error.strerror}); choose another folder"
        ) from None


def check_kind(home: Home, settings: Settings) -> None:
    """Keeps a demo's posters and real ones apart.

    Raises:
        SettingsError: the home is a demo's, and the real sites would be asked.
    """
    if home.demo_mark.exists() and not settings.is_replica:
        raise SettingsError(f"LAP_HOME={home.root} is a demo's home: `lap demo` continues it; choose another folder")


def mark_demo(home: Home, traits: dict[str, Any]) -> None:
    """Makes the home a demo's with these traits.

    Raises:
        SettingsError: it is a real home, or a demo's with other traits.
    """
    if (kept := demo_traits(home)) is not None:
        if kept != traits:
            raise SettingsError(f"LAP_HOME={home.root} holds the demo {kept}, not {traits}; choose another folder")
    elif any(path.exists() for path in (home.posters, home.tables)):
        raise SettingsError(f"LAP_HOME={home.root} is not a demo's home; the demo would mix its posters with yours")
    else:
        write_text(home.demo_mark, json.dumps(traits) + "\n")


def demo_traits(home: Home) -> dict[str, Any] | None:
    """The traits of the demo that the home holds; None for other homes.

    Raises:
        SettingsError: the file that tells them cannot be used.
    """
    if not home.demo_mark.exists():
        return None
    try:
        traits = parse_json(read_text(home.demo_mark, MAX_SMALL_BYTES))
    except InputError as error:
        raise SettingsError(f"{home.demo_mark}: {error}; {_DEMO}") from None
    is_demo = isinstance(traits, dict) and set(traits) <= {"anime", "seed"}
    if not is_demo or not all(type(value) is int for value in traits.values()):
        raise SettingsError(f"{home.demo_mark}: not the numbers of a demo; {_DEMO}")
    return dict(traits)
