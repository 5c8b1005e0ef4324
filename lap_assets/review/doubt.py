"""How often people keep apart what looks alike: another edition of a poster lies as near as a copy.

Replica worlds hold no editions, so weights fitted to them promise too much where editions gather. What is known of that
is the cleaning log of the original dataset (2023): of the pairs of one anime at an aHash distance, how many its author
kept apart. On MyAnimeList 0 of 86 at 3, 11 of 102 at 4, 9 of 96 at 5, 23 of 99 at 6; on World Art none up to 6, 13 of
452 at 7 to 9, 10 of 158 at 10, 14 of 164 at 11. At other distances nothing is known, and nothing is doubted: farther
off, hashes and vectors have to say by themselves that two posters show one picture. An edition has other lettering, and
that moves dHash, which sees edges: so the doubt grows with it, and its mean is the log's.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.review.features import Floats, PairFeatures, Rows

_STEEP: Final = 0.004
"""Doubt for each bit of dHash, squared."""
_LEAST: Final = 0.005
_MOST: Final = (
    ("both_mal", 0, 0.05),
    ("both_mal", 4, 0.3),
    ("both_mal", 7, _LEAST),
    ("both_wa", 7, 0.06),
    ("both_wa", 10, 0.1),
    ("both_wa", 12, _LEAST),
)
"""The most that pairs of a site are doubted, from an aHash distance on; all others only `_LEAST`. World Art's log goes
on to 14, where the weights are less sure than its author was."""
_SURE_BITS: Final = 2
"""Up to this dHash distance nothing is doubted that a person accepts with others."""

_KINDS: Final = 12
NO_ANSWERS: Final = (1.0,) * _KINDS
_NEARLY_SURE: Final = 0.9
_SEEN: Final = 20
"""What is shipped weighs as much as so many nearly sure pairs of each kind that a home's own people decided."""


def doubts(features: PairFeatures) -> Floats:
    """The share of pairs like each that people keep apart though they look alike, shape (n,), 0 to 1."""
    most = np.full(len(features.numbers), _LEAST)
    for site, nearest, highest in _MOST:
        most[(features.column(site) > 0) & (features.bits("ahash") >= nearest)] = highest
    return np.clip(_STEEP * features.bits("dhash") ** 2.0, _LEAST, most)


def kinds_of(features: PairFeatures) -> Rows:
    """What a home's doubt is learned apart for, shape (n,), 0 to 11: site, one anime or two, and near or far edges."""
    site = np.where(features.column("both_mal") > 0, 0, np.where(features.column("both_wa") > 0, 1, 2))
    found: Rows = site + 3 * features.other_anime + 6 * (features.bits("dhash") > _SURE_BITS)
    return found


def doubt_after(alikeness: Floats, is_true: NDArray[np.bool_], features: PairFeatures) -> tuple[float, ...]:
    """How many times the shipped doubt a home's own answers come to, by kind.

    Weights cannot learn it: near 1 an answer moves a weight little.

    Args:
        alikeness: of each decided pair, without any doubt, shape (n,).
        is_true: whether people called it a duplicate, shape (n,).
        features: of the same pairs.
    """
    sure = alikeness >= _NEARLY_SURE
    kinds = kinds_of(features)[sure]
    seen, denied, expected = (
        np.bincount(kinds, weights, minlength=_KINDS) for weights in (None, ~is_true[sure], doubts(features)[sure])
    )
    shares = np.divide(expected, seen, out=np.ones(_KINDS), where=seen > 0)
    return tuple(float(one) for one in (denied / shares + _SEEN) / (seen + _SEEN))
