"""Which images are for training, validation and test: whole groups together, and the same in every later release.

A group is a set of anime (MAL ids) that near-duplicates connect: a poster that was removed in favour of another links
the two anime. Its name is its smallest id and its split a hash of that name, so it does not depend on the rest of the
dataset.

What was released keeps its split, whatever is added later. A new poster follows its group. If a new duplicate connects
two groups that were released in different splits, no image moves: released ones stay, new ones go with their own anime
(or with most of the group). Nothing leaks: the duplicate itself was removed, and what it was a copy of is in one split
only. `straddling` counts such groups.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lap_assets.labels.annotations import SPLITS, Split

_SALT: Final = "lap split 1"


def groups(anime: Iterable[int], copies: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The group of each anime.

    `anime`: MAL ids of the released images; `copies`: those of a removed poster and of the one that replaces it.
    """
    parent: dict[int, int] = {}

    def root(mal_id: int) -> int:
        while (above := parent.setdefault(mal_id, mal_id)) != mal_id:
            parent[mal_id] = parent[above]
            mal_id = above
        return mal_id

    for mal_id in anime:
        root(mal_id)
    for one, other in copies:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {mal_id: root(mal_id) for mal_id in parent}


def assign(
    images: Mapping[str, int],
    group_of: Mapping[int, int],
    released: Mapping[str, tuple[int, Split]],
    shares: Mapping[Split, float],
) -> dict[str, Split]:
    """The split of each image.

    `images`: MAL id of each, by name; `released`: MAL id and split of each image of the release before; `shares`: how
    much of all groups each split is to get, together 1.
    """
    members: dict[int, list[str]] = {}
    for name, mal_id in images.items():
        members.setdefault(group_of[mal_id], []).append(name)
    before: dict[int, list[tuple[int, Split]]] = {}
    for mal_id, split in released.values():
        before.setdefault(group_of.get(mal_id, mal_id), []).append((mal_id, split))
    result: dict[str, Split] = {}
    for group, names in members.items():
        known = before.get(group, [])
        for name in names:
            own = [split for mal_id, split in known if mal_id == images[name]]
            kept = released[name][1] if name in released else None
            result[name] = kept or _most(own) or _most(split for _, split in known) or _hashed(group, shares)
    return result


def straddling(splits: Iterable[tuple[int, Split]], group_of: Mapping[int, int]) -> int:
    """How many groups have images in several splits. `splits`: MAL id and split of each image."""
    found: dict[int, set[Split]] = {}
    for mal_id, split in splits:
        found.setdefault(group_of[mal_id], set()).add(split)
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
