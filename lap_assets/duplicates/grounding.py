"""Which poster stays for each poster that people removed, so that removals in a circle do not remove everybody.

People decide pair by pair: A goes for B, B for C. A removal is grounded if such steps lead to a poster that nobody
removed. Where they lead only to posters removed outright (a mark, both of a pair), nothing stays, as people said. Where
they lead only in a circle, the largest poster of the circle stays and the circle is reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lap_assets.duplicates.people import People, Word


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal by a person: whose word it is, and the poster that stays instead (None: nothing does)."""

    word: Word
    partner: str | None


@dataclass(frozen=True, slots=True)
class Grounded:
    """Removals by people that hold, and the circles among them (the poster that stays comes first)."""

    removals: dict[str, Removal]
    circles: tuple[tuple[str, ...], ...]


def ground(people: People, rank: Mapping[str, int]) -> Grounded:
    """Chooses a partner for each removed poster: the shortest way to one that stays, then the largest (lowest rank)."""
    instead = people.instead
    removed = instead.keys() | people.gone.keys()
    staying = {partner for partners in instead.values() for partner in partners} - removed
    parents = _lead(instead, staying, rank)
    parents |= _lead(instead, people.gone.keys() - parents.keys(), rank, done=parents)
    open_ends = instead.keys() - parents.keys() - people.gone.keys()
    circles = [_largest_first(circle, rank) for circle in _circles(instead, open_ends)]
    parents |= _lead(instead, {circle[0] for circle in circles}, rank, done=parents)
    removals = {name: Removal(instead[name][partner], partner) for name, partner in parents.items()}
    removals |= {name: Removal(word, None) for name, word in people.gone.items() if name not in removals}
    return Grounded(removals, tuple(sorted(circles)))


def _lead(
    instead: Mapping[str, Mapping[str, Word]],
    ends: Iterable[str],
    rank: Mapping[str, int],
    done: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Goes back from `ends`, step by step: who is removed for one of them, who for one of those, and so on."""
    removed_for: dict[str, list[str]] = {}
    for name, partners in instead.items():
        for partner in partners:
            removed_for.setdefault(partner, []).append(name)
    parents: dict[str, str] = {}
    reached = set(ends)
    settled = reached | (done or {}).keys()
    while reached:
        following: dict[str, str] = {}
        for partner in sorted(reached, key=rank.__getitem__):
            for name in removed_for.get(partner, ()):
                if name not in settled:
                    following.setdefault(name, partner)
        parents |= following
        reached = set(following)
        settled |= reached
    return parents


def _circles(instead: Mapping[str, Mapping[str, Word]], names: Iterable[str]) -> list[set[str]]:
    """Of posters whose removals lead nowhere, the sets in which each leads to every other and none leads out."""
    left = {name: set(instead[name]) for name in names}
    reach = {name: _reachable(left, name) for name in left}
    found = {frozenset(ahead) for name, ahead in reach.items() if all(name in reach[other] for other in ahead)}
    return [set(circle) for circle in found]


def _reachable(steps: Mapping[str, Iterable[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in steps[waiting.pop()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen


def _largest_first(circle: Iterable[str], rank: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(circle, key=rank.__getitem__))
