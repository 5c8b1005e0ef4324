"""Catalog of the two sites: anime with their pictures, animations with their posters. Plain frozen values.

The catalog's types and look-ups belong here. `procedural` (from a seed) and `lists` (from the original's lists) create
it; `plan` decides how a poster looks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lap_assets.core.errors import InputError
from lap_assets.core.names import PosterName


class PosterKey(NamedTuple):
    """Key of a poster: its site and its two numbers there (n1 and n2 on MAL; World Art id and image number)."""

    source: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Anime:
    """One anime on MAL; `pictures`: (n1, n2) in the order of its pictures page."""

    mal_id: int
    slug: str
    title: str
    rx: bool
    pictures: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class WaAnimation:
    """One animation on World Art; `title` has the form of the original's list: "русское [English]"."""

    wa_id: int
    mal_id: int | None
    title: str
    work_type: str
    genre: str
    release: str
    score: float | None
    top_place: int | None
    posters: tuple[int, ...]


@dataclass(frozen=True)
class Catalog:
    """Both sites. `seed` and `style` decide how posters look; `previous`: the catalog of the previous month, if any.

    Raises:
        InputError: an id or a picture occurs twice.
    """

    seed: int
    anime: tuple[Anime, ...]
    animations: tuple[WaAnimation, ...]
    previous: "Catalog | None" = None
    style: str = "standard"

    def __post_init__(self) -> None:
        _once((anime.mal_id for anime in self.anime), "MAL id")
        _once((animation.wa_id for animation in self.animations), "World Art id")
        _once((picture for anime in self.anime for picture in anime.pictures), "MAL picture")
        for animation in self.animations:
            _once(animation.posters, f"World Art id {animation.wa_id}: image number")

    @cached_property
    def anime_by_id(self) -> dict[int, Anime]:
        """Anime by MAL id."""
        return {anime.mal_id: anime for anime in self.anime}

    @cached_property
    def animation_by_id(self) -> dict[int, WaAnimation]:
        """Animations by World Art id."""
        return {animation.wa_id: animation for animation in self.animations}

    @cached_property
    def animations_of(self) -> dict[int, tuple[WaAnimation, ...]]:
        """Animations by the MAL id they link to, in the catalog's order."""
        found: defaultdict[int, list[WaAnimation]] = defaultdict(list)
        for animation in self.animations:
            if animation.mal_id is not None:
                found[animation.mal_id].append(animation)
        return {mal_id: tuple(animations) for mal_id, animations in found.items()}

    @cached_property
    def anime_of_picture(self) -> dict[tuple[int, int], int]:
        """MAL ids by picture (n1, n2)."""
        return {picture: anime.mal_id for anime in self.anime for picture in anime.pictures}

    @cached_property
    def listing(self) -> tuple[Anime, ...]:
        """All anime by descending id, as MAL lists them."""
        return tuple(sorted(self.anime, key=lambda anime: -anime.mal_id))

    @cached_property
    def rx_listing(self) -> tuple[Anime, ...]:
        """The Rx ones among `listing`."""
        return tuple(anime for anime in self.listing if anime.rx)

    @cached_property
    def mal_ids(self) -> tuple[int, ...]:
        """All MAL ids with a page on MAL or a link on World Art, ascending."""
        return tuple(sorted(self.anime_by_id.keys() | self.animations_of.keys()))

    @cached_property
    def latest_animations(self) -> tuple[WaAnimation, ...]:
        """All animations, the most recently added or changed first."""
        if self.previous is None:
            return tuple(sorted(self.animations, key=lambda animation: -animation.wa_id))
        known = self.previous.animation_by_id
        changed = [one for one in self.animations if known.get(one.wa_id) != one]
        others = (self.animation_by_id.get(one.wa_id) for one in self.previous.latest_animations)
        touched = {one.wa_id for one in changed}
        rest = tuple(one for one in others if one is not None and one.wa_id not in touched)
        return (*sorted(changed, key=lambda one: -one.wa_id), *rest)

    def posters_of(self, mal_id: int) -> tuple[PosterKey, ...]:
        """Return the posters of one anime: MAL's first, then World Art's."""
        anime = self.anime_by_id.get(mal_id)
        mal = tuple(PosterKey("mal", n1, n2) for n1, n2 in anime.pictures) if anime else ()
        return mal + tuple(key for animation in self.animations_of.get(mal_id, ()) for key in wa_keys(animation))

    def mal_id_of(self, key: PosterKey) -> int | None:
        """Return the anime that the poster belongs to; None for a World Art poster without a MAL link.

        Raises:
            KeyError: the catalog has no such poster.
        """
        if key.source == "mal":
            return self.anime_of_picture[key.first, key.second]
        animation = self.animation_by_id[key.first]
        if key.second not in animation.posters:
            raise KeyError(key)
        return animation.mal_id

    def has(self, key: PosterKey) -> bool:
        """Return whether the catalog has the poster."""
        try:
            self.mal_id_of(key)
        except KeyError:
            return False
        return True

    def wanted(self) -> Iterator[tuple[PosterName, PosterKey]]:
        """Yield the posters that a scrape should collect: those with a MAL id that is not Rx, by MAL id."""
        for mal_id in self.mal_ids:
            anime = self.anime_by_id.get(mal_id)
            if anime is None or not anime.rx:
                for key in self.posters_of(mal_id):
                    yield PosterName(mal_id, *key), key


def wa_keys(animation: WaAnimation) -> tuple[PosterKey, ...]:
    """Return the keys of one animation's posters."""
    return tuple(PosterKey("wa", animation.wa_id, number) for number in animation.posters)


def _once(values: Iterable[object], what: str) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise InputError(f"{what} {value} occurs twice in the catalog")
        seen.add(value)
