"""The posters that a verdict applies to: a verdict names posters, but it applies to their content.

It applies to every poster of the same anime with the same bytes, whatever its name. If both posters of a verdict have
the same bytes, it applies only to the two names.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict, mal_id_of


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
        self._holders: defaultdict[tuple[int, str], set[Poster]] = defaultdict(set)
        self._named: defaultdict[str, set[Poster]] = defaultdict(set)
        for poster in set(posters):
            self._named[poster.name].add(poster)
            if poster.sha256:
                self._holders[mal_id_of(poster.name), poster.sha256].add(poster)

    def holders(self, name: str, sha256: str) -> set[Poster]:
        """Return the posters that one side of a verdict applies to."""
        found = self._holders.get((mal_id_of(name), sha256), set()) | self._as_named(name, sha256)
        return found or self._presumed(name, sha256)

    def pairs(self, verdict: PairVerdict) -> list[PosterPair]:
        """Return the pairs that a verdict applies to, in the verdict's order (first, second)."""
        ends = ((verdict.first, verdict.first_sha256), (verdict.second, verdict.second_sha256))
        if verdict.first_sha256 == verdict.second_sha256:
            first, second = (self._as_named(*end) or self._presumed(*end) for end in ends)
        else:
            first, second = (self.holders(*end) for end in ends)
        return list(product(sorted(first), sorted(second)))

    def applies(self, verdict: AnyVerdict) -> bool:
        """Return whether a verdict applies to any poster."""
        return bool(self.holders(verdict.name, verdict.sha256) if isinstance(verdict, Mark) else self.pairs(verdict))

    def _as_named(self, name: str, sha256: str) -> set[Poster]:
        """Return the poster with this name, if it has these bytes or its content is unknown."""
        return {poster for poster in self._named.get(name, ()) if poster.sha256 in ("", sha256)}

    def _presumed(self, name: str, sha256: str) -> set[Poster]:
        return set() if self._complete or name in self._named else {Poster(name, sha256)}
