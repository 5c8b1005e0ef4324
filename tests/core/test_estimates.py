"""Estimates of what is left, and bounds from samples."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.estimates import bound_on_rate, probably_left


@given(st.lists(st.floats(0, 1), max_size=200), st.floats(0, 1))
def test_the_interval_contains_the_expectation_and_stays_within_the_pairs(
    probabilities: list[float], spread: float
) -> None:
    left = probably_left(probabilities, spread)
    assert left.pairs == len(probabilities)
    assert 0 <= left.low <= left.expected + 1
    assert left.expected <= left.high + 1
    assert left.high <= left.pairs


def test_without_pairs_nothing_is_left() -> None:
    left = probably_left([])
    assert (left.pairs, left.expected, left.low, left.high) == (0, 0, 0, 0)
    assert left.missed(found=7) == (0, 0, 0)


def test_the_interval_covers_nine_of_ten_if_only_chance_decides() -> None:
    chance = random.Random(4)
    covered = 0
    for _ in range(400):
        probabilities = [chance.random() ** 4 for _ in range(300)]
        left = probably_left(probabilities, spread=0.0)
        true = sum(chance.random() < one for one in probabilities)
        covered += left.low <= true <= left.high
    assert 0.88 <= covered / 400 <= 0.98


def test_a_wider_spread_makes_a_wider_interval() -> None:
    narrow, wide = (probably_left([0.1] * 500, spread) for spread in (0.0, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    ("hits", "sample", "bound"), [(0, 59, 0.0495), (0, 299, 0.00997), (1, 100, 0.0466), (3, 3, 1.0)]
)
def test_the_bound_is_that_of_clopper_and_pearson(hits: int, sample: int, bound: float) -> None:
    assert bound_on_rate(hits, sample) == pytest.approx(bound, rel=0.01)


def test_an_empty_sample_bounds_nothing_and_more_hits_than_pairs_are_refused() -> None:
    assert bound_on_rate(0, 0) == 1.0
    with pytest.raises(ValueError, match="4 hits in a sample of 3"):
        bound_on_rate(4, 3)


def test_a_large_sample_is_no_problem() -> None:
    assert bound_on_rate(12, 5000) == pytest.approx(0.00387, rel=0.02)
