"""Which poster stays for each one that people removed, also where removals form a circle.

People decide pair by pair: A is removed for B, B for C. Where such steps lead to a poster that nobody removed, that
one stays. Where they lead only to posters removed outright (a mark, both of a pair), nothing stays, as people decided.
Where they lead only around a circle, the largest poster of the circle stays, and the circle is reported.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

N = TypeVar("N")
Order = Callable[[N], Any]


@dataclass(frozen=True, slots=True)
class Removed(Generic[N]):
    """The removed posters, each with the one that it is replaced by (None: nothing stays), and the circles.

    A circle has the poster that stays first.
    """

    partners: dict[N, N | None]
    circles: tuple[tuple[N, ...], ...]


def resolve_cycles(replaced_by: Mapping[N, Collection[N]], outright: Collection[N], order: Order[N]) -> Removed[N]:
    """Chooses for each removed poster the one that it is replaced by.

    It is the next on the shortest way to a poster that stays; of several, the largest.

    Args:
        replaced_by: for each poster that was removed in favour of others, those.
        outright: posters removed with nothing in their place.
        order: the size order, a key that sorts the largest first and is different for every poster.
    """
    gone = set(outright)
    removed = replaced_by.keys() | gone
    staying = {partner for partners in replaced_by.values() for partner in partners} - removed
    parents = _ways_back(replaced_by, staying, order)
    parents |= _ways_back(replaced_by, gone - parents.keys(), order, done=parents)
    left = replaced_by.keys() - parents.keys() - gone
    circles = [tuple(sorted(circle, key=order)) for circle in _circles(replaced_by, left)]
    parents |= _ways_back(replaced_by, {circle[0] for circle in circles}, order, done=parents)
    nothing: dict[N, N | None] = dict.fromkeys(gone - parents.keys())
    return Removed({**parents, **nothing}, tuple(sorted(circles, key=lambda circle: order(circle[0]))))


def _ways_back(
    replaced_by: Mapping[N, Collection[N]], ends: Iterable[N], order: Order[N], done: Mapping[N, N] | None = None
) -> dict[N, N]:
    """Goes back from `ends`, step by step: what is replaced by one of them, what by one of those, and so on."""
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
    """Of posters whose removals lead nowhere, the sets in which each leads to every other and none leads out."""
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
