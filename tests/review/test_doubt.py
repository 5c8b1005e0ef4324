"""Similar posters that people keep apart: as in the original's cleaning log, until a home's people answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from lap_assets.review.doubt import NO_ANSWERS, doubt_after, doubts
from lap_assets.review.features import BY_HASH, BY_VECTOR, PairFeatures

EDGES = {
    3: (0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 6, 7, 7, 14),
    4: (0, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 4, 4, 5, 6, 9, 11, 11, 11, 12, 16),
    5: (0, 1, 1, 4, 5, 6, 6, 10, 13),
    6: (1, 3, 4, 5, 5, 5, 5, 6, 7, 8, 10, 11, 12, 13, 14, 39),
}
"""dHash distances of copies of one site by aHash distance (6: and more), from eight replicas."""


def features(site: str, ahash: int, dhash: tuple[int, ...], *, other_anime: bool = False) -> PairFeatures:
    numbers = np.zeros((len(dhash), len(BY_HASH) + len(BY_VECTOR)))
    numbers[:, BY_HASH.index("ahash")] = ahash / 8
    numbers[:, BY_HASH.index("dhash")] = np.array(dhash) / 8
    if site:
        numbers[:, BY_HASH.index(site)] = 1
    return PairFeatures(numbers, np.full(len(dhash), other_anime), np.ones(len(dhash)))


@pytest.mark.parametrize(
    ("site", "ahash", "pairs", "apart"),
    [
        ("both_mal", 3, 86, 0),
        ("both_mal", 4, 102, 11),
        ("both_mal", 5, 96, 9),
        ("both_mal", 6, 99, 23),
        ("both_wa", 5, 6634, 0),
        ("both_wa", 7, 151, 5),
        ("both_wa", 8, 155, 3),
        ("both_wa", 9, 146, 5),
        ("both_wa", 10, 158, 10),
        ("both_wa", 11, 164, 14),
    ],
)
def test_the_doubt_matches_the_log(site: str, ahash: int, pairs: int, apart: int) -> None:
    low = beta.ppf(0.025, apart, pairs - apart + 1) if apart else 0.0
    high = beta.ppf(0.975, apart + 1, pairs - apart)
    mean = float(doubts(features(site, ahash, EDGES[min(ahash, 6)])).mean())
    assert low <= mean <= max(high, 0.005 + 1e-9)


@given(st.sampled_from(["both_mal", "both_wa", ""]), st.integers(0, 64), st.integers(0, 64), st.booleans())
def test_doubt_grows_with_dhash_and_is_small_without_data(site: str, ahash: int, dhash: int, other_anime: bool) -> None:
    near, far = doubts(features(site, ahash, (dhash, dhash + 1), other_anime=other_anime))
    assert 0.005 <= near <= far <= 0.3
    if not site or ahash > 11:
        assert far == 0.005


@given(st.integers(0, 200), st.integers(0, 30))
def test_answers_move_the_doubt_towards_them(agreed: int, denied: int) -> None:
    dhash = (9,) * (agreed + denied)
    truth = np.arange(agreed + denied) < agreed
    pairs = features("both_mal", 5, dhash)
    shipped = 0.3
    after = doubt_after(np.full(len(dhash), 0.99), truth, pairs)
    moved = shipped * max(after, key=lambda one: abs(one - 1))
    seen = denied / max(1, agreed + denied)
    assert min(seen, shipped) - 1e-9 <= moved <= max(seen, shipped) + 1e-9


def test_without_nearly_sure_pairs_nothing_is_learned() -> None:
    pairs = features("both_mal", 5, (9, 9))
    assert doubt_after(np.array([0.5, 0.2]), np.array([True, False]), pairs) == NO_ANSWERS
