"""Which images are for training, validation and test: whole groups together, and the same in every later release.

A group is anime (MAL ids) that near-duplicates join: one poster that went for another links their anime. Its name is
its smallest id, its split a hash of that name, so it depends on nothing else that is in the dataset.

What was released keeps its split, whatever is added later. A new poster follows its group. If a new duplicate joins
two groups that were released in different splits, no image moves: released ones stay, new ones go with their own anime
(or with most of the group). That leaks nothing: the duplicate itself was removed, and what it was a copy of lies in one
split alone. `straddling` counts such groups.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lap_assets.core.names import PosterName
from lap_assets.labels.annotations import SPLITS, Split

_SALT: Final = "lap split 1"


def groups(names: Iterable[str], copies: Iterable[tuple[str, str]]) -> dict[int, int]:
    """The group of each anime. `names`: released images; `copies`: a removed poster and the one that it went for."""
    joined: dict[int, int] = {}

    def end(anime: int) -> int:
        while (above := joined.setdefault(anime, anime)) != anime:
            joined[anime] = joined[above]
            anime = above
        return anime

    for name in names:
        end(PosterName.parse(name).mal_id)
    for one, other in copies:
        low, high = sorted((end(PosterName.parse(one).mal_id), end(PosterName.parse(other).mal_id)))
        joined[high] = low
    return {anime: end(anime) for anime in joined}


def assign(
    names: Iterable[str], group_of: Mapping[int, int], released: Mapping[str, Split], shares: Mapping[Split, float]
) -> dict[str, Split]:
    """The split of each image.

    `released`: the splits of the release before; `shares`: how much of all groups each split is to get, together 1.
    """
    members: dict[int, list[str]] = {}
    for name in names:
        members.setdefault(group_of[PosterName.parse(name).mal_id], []).append(name)
    result: dict[str, Split] = {}
    before: dict[int, list[tuple[int, Split]]] = {}
    for name, split in released.items():
        anime = PosterName.parse(name).mal_id
        before.setdefault(group_of.get(anime, anime), []).append((anime, split))
    for group, held in members.items():
        known = before.get(group, [])
        for name in held:
            own = [split for anime, split in known if anime == PosterName.parse(name).mal_id]
            result[name] = released.get(name) or _most(own) or _most(s for _, s in known) or _hashed(group, shares)
    return result


def straddling(splits: Mapping[str, Split], group_of: Mapping[int, int]) -> int:
    """How many groups have images in several splits."""
    found: dict[int, set[Split]] = {}
    for name, split in splits.items():
        found.setdefault(group_of[PosterName.parse(name).mal_id], set()).add(split)
    return sum(len(several) > 1 for several in found.values())


def _most(splits: Iterable[Split]) -> Split | None:
    """The most frequent; of equals the first of train, val, test."""
    counts = Counter(splits)
    return next((split for split in SPLITS if counts and counts[split] == max(counts.values())), None)


def _hashed(group: int, shares: Mapping[Split, float]) -> Split:
    digest = hashlib.sha256(f"{_SALT} {group}".encode()).digest()
    at, up_to = int.from_bytes(digest[:8], "big") / 2**64, 0.0
    for split in SPLITS:
        up_to += shares[split]
        if at < up_to:
            return split
    return next(split for split in reversed(SPLITS) if shares[split])
