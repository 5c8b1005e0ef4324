"""Locations of posters: finds one by its name below a folder, and lists all of them. Standard library only.

Names from outside are parsed, never joined to a path unchecked.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import SUBFOLDERS

QUEUE: Final = "queue.csv"
"""The list over all subfolders, in a home's `review`."""


class PosterFiles(Protocol):
    """Finds the file of a poster."""

    def find(self, name: str) -> Path:
        """Return the poster's file, whether it exists or not.

        Raises:
            NameInvalid: it is not a poster's name.
        """


@dataclass(frozen=True, slots=True)
class ListedPosters:
    """Files listed by the caller: a path for each poster's name."""

    paths: Mapping[str, Path]

    def find(self, name: str) -> Path:
        """Return the listed file; for other names, a path that does not exist."""
        return self.paths.get(name, Path(name))


@dataclass(frozen=True, slots=True)
class PosterFolder:
    """A folder of posters: a home, its `posters`, one of the ten subfolders, or a flat folder."""

    root: Path

    def find(self, name: str) -> Path:
        """Return the poster's file: `posters/<k>/name`, `<k>/name` or `name`; the last if none exists.

        Raises:
            NameInvalid: it is not a poster's name.
        """
        parsed = PosterName.parse(name)
        folders = (self.root / "posters" / parsed.subfolder, self.root / parsed.subfolder, self.root)
        return next((path for folder in folders if (path := folder / str(parsed)).is_file()), self.root / str(parsed))

    def groups(self, partition: str | None = None) -> dict[int, list[Path]]:
        """Return the posters of each anime (of a subfolder), by MAL id and name, at the paths that `find` returns.

        Raises:
            InputError: the folder or subfolder does not exist.
        """
        if not self.root.is_dir():
            raise InputError(f"{self.root}: there is no such folder of pictures")
        if partition is not None and partition not in SUBFOLDERS:
            raise InputError(f"no partition {partition!r}: there are {', '.join(SUBFOLDERS)}")
        wanted = SUBFOLDERS if partition is None else (partition,)
        found: dict[PosterName, Path] = {}
        for below in ("posters", ""):
            for subfolder in wanted:
                _collect(self.root / below / subfolder, found, subfolder)
        _collect(self.root, found, None)
        groups: dict[int, list[Path]] = {}
        for name in sorted(found):
            if name.subfolder in wanted:
                groups.setdefault(name.mal_id, []).append(found[name])
        return groups


def guess_folder(list_path: Path) -> Path:
    """Return the probable folder of a list's pictures: the home around the list, otherwise its own folder."""
    home = home_of(list_path)
    return list_path.parent if home is None else home


def home_of(list_path: Path) -> Path | None:
    """Return the home of a list at `review/candidates/<k>.csv` or `review/queue.csv`; None for other lists."""
    folder = list_path.absolute().parent
    if list_path.name == QUEUE and folder.name == "review" and (folder.parent / "posters").is_dir():
        return folder.parent
    inside = folder.name == "candidates" and folder.parent.name == "review" and list_path.stem in SUBFOLDERS
    return folder.parent.parent if inside else None


def review_folder(list_path: Path) -> Path:
    """Return the folder for a list's companion files: the `review` of its home, otherwise its own folder."""
    home = home_of(list_path)
    return list_path.parent if home is None else home / "review"


def home_around(folder: Path) -> Path | None:
    """Return the home that a folder of posters is, or is in; None elsewhere."""
    inside = (folder.absolute(), *folder.absolute().parents[:2])
    return next((root for root in inside if (root / "posters").is_dir() and (root / "review").is_dir()), None)


def _collect(folder: Path, found: dict[PosterName, Path], subfolder: str | None) -> None:
    """Add the posters of a folder that are not found yet (and belong in `subfolder`)."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - only names, of tens of thousands of files
    except (FileNotFoundError, NotADirectoryError):
        return
    for text in names:
        try:
            name = PosterName.parse(text)
        except NameInvalid:
            continue
        if subfolder in (None, name.subfolder):
            found.setdefault(name, folder / text)
