"""Where posters lie: finding one by its name below a folder, and listing all of them. Standard library alone.

Names from outside are parsed, never joined as they come.
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
"""The list over all subfolders in a home's `review`."""


class PosterFiles(Protocol):
    """Finds the file of a poster."""

    def find(self, name: str) -> Path:
        """The poster's file, whether it exists or not.

        Raises:
            NameInvalid: it is not a poster's name.
        """


@dataclass(frozen=True, slots=True)
class ListedPosters:
    """Files that the caller lists: a path for each poster's name."""

    paths: Mapping[str, Path]

    def find(self, name: str) -> Path:
        """The listed file; a path that does not exist for another name."""
        return self.paths.get(name, Path(name))


@dataclass(frozen=True, slots=True)
class PosterFolder:
    """A folder of posters: a home, its `posters`, one of the ten subfolders, or posters side by side."""

    root: Path

    def find(self, name: str) -> Path:
        """The poster's file: `posters/<k>/name`, `<k>/name` or `name`; the last where there is none of them.

        Raises:
            NameInvalid: it is not a poster's name.
        """
        parsed = PosterName.parse(name)
        places = (self.root / "posters" / parsed.subfolder, self.root / parsed.subfolder, self.root)
        return next((path for place in places if (path := place / str(parsed)).is_file()), self.root / str(parsed))

    def groups(self, partition: str | None = None) -> dict[int, list[Path]]:
        """The posters of each anime (of a subfolder), by MAL id and name, where `find` finds them.

        Raises:
            InputError: there is no such folder or subfolder.
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
    """Where the pictures of a list probably lie: the home that it is in, else its own folder."""
    home = home_of(list_path)
    return list_path.parent if home is None else home


def home_of(list_path: Path) -> Path | None:
    """The home that a list lies in, as `review/candidates/<k>.csv` or `review/queue.csv`; None elsewhere."""
    folder = list_path.absolute().parent
    if list_path.name == QUEUE and folder.name == "review" and (folder.parent / "posters").is_dir():
        return folder.parent
    inside = folder.name == "candidates" and folder.parent.name == "review" and list_path.stem in SUBFOLDERS
    return folder.parent.parent if inside else None


def review_folder(list_path: Path) -> Path:
    """Where what goes with a list lies: the `review` of its home, else its own folder."""
    home = home_of(list_path)
    return list_path.parent if home is None else home / "review"


def home_around(folder: Path) -> Path | None:
    """The home that a folder of posters is in, or is; None elsewhere."""
    inside = (folder.absolute(), *folder.absolute().parents[:2])
    return next((root for root in inside if (root / "posters").is_dir() and (root / "review").is_dir()), None)


def _collect(folder: Path, found: dict[PosterName, Path], subfolder: str | None) -> None:
    """Adds the posters of a folder that are not found yet (and belong into `subfolder`)."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names alone, of tens of thousands
    except (FileNotFoundError, NotADirectoryError):
        return
    for text in names:
        try:
            name = PosterName.parse(text)
        except NameInvalid:
            continue
        if subfolder in (None, name.subfolder):
            found.setdefault(name, folder / text)
