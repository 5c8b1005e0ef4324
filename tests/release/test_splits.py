"""Splits: whole groups, approximately the requested shares, and released images never move."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.names import PosterName
from lap_assets.labels.annotations import SPLITS, Split
from lap_assets.release import splits
from lap_assets.setting_texts import parse_shares

SHARES = parse_shares("50/25/25")
posters = st.builds(lambda anime, number: str(PosterName.mal(anime, 1, number)), st.integers(1, 12), st.integers(1, 3))
catalogs = st.lists(posters, unique=True, max_size=20)
pairs = st.lists(st.tuples(posters, posters), max_size=4)


def anime(name: str) -> int:
    return PosterName.parse(name).mal_id


def groups(names: list[str], copies: list[tuple[str, str]]) -> dict[int, int]:
    return splits.groups(map(anime, names), [(anime(one), anime(other)) for one, other in copies])


def assign(
    names: list[str], group_of: dict[int, int], released: dict[str, Split], shares: Mapping[Split, float]
) -> dict[str, Split]:
    known = {name: (anime(name), split) for name, split in released.items()}
    return splits.assign({name: anime(name) for name in names}, group_of, known, shares)


def straddling(found: dict[str, Split], group_of: dict[int, int]) -> int:
    return splits.straddling(((anime(name), split) for name, split in found.items()), group_of)


@given(catalogs, pairs)
def test_a_group_is_in_one_split_whatever_the_order(names: list[str], copies: list[tuple[str, str]]) -> None:
    group_of = groups(names, copies)
    found = assign(names, group_of, {}, SHARES)
    assert straddling(found, group_of) == 0
    assert set(found) == set(names)
    backwards = groups(names[::-1], [pair[::-1] for pair in copies[::-1]])
    assert backwards == group_of
    assert assign(names[::-1], backwards, {}, SHARES) == found
    for one, other in copies:
        assert group_of[anime(one)] == group_of[anime(other)] == min(
            member for member, group in group_of.items() if group == group_of[anime(one)]
        )  # fmt: skip


@given(catalogs, pairs, catalogs, pairs)
def test_released_images_keep_their_split(
    first: list[str], copies: list[tuple[str, str]], more: list[str], new_copies: list[tuple[str, str]]
) -> None:
    old = assign(first, groups(first, copies), {}, SHARES)
    names = list(dict.fromkeys([*first, *more]))
    group_of = groups(names, [*copies, *new_copies])
    after = assign(names, group_of, old, SHARES)
    assert {name: after[name] for name in first} == old
    released = {split: {group_of[anime(name)] for name in first if old[name] == split} for split in SPLITS}
    torn = {group for group in group_of.values() if sum(group in held for held in released.values()) > 1}
    assert straddling(after, group_of) == len(torn)


def test_new_posters_follow_their_anime_and_their_group() -> None:
    one, other, new = ("MAL00001_0001_000001.jpg", "MAL00002_0001_000001.jpg", "MAL00002_0001_000002.jpg")
    third = "MAL00003_0001_000001.jpg"
    old: dict[str, Split] = {one: "train", other: "test"}
    joined = groups([one, other, new, third], [(one, other), (third, one)])
    after = assign([one, other, new, third], joined, old, SHARES)
    assert after == {one: "train", other: "test", new: "test", third: "train"}
    assert straddling(after, joined) == 1


def test_shares_are_approximately_the_requested_ones() -> None:
    names = [str(PosterName.mal(number, 1, 1)) for number in range(1, 3001)]
    counts = Counter(assign(names, groups(names, []), {}, parse_shares("80/10/10")).values())
    assert counts["train"] == pytest.approx(2400, abs=100)
    assert counts["val"] == pytest.approx(300, abs=60)
    assert set(assign(names, groups(names, []), {}, parse_shares("100/0/0")).values()) == {"train"}


@pytest.mark.parametrize("text", ["80/10", "80/10/20", "a/b/c", "-10/60/50", "33.3/33.3/33.4"])
def test_invalid_shares_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 80/10/10"):
        parse_shares(text)
