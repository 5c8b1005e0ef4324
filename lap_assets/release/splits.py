"""Splits for training, validation and test: by whole groups, and stable across releases.

A group is a set of anime (MAL ids) connected by near-duplicates: a poster removed in favor of another links the two
anime. A group is named after its smallest id, and its split is a hash of that name, so the split does not depend on the
rest of the dataset.

Released images keep their split, whatever is added later. A new poster follows its group. If a new duplicate connects
two groups that were released in different splits, no image moves: released images stay, and new ones follow their own
anime (or most of the group). Nothing leaks, because the duplicate itself was removed and its survivor is in only one
split. `straddling` counts such groups.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from lap_assets.labels.annotations import SPLITS, Split

_SALT: Final = "lap split 1"


def groups(anime: Iterable[int], copies: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return the group of each anime.

    `anime`: the MAL ids of the released images; `copies`: the MAL ids of each removed poster and its partner.
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
    """Return the split of each image.

    `images`: the MAL id of each image by name; `released`: MAL id and split of each image of the previous release;
    `shares`: the fraction of all groups for each split; their sum is 1.
    """
    members: dict[int, list[str]] = {}
    for name, mal_id in images.items():
        members.setdefault(group_of[mal_id], []).append(name)
    released_in: dict[int, list[tuple[int, Split]]] = {}
    for mal_id, split in released.values():
        released_in.setdefault(group_of.get(mal_id, mal_id), []).append((mal_id, split))
    result: dict[str, Split] = {}
    for group, names in members.items():
        known = released_in.get(group, [])
        for name in names:
            own = [split for mal_id, split in known if mal_id == images[name]]
            kept = released[name][1] if name in released else None
            result[name] = kept or _most(own) or _most(split for _, split in known) or _hashed(group, shares)
    return result


def straddling(splits: Iterable[tuple[int, Split]], group_of: Mapping[int, int]) -> int:
    """Count the groups with images in several splits. `splits`: MAL id and split of each image."""
    found: dict[int, set[Split]] = {}
    for mal_id, split in splits:
        found.setdefault(group_of[mal_id], set()).add(split)
    return sum(len(several) > 1 for several in found.values())


def _most(splits: Iterable[Split]) -> Split | None:
    """Return the most frequent split; in a tie, the first of train, val, test."""
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
