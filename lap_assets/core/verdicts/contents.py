"""Which posters a verdict is about: a verdict names posters, but it holds for their content.

It is about every poster of the same anime that holds these bytes, whatever its name. Where both posters of a verdict
hold the same bytes, it is about the two names alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict, mal_id_of


class Poster(NamedTuple):
    """A poster: its name, and its content's sha256 ("" where that is not known, as in a bare list)."""

    name: str
    sha256: str = ""


PosterPair = tuple[Poster, Poster]


class Contents:
    """The posters that there are, by content.

    `complete`: these are all; a verdict on content that none of them holds is about nothing. Otherwise (a list holds a
    part of the posters) a poster whose name is not among them is taken to be there as the verdict names it. A poster
    without sha256 goes by its name.
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
        """The posters that one end of a verdict is about."""
        found = self._holders.get((mal_id_of(name), sha256), set()) | self._as_named(name, sha256)
        return found or self._presumed(name, sha256)

    def pairs(self, verdict: PairVerdict) -> list[PosterPair]:
        """The pairs that a verdict is about, as (first, second) of the verdict."""
        ends = ((verdict.first, verdict.first_sha256), (verdict.second, verdict.second_sha256))
        if verdict.first_sha256 == verdict.second_sha256:
            first, second = (self._as_named(*end) or self._presumed(*end) for end in ends)
        else:
            first, second = (self.holders(*end) for end in ends)
        return list(product(sorted(first), sorted(second)))

    def applies(self, verdict: AnyVerdict) -> bool:
        """Whether a verdict is about any poster at all."""
        return bool(self.holders(verdict.name, verdict.sha256) if isinstance(verdict, Mark) else self.pairs(verdict))

    def _as_named(self, name: str, sha256: str) -> set[Poster]:
        """The poster of that name, if it holds these bytes or its content is not known."""
        return {poster for poster in self._named.get(name, ()) if poster.sha256 in ("", sha256)}

    def _presumed(self, name: str, sha256: str) -> set[Poster]:
        return set() if self._complete or name in self._named else {Poster(name, sha256)}
