"""Checks of the home before work begins: whether it is writable, and whether it is a demo's."""

import json
from typing import Any, Final

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text
from lap_assets.settings import Settings

_DEMO: Final = 'expected the numbers that the demo was started with, such as {"anime": 240, "seed": 1}'


def check_writable(home: Home) -> None:
    """Check that the home can be created and written.

    Raises:
        SettingsError: it cannot; the message says why.
    """
    probe = home.state / ".writable"
    try:
        write_text(probe, "")
        probe.unlink(missing_ok=True)  # another process may be checking at the same time
    except OSError as error:
        raise SettingsError(f"LAP_HOME={home.root}: not writable ({error.strerror}); choose another folder") from None


def check_kind(home: Home, settings: Settings) -> None:
    """Keep a demo's posters and real ones apart.

    Raises:
        SettingsError: the home is a demo's, but the settings name the real sites.
    """
    if home.demo_mark.exists() and not settings.is_replica:
        raise SettingsError(f"LAP_HOME={home.root} is a demo's home: `lap demo` continues it; choose another folder")


def mark_demo(home: Home, traits: dict[str, Any]) -> None:
    """Mark the home as that of a demo with these traits.

    Raises:
        SettingsError: the home is not a demo's, or a demo's with other traits.
    """
    if (kept := demo_traits(home)) is not None:
        if kept != traits:
            raise SettingsError(f"LAP_HOME={home.root} holds the demo {kept}, not {traits}; choose another folder")
    elif any(path.exists() for path in (home.posters, home.tables)):
        raise SettingsError(f"LAP_HOME={home.root} is not a demo's home; the demo would mix its posters with yours")
    else:
        write_text(home.demo_mark, json.dumps(traits) + "\n")


def demo_traits(home: Home) -> dict[str, Any] | None:
    """Return the traits of the demo in this home; None for other homes.

    Raises:
        SettingsError: the file that holds them is unreadable or invalid.
    """
    if not home.demo_mark.exists():
        return None
    try:
        traits = parse_json(read_text(home.demo_mark, MAX_SMALL_BYTES))
    except InputError as error:
        raise SettingsError(f"{home.demo_mark}: {error}; {_DEMO}") from None
    is_demo = isinstance(traits, dict) and set(traits) <= {"anime", "seed"}
    if not is_demo or not all(type(value) is int for value in traits.values()):
        raise SettingsError(f"{home.demo_mark}: invalid content; {_DEMO}")
    return dict(traits)
