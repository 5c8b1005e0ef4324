from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of
from lap_assets.replica.catalog import Anime, Catalog
from lap_assets.replica.procedural import procedural_catalog
from tests.profiles import examples

SEEDS = st.integers(0, 2**31)


@examples(40)
@given(st.integers(0, 300), SEEDS)
def test_the_same_size_and_seed_give_the_same_catalog_of_that_size(size: int, seed: int) -> None:
    catalog = procedural_catalog(size, seed)

    assert len(catalog.anime) == size
    assert catalog == procedural_catalog(size, seed)
    assert all(0 <= len(anime.pictures) <= 21 for anime in catalog.anime)
    numbers = [n2 for anime in catalog.anime for _, n2 in anime.pictures]
    assert len(set(numbers)) == len(numbers)  # n2 counts all uploads
    assert all(1 <= n1 <= 13 or 1000 <= n1 <= 1999 for anime in catalog.anime for n1, _ in anime.pictures)


@examples(25)
@given(st.integers(30, 300), SEEDS)
def test_every_case_of_the_real_sites_occurs(size: int, seed: int) -> None:
    catalog = procedural_catalog(size, seed)

    per_subfolder = Counter(subfolder_of(anime.mal_id) for anime in catalog.anime)
    assert all(per_subfolder[key] >= 3 for key in SUBFOLDERS)
    assert any(not anime.pictures for anime in catalog.anime)
    assert any(animation.mal_id is None for animation in catalog.animations)
    assert any(len(animations) > 1 for animations in catalog.animations_of.values())
    assert any(anime.rx and anime.mal_id in catalog.animations_of for anime in catalog.anime)
    ids = sorted(catalog.animation_by_id)
    assert ids[0] == 1
    assert ids[-1] > len(ids)  # gaps
    assert all(animation.mal_id in (None, *catalog.anime_by_id) for animation in catalog.animations)


def test_shares_are_like_the_real_ones() -> None:
    catalog = procedural_catalog(4000, 2)
    pictures = sum(len(anime.pictures) for anime in catalog.anime) / len(catalog.anime)
    posters = sum(len(animation.posters) for animation in catalog.animations) / len(catalog.anime)
    linked = len(catalog.animations_of) / len(catalog.anime)

    assert 1.7 < pictures < 2.4
    assert 0.75 < posters < 1.3
    assert 0.35 < linked < 0.45
    assert 0.05 < sum(anime.rx for anime in catalog.anime) / len(catalog.anime) < 0.07


def test_rx_anime_and_unlinked_animations_are_not_wanted() -> None:
    catalog = procedural_catalog(60, 3)
    rx = {anime.mal_id for anime in catalog.rx_listing}
    posters = list(catalog.wanted())

    assert rx
    assert not rx & {name.mal_id for name, _ in posters}
    assert all(catalog.mal_id_of(key) == name.mal_id for name, key in posters)
    assert len({name for name, _ in posters}) == len(posters)


@pytest.mark.parametrize(("size", "share"), [(-1, 0.1), (5, 1.5), (5, -0.1)])
def test_impossible_sizes_and_shares_are_refused(size: int, share: float) -> None:
    with pytest.raises(ValueError, match=r"anime = -1|rx_share"):
        procedural_catalog(size, 0, share)


def test_a_picture_cannot_occur_twice() -> None:
    one, other = (Anime(mal_id, "x", "x", False, ((1, 2),)) for mal_id in (1, 2))
    with pytest.raises(ValueError, match=r"MAL picture \(1, 2\)"):
        Catalog(0, (one, other), ())
