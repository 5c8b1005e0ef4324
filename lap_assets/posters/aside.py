"""Files that leave the store without being thrown away: they are moved into `set_aside/` below the home."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from lap_assets.core.errors import NameInvalid
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.posters.picture_rows import names_in

_ASIDE: Final = "set_aside"


def set_aside(home: Home, path: Path) -> Path:
    """Moves a file of the home out of the way, under a name that is free; returns where it lies now."""
    place = home.root / _ASIDE / path.relative_to(home.root)
    place.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while (free := place.with_name(f"{place.name}.{number}" if number else place.name)).exists():
        number += 1
    path.rename(free)
    return free


def set_aside_posters(home: Home, mal_ids: set[int], subfolders: Iterable[str]) -> list[str]:
    """Sets aside the raw posters of these anime, from every site; returns their names."""
    moved = []
    for subfolder in subfolders:
        for name in sorted(names_in(home, subfolder)):
            if _mal_id(name) in mal_ids:
                set_aside(home, home.posters / subfolder / name)
                moved.append(name)
    return moved


def releases_with(home: Home, names: Iterable[str]) -> dict[str, int]:
    """How many of these posters each release holds, by its version; releases without any are left out."""
    wanted = set(names)
    found = {}
    for release in sorted(home.release.iterdir()) if wanted and home.release.is_dir() else ():
        held = {path.name for path in release.rglob("*.jpg")} if release.is_dir() else set()
        if held & wanted:
            found[release.name] = len(held & wanted)
    return found


def _mal_id(name: str) -> int | None:
    try:
        return PosterName.parse(name).mal_id
    except NameInvalid:
        return None
