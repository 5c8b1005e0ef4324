"""Drawn posters in the replica's style for training, from seeds that no catalog uses, with or without edits."""

import random
from typing import Final

from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.recipes import Edit, Kind, PosterRecipe, RelativeBox
from lap_assets.replica.seeds import generator, seed_of

_EDITS: Final[tuple[Kind, ...]] = ("brightened", "recoloured", "cropped", "mirrored", "logo", "retitled")


def art_recipe(seed: int, place: int, width: int, *, edited: bool = False) -> PosterRecipe:
    """Return the recipe of poster number `place` for a training seed, about `width` px wide."""
    chance = generator("training art", seed, place)
    size = (width, round(width * chance.choice((1.333, 1.4, 1.415, 1.43, 1.5))))
    if chance.random() < 0.04:
        size = size[::-1]
    edits = tuple(_edit(kind, chance) for kind in _EDITS if chance.random() < 0.2) if edited else ()
    key = PosterKey("mal", place, 0)
    return PosterRecipe(
        key=key, root=key, parent=None, link=(), art_seed=seed_of("training art", seed, place), art_size=size,
        edits=edits, size=size, quality=chance.choice((50, 75, 85, 92)) if edited else 92, grain=0.0, orientation=1,
    )  # fmt: skip


def _edit(kind: Kind, chance: random.Random) -> Edit:
    if kind != "cropped":
        return Edit(kind, chance.getrandbits(48))
    x0, y0, x1, y1 = (chance.uniform(0.0, 0.15) for _ in range(4))
    return Edit(kind, chance.getrandbits(48), RelativeBox(x0, y0, 1 - x1, 1 - y1))
