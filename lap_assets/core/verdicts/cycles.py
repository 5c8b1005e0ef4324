"""The replacement of each poster removed by people, including removals that form a circle.

People decide pair by pair: A is removed for B, B for C. If such steps lead to a poster that nobody removed, that one
stays. If they lead only to posters removed outright (by a mark, or as both of a pair), nothing stays, as people
decided. If they lead only around a circle, its largest poster stays, and the circle is reported.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

N = TypeVar("N")
Order = Callable[[N], Any]


@dataclass(frozen=True, slots=True)
class Removed(Generic[N]):
    """The removed posters, each with the poster that replaces it (None: nothing stays), and the circles.

    The first poster of a circle is the one that stays.
    """

    partners: dict[N, N | None]
    circles: tuple[tuple[N, ...], ...]


def resolve_cycles(replaced_by: Mapping[N, Collection[N]], outright: Collection[N], order: Order[N]) -> Removed[N]:
    """Choose the replacement of each removed poster.

    It is the next poster on the shortest path to one that stays; of several, the largest.

    Args:
        replaced_by: for each poster removed in favor of others, those others.
        outright: posters removed without a replacement.
        order: the size order, a key that sorts the largest first and differs for every poster.
    """
    removed_outright = set(outright)
    removed = replaced_by.keys() | removed_outright
    staying = {partner for partners in replaced_by.values() for partner in partners} - removed
    parents = _paths_back(replaced_by, staying, order)
    parents |= _paths_back(replaced_by, removed_outright - parents.keys(), order, done=parents)
    left = replaced_by.keys() - parents.keys() - removed_outright
    circles = [tuple(sorted(circle, key=order)) for circle in _circles(replaced_by, left)]
    parents |= _paths_back(replaced_by, {circle[0] for circle in circles}, order, done=parents)
    nothing: dict[N, N | None] = dict.fromkeys(removed_outright - parents.keys())
    return Removed({**parents, **nothing}, tuple(sorted(circles, key=lambda circle: order(circle[0]))))


def _paths_back(
    replaced_by: Mapping[N, Collection[N]], ends: Iterable[N], order: Order[N], done: Mapping[N, N] | None = None
) -> dict[N, N]:
    """Search backwards from `ends`, breadth first; return each reached poster with the next one on its path."""
    replaces: dict[N, list[N]] = {}
    for name, partners in replaced_by.items():
        for partner in partners:
            replaces.setdefault(partner, []).append(name)
    parents: dict[N, N] = {}
    reached = set(ends)
    settled = reached | (done or {}).keys()
    while reached:
        following: dict[N, N] = {}
        for partner in sorted(reached, key=order):
            for name in replaces.get(partner, ()):
                if name not in settled:
                    following.setdefault(name, partner)
        parents |= following
        reached = set(following)
        settled |= reached
    return parents


def _circles(replaced_by: Mapping[N, Collection[N]], names: Iterable[N]) -> list[set[N]]:
    """Return the sets of posters in which each leads to every other and none leads out of the set."""
    left = {name: set(replaced_by[name]) for name in names}
    reach = {name: _reachable(left, name) for name in left}
    found = {frozenset(ahead) for name, ahead in reach.items() if all(name in reach[other] for other in ahead)}
    return [set(circle) for circle in found]


def _reachable(steps: Mapping[N, Iterable[N]], start: N) -> set[N]:
    seen: set[N] = set()
    waiting = [start]
    while waiting:
        for name in steps[waiting.pop()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen
