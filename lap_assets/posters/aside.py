"""Files removed from the store without being deleted: they are moved into `set_aside/` in the home."""

from collections.abc import Iterable

from lap_assets.core.errors import NameInvalid
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.set_aside import set_aside
from lap_assets.posters.picture_rows import names_in


def set_aside_posters(home: Home, mal_ids: set[int], subfolders: Iterable[str]) -> list[str]:
    """Set aside the raw posters of these anime from every site; return their names."""
    moved = []
    for subfolder in subfolders:
        for name in sorted(names_in(home, subfolder)):
            if _mal_id(name) in mal_ids:
                set_aside(home, home.posters / subfolder / name)
                moved.append(name)
    return moved


def releases_with(home: Home, names: Iterable[str]) -> dict[str, int]:
    """Return the number of these posters in each release, by version; releases without any are left out."""
    selected = set(names)
    found = {}
    for release in sorted(home.release.iterdir()) if selected and home.release.is_dir() else ():
        held = {path.name for path in release.rglob("*.jpg")} if release.is_dir() else set()
        if held & selected:
            found[release.name] = len(held & selected)
    return found


def _mal_id(name: str) -> int | None:
    try:
        return PosterName.parse(name).mal_id
    except NameInvalid:
        return None
