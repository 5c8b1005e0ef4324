"""What a training is measured on: whole anime that it does not learn from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import InputError
from lap_assets.training.examples import IGNORED, WANTED, Example
from lap_assets.training.held_out import SHARE, group_of, parted


def example(name: str, *roles: float) -> Example:
    """An example with a box for each role."""
    return Example(name, b"", np.array([(role, 0, 0, 9, 9) for role in roles], np.float32).reshape(-1, 5))


POSTERS = st.builds("0/MAL{:05d}_0001_{:06d}.jpg".format, st.integers(1, 12), st.integers(0, 99))
FRAMES = st.builds("{}/frame {}.png".format, st.sampled_from(["a", "b", "c/d", "c"]), st.integers(0, 99))
PLAIN = st.builds("{}.png".format, st.integers(0, 99))


@given(st.lists(st.one_of(POSTERS, FRAMES, PLAIN), unique=True), st.data(), st.integers(0, 5))
def test_no_anime_is_on_both_sides_and_both_have_boxes(names: list[str], data: st.DataObject, seed: int) -> None:
    roles = st.lists(st.sampled_from([WANTED, IGNORED]), max_size=2)
    examples = [example(name, *data.draw(roles)) for name in names]
    try:
        parts = parted(examples, seed)
    except InputError:
        assert len({group_of(one.name) for one in examples if one.wanted}) < 2
        return
    assert sorted(one.name for one in (*parts.learned, *parts.held_out)) == sorted(names)
    assert sum(one.wanted for one in parts.learned)
    assert sum(one.wanted for one in parts.held_out)
    one_folder = len({group_of(name) for name in names}) == 1
    if not one_folder:
        assert not {group_of(one.name) for one in parts.learned} & {group_of(one.name) for one in parts.held_out}
    assert parted(examples[::-1], seed) == parts


def test_a_fifth_is_held_out_where_anime_are_small() -> None:
    parts = parted([example(f"0/MAL{n:05d}_0001_000001.jpg", WANTED) for n in range(1, 101)], seed=1)
    assert len(parts.held_out) == SHARE * 100


def test_posters_of_one_anime_lie_in_one_group_wherever_they_lie() -> None:
    assert (
        group_of("0/MAL00005_1018_120197.jpg")
        == group_of("x/MAL00005_WA00262_164.jpg")
        != group_of("0/MAL00006_0008_019968.jpg")
    )


def test_images_of_one_folder_are_a_group_each() -> None:
    parts = parted([example(f"frames/{n}.png", WANTED) for n in range(10)], seed=1)
    assert len(parts.held_out) == 2


def test_one_anime_alone_cannot_be_learned_from() -> None:
    with pytest.raises(InputError, match="all of MAL5: a training needs images of two anime or more"):
        parted([example(f"0/MAL00005_0001_{n:06d}.jpg", WANTED) for n in range(9)], seed=1)
