"""Groups of posters: anime with several posters, the largest poster first, and which probably show one picture.

No Tk. `marking` has the marks.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.files import write_text
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text
from lap_gui.review.image_facts import ImageFacts
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_view import read_image_facts

COLORS: Final = ("#f2a65a", "#5ad1c8", "#c792ea", "#8bd450", "#ff7eb6", "#64a8ff", "#e6d75a", "#b0a4ff")

LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Shown with the colors, for people who cannot distinguish two colors."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A poster of a group. `color` and `letter`: shared with the candidates connected to it, or ""."""

    path: Path
    facts: ImageFacts
    color: str = ""
    letter: str = ""


class Groups:
    """Anime in the order of their ids, except those with only one poster (not counting those in `removed`)."""

    def __init__(
        self, found: dict[int, list[Path]], pairs: Iterable[Pair] = (), removed: AbstractSet[str] = frozenset()
    ) -> None:
        self.ids = [anime for anime, paths in found.items() if sum(path.name not in removed for path in paths) > 1]
        self._found = found
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        for pair in pairs:
            self._near[pair.first.name].add(pair.second.name)
            self._near[pair.second.name].add(pair.first.name)

    def paths(self, position: int) -> list[Path]:
        """Return the posters of a group, by name."""
        return self._found[self.ids[position]]

    def tiles(self, position: int, without: AbstractSet[str] = frozenset()) -> list[Tile]:
        """Return the posters of a group in the size order, without the names in `without`."""
        paths = [path for path in self.paths(position) if path.name not in without]
        facts = sorted(((read_image_facts(path), path) for path in paths), key=lambda one: one[0].size.key)
        colors = self._colors([path.name for _, path in facts])
        return [Tile(path, fact, *colors.get(path.name, ("", ""))) for fact, path in facts]

    def position_of(self, anime: int) -> int:
        """Return the position of an anime, or of the next existing one (the last, if none follows)."""
        following = next((position for position, one in enumerate(self.ids) if one >= anime), len(self.ids) - 1)
        return max(0, following)

    def holding(self, names: Iterable[str], positions: Iterable[int]) -> int | None:
        """Return the first of these positions whose group has one of the posters."""
        wanted = frozenset(names)
        return next(
            (position for position in positions if any(path.name in wanted for path in self.paths(position))), None
        )

    def find_or_add(self, names: Iterable[str]) -> int | None:
        """Return the position of the anime of these posters, appended if it is not a group; None if it is not here."""
        wanted = frozenset(names)
        found = (anime for anime, paths in self._found.items() if any(path.name in wanted for path in paths))
        anime = next(found, None)
        if anime is None:
            return None
        if anime not in self.ids:
            self.ids.append(anime)
        return self.ids.index(anime)

    def candidates(self, position: int) -> list[tuple[str, str]]:
        """Return the pairs of the lists within a group."""
        here = {path.name for path in self.paths(position)}
        return [(one, other) for one in sorted(here) for other in self._near.get(one, set()) & here if one < other]

    def _colors(self, names: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return a color and a letter for each set of posters here that pairs of the lists connect."""
        here, colors = set(names), dict[str, tuple[str, str]]()
        number = 0
        for start in names:
            if start in colors or not self._near.get(start, set()) & here:
                continue
            waiting = [start]
            while waiting:
                name = waiting.pop()
                if name not in colors:
                    colors[name] = COLORS[number % len(COLORS)], LETTERS[number % len(LETTERS)]
                    waiting += self._near[name] & here
            number += 1
        return colors


class Bookmark:
    """The position of a reviewer in a set of groups (`scope`), kept in a small file beside the verdicts."""

    def __init__(self, path: Path, reviewer: str, scope: str) -> None:
        self._path, self._key = path, f"{reviewer}/{scope}"

    def read(self) -> int | None:
        """Return the anime shown last; None if there is none, or the file cannot be read."""
        found = self._read().get(self._key)
        return found if isinstance(found, int) else None

    def write(self, anime: int) -> None:
        """Save the position.

        Raises:
            OSError: it could not be written.
        """
        write_text(self._path, json.dumps({**self._read(), self._key: anime}, indent=1, ensure_ascii=False) + "\n")

    def _read(self) -> dict[str, object]:
        try:
            read = parse_json(read_text(self._path, MAX_SMALL_BYTES))
        except (OSError, FileError, InputError):
            return {}
        return read if isinstance(read, dict) else {}
