"""Changes of a catalog from one month to the next: new anime and posters, a few removed, everything else unchanged.

Shares come from the original's lists and from MAL since: per month about 1 % new anime (most with the highest ids, some
in gaps), 0.5 % new pictures of known anime, 0.1 % removed.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.replica import titles
from lap_assets.replica.catalog import Anime, Catalog, WaAnimation
from lap_assets.replica.seeds import generator

_NEW_ANIME: Final = 0.01
_LOST_ANIME: Final = 0.001
_NEW_PICTURES: Final = 0.005
_LOST_PICTURES: Final = 0.001
_LATE: Final = 0.15  # share of new anime whose id fills a gap below the highest
_ON_WA: Final = 0.4


def later(catalog: Catalog, months: int) -> Catalog:
    """Return the catalog after `months` months.

    Raises:
        InputError: `months` is negative.
    """
    if months < 0:
        raise InputError(f"months = {months}: expected 0 or more")
    for _ in range(months):
        catalog = next_month(catalog)
    return catalog


def next_month(catalog: Catalog) -> Catalog:
    """Return the catalog one month later, with at least one change of each kind if possible."""
    chance = generator("month", catalog.seed, _age(catalog))
    if not catalog.anime:
        return replace(catalog, previous=catalog)
    lost = set(chance.sample(catalog.anime, min(_some(catalog.anime, _LOST_ANIME), len(catalog.anime) - 1)))
    stayed = _with_other_pictures([one for one in catalog.anime if one not in lost], catalog, chance)
    added = _added(catalog, chance)
    animations = _with_other_posters(catalog.animations, chance)
    return Catalog(
        catalog.seed,
        tuple(sorted([*stayed, *added], key=lambda one: one.mal_id)),
        (*animations, *_on_wa(added, animations, chance)),
        previous=catalog,
        style=catalog.style,
    )


def _age(catalog: Catalog) -> int:
    return 0 if catalog.previous is None else 1 + _age(catalog.previous)


def _some(of: Sequence[object], share: float) -> int:
    return max(1, round(len(of) * share)) if of else 0


def _next_picture(catalog: Catalog) -> int:
    """Return the next upload number. MAL counts uploads: it is higher than all before, removed ones included."""
    own = max((n2 for anime in catalog.anime for _, n2 in anime.pictures), default=0) + 1
    return max(own, _next_picture(catalog.previous)) if catalog.previous is not None else own


def _with_other_pictures(stayed: list[Anime], catalog: Catalog, chance: random.Random) -> list[Anime]:
    total = [picture for one in stayed for picture in one.pictures]
    by_id = {one.mal_id: one for one in stayed}
    number = _next_picture(catalog) + 100 * len(catalog.anime)  # lower numbers are left to new anime
    for one in chance.sample(stayed, min(_some(total, _NEW_PICTURES), len(stayed))):
        number += chance.randint(1, 9)
        picture = (chance.randint(1000, 1999), number)
        by_id[one.mal_id] = replace(one, pictures=(*one.pictures, picture))
    several = [one for one in by_id.values() if len(one.pictures) > 1]
    for one in chance.sample(several, min(_some(total, _LOST_PICTURES), len(several))):
        removed = chance.randrange(len(one.pictures))
        by_id[one.mal_id] = replace(one, pictures=one.pictures[:removed] + one.pictures[removed + 1 :])
    return list(by_id.values())


def _added(catalog: Catalog, chance: random.Random) -> list[Anime]:
    highest, number = catalog.mal_ids[-1], _next_picture(catalog)
    known = set(catalog.mal_ids)
    added: list[Anime] = []
    for index in range(_some(catalog.anime, _NEW_ANIME)):
        highest += chance.randint(1, 3)
        mal_id = highest
        if index and chance.random() < _LATE:
            mal_id = next((id_ for id_ in range(highest - 1, 0, -1) if id_ not in known), highest)
        known.add(mal_id)
        pictures = []
        for _ in range(chance.choice((1, 1, 2))):
            number += chance.randint(1, 9)
            pictures.append((chance.randint(1000, 1999), number))
        title = titles.romaji_title(chance)
        added.append(Anime(mal_id, titles.slug_of(title), title, chance.random() < 0.06, tuple(pictures)))
    return added


def _with_other_posters(animations: Sequence[WaAnimation], chance: random.Random) -> list[WaAnimation]:
    grown = set(chance.sample(animations, min(_some(animations, _NEW_PICTURES), len(animations))))
    return [
        replace(one, posters=(*one.posters, max(one.posters, default=0) + chance.randint(1, 5)))
        if one in grown
        else one
        for one in animations
    ]


def _on_wa(added: Sequence[Anime], animations: Sequence[WaAnimation], chance: random.Random) -> list[WaAnimation]:
    wa_id = max((one.wa_id for one in animations), default=0)
    new_animations = []
    for anime in added:
        if chance.random() < _ON_WA:
            wa_id += chance.randint(1, 3)
            new_animations.append(
                WaAnimation(
                    wa_id,
                    anime.mal_id,
                    titles.russian_title(chance, anime.title),
                    titles.work_type(chance),
                    titles.genre(chance),
                    titles.release(chance),
                    None,
                    None,
                    tuple(range(1, chance.randint(2, 3))),
                )
            )
    return new_animations
