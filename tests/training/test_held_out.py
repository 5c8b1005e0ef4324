"""Images that a training is measured on: whole anime that it does not learn from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import InputError
from lap_assets.training.examples import IGNORED, WANTED, Example
from lap_assets.training.held_out import SHARE, group_of, parted


def example(name: str, *roles: float) -> Example:
    """Return an example with one box per role."""
    return Example(name, b"", np.array([(role, 0, 0, 9, 9) for role in roles], np.float32).reshape(-1, 5))


POSTERS = st.builds("0/MAL{:05d}_0001_{:06d}.jpg".format, st.integers(1, 12), st.integers(0, 99))
FRAMES = st.builds("{}/frame {}.png".format, st.sampled_from(["a", "b", "c/d", "c"]), st.integers(0, 99))
PLAIN = st.builds("{}.png".format, st.integers(0, 99))


@given(st.lists(st.one_of(POSTERS, FRAMES, PLAIN), unique=True), st.data())
def test_no_anime_is_in_two_parts_and_each_has_boxes(names: list[str], data: st.DataObject) -> None:
    roles = st.lists(st.sampled_from([WANTED, IGNORED]), max_size=2)
    examples = [example(name, *data.draw(roles)) for name in names]
    one_folder = len({group_of(name) for name in names}) == 1 and not group_of(names[0]).startswith("MAL")
    with_boxes = {one.name if one_folder else group_of(one.name) for one in examples if one.box_count}
    if len(with_boxes) < 2:
        with pytest.raises(InputError, match="training needs labeled images of at least two anime"):
            parted(examples)
        return
    parts = parted(examples)
    every = (parts.learned, parts.choosing, parts.judging)
    assert sorted(one.name for part in every for one in part) == sorted(names)
    assert [sum(one.box_count for one in part) > 0 for part in every] == [True, True, len(with_boxes) > 2]
    assert bool(parts.judging) is (len(with_boxes) > 2)
    if not one_folder:
        groups = [{group_of(one.name) for one in part} for part in every]
        assert sum(map(len, groups)) == len(set().union(*groups))
    assert parted(examples[::-1]) == parts


@given(st.sets(st.integers(1, 400), min_size=40, max_size=80), st.sets(st.integers(1, 400), max_size=200))
def test_judging_images_never_taught_however_many_come_later(first: set[int], later: set[int]) -> None:
    before, after = (
        parted([example(f"0/MAL{n:05d}_0001_000001.jpg", WANTED) for n in sorted(ids)])
        for ids in (first, first | later)
    )
    assert {one.name for one in before.learned} <= {one.name for one in after.learned}
    assert {one.name for one in before.judging} <= {one.name for one in after.judging}


def test_a_share_of_many_anime_does_not_teach() -> None:
    parts = parted([example(f"0/MAL{n:05d}_0001_000001.jpg", WANTED) for n in range(1, 2001)])
    for part in (parts.choosing, parts.judging):
        assert abs(len(part) - SHARE * 2000) < 4 * (2000 * SHARE * (1 - SHARE)) ** 0.5


def test_posters_of_one_anime_are_in_one_group_in_any_folder() -> None:
    assert (
        group_of("0/MAL00005_1018_120197.jpg")
        == group_of("x/MAL00005_WA00262_164.jpg")
        != group_of("0/MAL00006_0008_019968.jpg")
    )


def test_images_in_one_folder_are_separate_groups() -> None:
    parts = parted([example(f"frames/{n}.png", WANTED) for n in range(10)])
    assert min(len(parts.learned), len(parts.choosing), len(parts.judging)) > 0


def test_one_anime_alone_cannot_be_learned_from() -> None:
    with pytest.raises(InputError, match="all boxes are of MAL5: training needs labeled images of at least two anime"):
        parted([example(f"0/MAL00005_0001_{n:06d}.jpg", WANTED) for n in range(9)])
