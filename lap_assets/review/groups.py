"""Groups of posters that probably show one picture, across anime. Groups do not grow along chains of near pairs.

Two groups merge only if their posters match on average (`LINK`), and none of the pairs across is improbable (`LEAST`)
or was called distinct. Belongs here: which posters form a group.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Final

Pair = tuple[str, str]
Probabilities = Callable[[Sequence[Pair]], Sequence[float]]
"""Returns the probability of any pairs of names, whether or not a search found them."""

LINK: Final = 0.5
"""The least mean probability over all pairs across two groups that merge, and the least of a pair that starts one."""
LEAST: Final = 0.05
"""A group has no pair below this probability."""


def group_posters(
    links: Iterable[tuple[str, str, float]],
    probabilities: Probabilities,
    distinct: Iterable[Pair] = (),
) -> list[tuple[str, ...]]:
    """Return the groups, names ascending, the group with the most probable pair first.

    Args:
        links: pairs (first < second) and their probability; those below `LINK` start no group.
        probabilities: called for the other pairs that a merged group would contain.
        distinct: pairs that people called distinct (first < second); no group contains one.
    """
    apart, known = set(distinct), {}
    for first, second, probability in links:
        known[first, second] = probability
    ordered = sorted((-probability, pair) for pair, probability in known.items() if probability >= LINK)
    members: dict[str, list[str]] = {}
    for _, (first, second) in ordered:
        ours, theirs = members.setdefault(first, [first]), members.setdefault(second, [second])
        if ours is theirs:
            continue
        across = [(min(pair), max(pair)) for pair in product(ours, theirs)]
        if apart.isdisjoint(across) and _belong_together(across, known, probabilities):
            ours += theirs
            members.update(dict.fromkeys(theirs, ours))
    found = {id(group): tuple(sorted(group)) for group in members.values() if len(group) > 1}
    best: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for (first, second), probability in known.items():
        if (group := members.get(first)) is not None and group is members.get(second) and id(group) in found:
            best[found[id(group)]] = max(best[found[id(group)]], probability)
    return sorted(best, key=lambda group: (-best[group], group))


def _belong_together(across: Sequence[Pair], known: dict[Pair, float], probabilities: Probabilities) -> bool:
    unknown = [pair for pair in across if pair not in known]
    if unknown:
        known |= {pair: float(one) for pair, one in zip(unknown, probabilities(unknown), strict=True)}
    found = [known[pair] for pair in across]
    return min(found) >= LEAST and sum(found) / len(found) >= LINK
