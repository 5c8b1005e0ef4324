"""Plan of the posters: each shows a picture of its own, or is a near-duplicate of another poster.

The decisions belong here. They depend only on the catalog's seed and the poster's ids, so that any poster can be drawn
again alone. Recipes are defined in `recipes`; drawing is in `renderer`.

Shares follow the original's data: about 28 % copies, mostly rescaled, recompressed or brightened, World Art's usually
the larger ones; 4 % of posters with both sides under 300 px, 1 % over 1920 px, 1.5 % larger than 700 KB.
"""

import random
from bisect import bisect_left
from functools import lru_cache
from typing import Final

from lap_assets.replica.catalog import Catalog, PosterKey, wa_keys
from lap_assets.replica.recipes import Edit, Kind, PosterRecipe, RelativeBox, Size
from lap_assets.replica.seeds import generator, seed_of

_KINDS: Final[dict[Kind, int]] = {
    "rescaled": 34,
    "recompressed": 20,
    "brightened": 17,
    "cropped": 7,
    "retitled": 7,
    "logo": 6,
    "mirrored": 4,
    "recoloured": 5,
}
_MAL_COPIES: Final = 0.32  # share of pictures other than the anime's first
_WA_COPIES: Final = 0.52
_ACROSS: Final = 0.02  # share of anime whose first picture is a copy from another anime
_LAID_ON_ITS_SIDE: Final = 0.003
_LEAST_SIDE: Final = 120
_MOST_SIDE: Final = 2800
# Share of originals, and range of widths in px.
_WIDTHS: Final[tuple[tuple[float, int, int], ...]] = (
    (0.030, 140, 206),
    (0.252, 225, 225),
    (0.295, 300, 424),
    (0.230, 425, 520),
    (0.165, 521, 700),
    (0.009, 1400, 2000),
    (0.019, 1000, 1300),  # heavy
)


class RecipePlan:
    """Recipes of all posters of one catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._previous = RecipePlan(catalog.previous) if catalog.previous is not None else None
        self.recipe = lru_cache(maxsize=4096)(self._recipe)

    def _recipe(self, key: PosterKey) -> PosterRecipe:
        """Return the poster's recipe.

        Raises:
            KeyError: the catalog has no such poster.
        """
        if self._previous is not None and self._previous.catalog.has(key):
            return self._previous.recipe(key)  # an old poster keeps its bytes when the catalog grows
        mal_id = self.catalog.mal_id_of(key)
        chance = generator("plan", self.catalog.seed, *key)
        parent = self._parent(key, mal_id, chance)
        return _copy(key, self.recipe(parent), chance) if parent else self._original(key, chance)

    def _parent(self, key: PosterKey, mal_id: int | None, chance: random.Random) -> PosterKey | None:
        catalog = self.catalog
        group = wa_keys(catalog.animation_by_id[key.first]) if mal_id is None else catalog.posters_of(mal_id)
        index = group.index(key)
        if index == 0:
            return self._first_elsewhere(mal_id, chance)
        if chance.random() >= (_MAL_COPIES if key.source == "mal" else _WA_COPIES):
            return None
        on_mal = [other for other in group[:index] if other.source == "mal"]
        if key.source == "wa" and on_mal and chance.random() < 0.85:
            return chance.choice(on_mal)
        return chance.choice(group[:index])

    def _first_elsewhere(self, mal_id: int | None, chance: random.Random) -> PosterKey | None:
        """Return the first poster of an anime with a lower id, for the few anime that share a poster; else None."""
        if mal_id is None or chance.random() >= _ACROSS:
            return None
        ids = self.catalog.mal_ids
        index = bisect_left(ids, mal_id)
        # Sequels have close ids: mostly one of the forty anime before it.
        others = ids[max(index - 40, 0) : index] if chance.random() < 0.7 else ids[:index]
        for other in chance.sample(others, min(len(others), 5)):
            posters = self.catalog.posters_of(other)
            if posters:
                return posters[0]
        return None

    def _original(self, key: PosterKey, chance: random.Random) -> PosterRecipe:
        size, heavy = _own_size(key, chance)
        return PosterRecipe(
            key=key,
            root=key,
            parent=None,
            link=(),
            art_seed=seed_of("art", self.catalog.seed, *key),
            art_size=size,
            edits=(),
            size=size,
            quality=96 if heavy else chance.choice((75, 80, 85, 88, 90, 90, 92, 95)),
            grain=chance.uniform(9, 14) if heavy else 0.0,
            orientation=_orientation(chance),
            style=self.catalog.style,
        )


def _own_size(key: PosterKey, chance: random.Random) -> tuple[Size, bool]:
    """Return width and height in px, and whether the picture is one of the heavy ones."""
    row = chance.choices(range(len(_WIDTHS)), [share for share, _, _ in _WIDTHS])[0]
    _, least, most = _WIDTHS[row]
    width = chance.randint(least, most)
    heavy = row == len(_WIDTHS) - 1
    if key.source == "wa" and 225 <= width < 420 and chance.random() < 0.7:
        width = chance.randint(420, 720)
    height = round(width * chance.choice((1.333, 1.4, 1.412, 1.415, 1.42, 1.43, 1.45, 1.5, 1.55)))
    if width <= 206:
        height = min(height, 297)
    elif chance.random() < 0.03:
        width, height = height, width  # a wide picture
    return (width, height), heavy


def _orientation(chance: random.Random) -> int:
    return chance.choice((6, 8)) if chance.random() < _LAID_ON_ITS_SIDE else 1


def _copy(key: PosterKey, parent: PosterRecipe, chance: random.Random) -> PosterRecipe:
    link = _link(key, parent, chance)
    edits = tuple(_edit(kind, chance) for kind in link if kind not in ("rescaled", "recompressed"))
    recompressed = "recompressed" in link
    return PosterRecipe(
        key=key,
        root=parent.root,
        parent=parent.key,
        link=link,
        art_seed=parent.art_seed,
        art_size=parent.art_size,
        edits=parent.edits + edits,
        size=_copied_size(key, parent, link, edits, chance),
        quality=chance.randint(45, 68) if recompressed else chance.choice((75, 80, 85, 88, 90, 92)),
        grain=0.0,
        orientation=_orientation(chance),
        style=parent.style,
    )


def _link(key: PosterKey, parent: PosterRecipe, chance: random.Random) -> tuple[Kind, ...]:
    kind = chance.choices(tuple(_KINDS), tuple(_KINDS.values()))[0]
    across_sites = key.source == "wa" and parent.key.source == "mal"
    return (kind, "rescaled") if across_sites and kind != "rescaled" and chance.random() < 0.75 else (kind,)


def _edit(kind: Kind, chance: random.Random) -> Edit:
    seed = chance.getrandbits(48)
    if kind != "cropped":
        return Edit(kind, seed)
    x0, y0, x1, y1 = (chance.uniform(0.0, 0.09) if chance.random() < 0.6 else 0.0 for _ in range(4))
    return Edit(kind, seed, RelativeBox(x0 or 0.03, y0, 1 - x1, 1 - y1))


def _copied_size(
    key: PosterKey, parent: PosterRecipe, link: tuple[Kind, ...], edits: tuple[Edit, ...], chance: random.Random
) -> Size:
    width, height = parent.size
    for edit in edits:
        width = round(width * (edit.window.x1 - edit.window.x0))
        height = round(height * (edit.window.y1 - edit.window.y0))
    if "rescaled" not in link:
        return width, height
    larger = chance.random() < (0.93 if key.source == "wa" and parent.key.source == "mal" else 0.4)
    drawn = chance.uniform(1.15, 2.2 if width < 400 else 1.6) if larger else chance.uniform(0.5, 0.9)
    scale = min(max(drawn, _LEAST_SIDE / min(width, height)), max(_MOST_SIDE / max(width, height), 1.0))
    return round(width * scale), round(height * scale)
