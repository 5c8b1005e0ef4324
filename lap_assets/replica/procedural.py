"""A catalog generated from a size and a seed, shaped like the real sites.

Counts and ids belong here. The shares come from the original's lists (2023): most anime have one picture, a few up to
21; 40 % have a World Art animation; some animations have no MAL link, some share one.
"""

import random
from collections.abc import Sequence
from itertools import count
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.replica import titles
from lap_assets.replica.catalog import Anime, Catalog, WaAnimation
from lap_assets.replica.seeds import generator

# Share of the original's 23,966 anime with 0, 1, 2 … 21 pictures, in tenths of a percent (rare ones rounded up).
_PICTURE_WEIGHTS: Final = (6, 588, 168, 89, 51, 32, 19, 14, 11, 8, 5, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1)
# Share of World Art animations by number of posters, likewise.
_POSTER_WEIGHTS: Final = (28, 180, 432, 215, 89, 33, 11, 5, 2, 1, 1, 1, 1)
# First id of a range, and number of the original's anime in it. The site has no notion of LAP's subfolders.
_RANGES: Final = (
    (1, 869), (1000, 1383), (2500, 2055), (5000, 2746), (10000, 2795),
    (20000, 3240), (32000, 3437), (38000, 3111), (44000, 2370), (50000, 1960),
)  # fmt: skip
_FIRST_FREE: Final = 6000  # minimum length of the open-ended range
_WA_SHARE: Final = 0.4
_OLD_COUNTER: Final = 88_000  # below this n2, MAL's n1 is 1–13, above it 1000–1999
_COUNTER: Final = 145_000
_NEVER: Final = 4  # a World Art id that is always missing, so that the smallest catalogs have a gap too


def procedural_catalog(anime: int, seed: int, rx_share: float = 0.06) -> Catalog:
    """Return a catalog of `anime` anime for `seed`; about `rx_share` of them are Rx.

    Raises:
        InputError: `anime` is negative, or `rx_share` is not between 0 and 1.
    """
    if anime < 0:
        raise InputError(f"anime = {anime}: expected 0 or more")
    if not 0 <= rx_share <= 1:
        raise InputError(f"rx_share = {rx_share}: expected a share between 0 and 1")
    chance = generator("catalog", seed, anime)
    ids = _mal_ids(anime, chance)
    rx = set(chance.sample(ids, round(anime * rx_share) or int(rx_share > 0 and anime >= 10)))
    listed = _anime(ids, rx, chance)
    return Catalog(seed, listed, _animations(listed, chance))


def _mal_ids(total: int, chance: random.Random) -> list[int]:
    ids: list[int] = []
    left = total
    firsts = [first for first, _ in _RANGES]
    ends = [*firsts[1:], firsts[-1] + max(_FIRST_FREE, 2 * total)]
    # The open-ended range comes first, since only it can grow to hold what does not fit elsewhere.
    for first, after, share in reversed(tuple(zip(firsts, ends, _shares(total), strict=True))):
        chosen = chance.sample(range(first, after), min(share, (after - first) * 9 // 10, left))
        left -= len(chosen)
        ids += chosen
    beyond = range(max(ids, default=1) + 1, max(ids, default=1) + 1 + left)
    return sorted([*ids, *beyond])


def _shares(total: int) -> list[int]:
    """Return the number of anime per range: proportions of the original, but at least three in each if possible."""
    floor = min(3, total // len(_RANGES))
    rest = total - floor * len(_RANGES)
    weights = [weight for _, weight in _RANGES]
    exact = [rest * weight / sum(weights) for weight in weights]
    shares = [floor + int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: int(exact[index]) - exact[index])
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _anime(ids: Sequence[int], rx: set[int], chance: random.Random) -> tuple[Anime, ...]:
    counts = chance.choices(range(len(_PICTURE_WEIGHTS)), _PICTURE_WEIGHTS, k=len(ids))
    if len(ids) >= 30:
        counts[chance.randrange(len(ids))] = 0
    pictures = _pictures(counts, chance)
    anime = []
    for mal_id, own in zip(ids, pictures, strict=True):
        title = titles.romaji_title(chance)
        anime.append(Anime(mal_id, titles.slug_of(title), title, mal_id in rx, own))
    return tuple(anime)


def _pictures(counts: Sequence[int], chance: random.Random) -> list[tuple[tuple[int, int], ...]]:
    """Return (n1, n2) of the pictures of each anime. n2 counts uploads: newer anime have higher ones, old anime also
    get new pictures.
    """
    uploads = []
    for index, number in enumerate(counts):
        age = index / max(len(counts), 1)
        uploads += [(age + (1 - age) * chance.random() ** 3, index) for _ in range(number)]
    uploads.sort()
    numbers = sorted(chance.sample(range(15, max(_COUNTER, 3 * len(uploads) + 15)), len(uploads)))
    found: list[list[tuple[int, int]]] = [[] for _ in counts]
    for (_, index), n2 in zip(uploads, numbers, strict=True):
        n1 = chance.randint(1, 13) if n2 < _OLD_COUNTER else chance.randint(1000, 1999)
        found[index].append((n1, n2))
    return [tuple(own) for own in found]


def _animations(listed: Sequence[Anime], chance: random.Random) -> tuple[WaAnimation, ...]:
    if not listed:
        return ()
    linked = _linked(listed, chance)
    unlinked = max(len(linked) // 40, int(len(listed) >= 30))
    targets: list[Anime | None] = [*linked, *[None] * unlinked]
    chance.shuffle(targets)
    ids = _wa_ids(len(targets), chance)
    return tuple(_animation(wa_id, anime, chance) for wa_id, anime in zip(ids, targets, strict=True))


def _linked(listed: Sequence[Anime], chance: random.Random) -> list[Anime]:
    """Return the anime on World Art, once per animation there."""
    linked = [anime for anime in listed if chance.random() < _WA_SHARE] or [listed[0]]
    rx = [anime for anime in listed if anime.rx]
    if rx and not any(anime.rx for anime in linked):
        linked.append(chance.choice(rx))
    several = chance.sample(linked, max(len(linked) // 160, int(len(listed) >= 30)))
    return linked + [anime for anime in several for _ in range(chance.choice((1, 1, 2, 4)))]


def _wa_ids(total: int, chance: random.Random) -> list[int]:
    """Return ascending ids from 1 on (whose page answers for missing ids), with about one in seven left out."""
    ids: list[int] = []
    for wa_id in count(1):
        if len(ids) == total:
            break
        if wa_id == 1 or (wa_id != _NEVER and chance.random() > 0.14):
            ids.append(wa_id)
    return ids


def _animation(wa_id: int, anime: Anime | None, chance: random.Random) -> WaAnimation:
    posters = list(range(1, chance.choices(range(len(_POSTER_WEIGHTS)), _POSTER_WEIGHTS)[0] + 1))
    if len(posters) > 1 and chance.random() < 0.25:  # numbers have gaps: later posters are numbered after photos
        posters[-1] += chance.randint(20, 90)
    scored = chance.random() < 0.85
    return WaAnimation(
        wa_id,
        anime.mal_id if anime else None,
        titles.russian_title(chance, anime.title if anime else titles.romaji_title(chance)),
        titles.work_type(chance),
        titles.genre(chance),
        titles.release(chance),
        round(chance.uniform(2, 9.4), 1) if scored else None,
        chance.randint(1, 4900) if scored and chance.random() < 0.55 else None,
        tuple(posters),
    )
