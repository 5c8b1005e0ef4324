"""Moving a file that cannot be used out of the way, within its home; nothing is thrown away."""

from pathlib import Path
from typing import Final

from lap_assets.core.home import Home

_FOLDER: Final = "set_aside"


def set_aside(home: Home, path: Path) -> Path:
    """Moves a file (or folder) of the home into `set_aside/`, under a name that is free; returns where it lies now."""
    place = home.root / _FOLDER / path.relative_to(home.root)
    place.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while (free := place.with_name(f"{place.name}.{number}" if number else place.name)).exists():
        number += 1
    path.rename(free)
    return free
