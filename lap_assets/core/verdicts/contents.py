"""The posters that a verdict applies to: a verdict names posters, but it applies to their content.

It applies to every poster of the same anime with the same bytes, whatever its name. If both posters of a verdict have
the same bytes, it applies only to the two names.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from lap_assets.core.names import mal_id_of
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict


class Poster(NamedTuple):
    """A poster: its name, and its content's sha256 ("" if unknown, as in a plain list)."""

    name: str
    sha256: str = ""


PosterPair = tuple[Poster, Poster]


class Contents:
    """The existing posters, by content.

    `complete`: these are all posters; a verdict on content that none of them has applies to nothing. Otherwise (a list
    with a part of the posters) a poster whose name is not among them is presumed to exist as the verdict names it. A
    poster without sha256 is matched by name.
    """

    def __init__(self, posters: Iterable[Poster], *, complete: bool) -> None:
        self._complete = complete
        self._posters = dict.fromkeys(posters)  # in their order, which is faster than a set's
        self._names = {poster.name for poster in self._posters}
        self._without_bytes = {poster.name for poster in self._posters if not poster.sha256}
        self._with_bytes: defaultdict[str, list[Poster]] = defaultdict(list)
        for poster in self._posters:
            self._with_bytes[poster.sha256].append(poster)
        self._by_anime: dict[str, dict[int, list[Poster]]] = {}  # of the bytes that several posters have

    def holders(self, name: str, sha256: str) -> list[Poster]:
        """Return the posters that one side of a verdict applies to."""
        found = self._of_anime(name, sha256)
        if name in self._without_bytes:
            return [*found, Poster(name)]
        return found or self._presumed(name, sha256)

    def pairs(self, verdict: PairVerdict) -> list[PosterPair]:
        """Return the pairs that a verdict applies to, in the verdict's order (first, second)."""
        find = self._as_named if verdict.first_sha256 == verdict.second_sha256 else self.holders
        first, second = find(verdict.first, verdict.first_sha256), find(verdict.second, verdict.second_sha256)
        if len(first) == len(second) == 1:  # most verdicts
            return [(first[0], second[0])]
        return list(product(sorted(first), sorted(second)))

    def applies(self, verdict: AnyVerdict) -> bool:
        """Return whether a verdict applies to any poster."""
        return bool(self.holders(verdict.name, verdict.sha256) if isinstance(verdict, Mark) else self.pairs(verdict))

    def _of_anime(self, name: str, sha256: str) -> list[Poster]:
        """Return the posters with these bytes of the name's anime. Thousands of posters may have the same bytes."""
        equal = self._with_bytes.get(sha256, [])
        if not equal or (len(equal) == 1 and equal[0].name == name):  # nearly always
            return equal
        if (groups := self._by_anime.get(sha256)) is None:
            groups = self._by_anime[sha256] = {}
            for one in equal:
                groups.setdefault(mal_id_of(one.name), []).append(one)
        return groups.get(mal_id_of(name), [])

    def _as_named(self, name: str, sha256: str) -> list[Poster]:
        """Return the poster with this name, if it has these bytes or its content is unknown."""
        found = [poster for poster in (Poster(name, sha256), Poster(name)) if poster in self._posters]
        return found or self._presumed(name, sha256)

    def _presumed(self, name: str, sha256: str) -> list[Poster]:
        return [] if self._complete or name in self._names else [Poster(name, sha256)]
