"""Quarantine of unusable files: they are moved to another folder of the home, never deleted."""

from pathlib import Path
from typing import Final

from lap_assets.core.home import Home

_FOLDER: Final = "set_aside"


def set_aside(home: Home, path: Path) -> Path:
    """Move a file (or folder) of the home into `set_aside/`, under a free name, and return its new path."""
    target = home.root / _FOLDER / path.relative_to(home.root)
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while (free := target.with_name(f"{target.name}.{number}" if number else target.name)).exists():
        number += 1
    path.rename(free)
    return free
