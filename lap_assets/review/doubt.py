"""Doubt: how often people keep similar posters apart, because editions of a poster are as similar as copies.

The replica has no editions, so weights fitted to it are too confident at the distances of editions. The source for
those distances is the cleaning log of the original dataset (2023): of the pairs of one anime at an aHash distance, how
many its author kept apart. On MyAnimeList 0 of 86 at 3, 11 of 102 at 4, 9 of 96 at 5, 23 of 99 at 6; on World Art none
up to 6, 13 of 452 at 7 to 9, 10 of 158 at 10, 14 of 164 at 11. At other distances there is no data and no doubt is
added: at larger distances, hashes and vectors alone must show that two posters are one picture. Editions differ in
lettering, which changes dHash (it is sensitive to edges): so the doubt grows with dHash, and its mean matches the log.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.review.features import Floats, PairFeatures, Rows

_STEEP: Final = 0.004
"""Doubt per squared bit of dHash distance."""
_LEAST: Final = 0.005
_MOST: Final = (
    ("both_mal", 0, 0.05),
    ("both_mal", 4, 0.3),
    ("both_mal", 7, _LEAST),
    ("both_wa", 7, 0.06),
    ("both_wa", 10, 0.1),
    ("both_wa", 12, _LEAST),
)
"""The highest doubt for pairs of a site, from an aHash distance on; `_LEAST` for all other pairs. World Art's log
continues to 14, where the weights are already less sure than its author was."""
_SURE_BITS: Final = 2
"""Pairs up to this dHash distance count as having near edges (`kinds_of`)."""

_KINDS: Final = 12
NO_ANSWERS: Final = (1.0,) * _KINDS
_NEARLY_SURE: Final = 0.9
_SEEN: Final = 20
"""The shipped doubt counts as much as this many nearly sure pairs of each kind decided by a home's own people."""


def doubts(features: PairFeatures) -> Floats:
    """Return, for each pair, how often people keep such similar posters apart: shape (n,), 0 to 1."""
    most = np.full(len(features.numbers), _LEAST)
    for site, nearest, highest in _MOST:
        most[(features.column(site) > 0) & (features.bits("ahash") >= nearest)] = highest
    return np.clip(_STEEP * features.bits("dhash") ** 2.0, _LEAST, most)


def kinds_of(features: PairFeatures) -> Rows:
    """Return each pair's kind for learning doubt, shape (n,), 0 to 11: site, one or two anime, near or far edges."""
    site = np.where(features.column("both_mal") > 0, 0, np.where(features.column("both_wa") > 0, 1, 2))
    found: Rows = site + 3 * features.other_anime + 6 * (features.bits("dhash") > _SURE_BITS)
    return found


def doubt_after(alikeness: Floats, is_true: NDArray[np.bool_], features: PairFeatures) -> tuple[float, ...]:
    """Return the factor on the shipped doubt that a home's own answers imply, by kind.

    The weights cannot learn it: near probability 1, an answer barely moves a weight.

    Args:
        alikeness: each decided pair's probability without doubt, shape (n,).
        is_true: whether people called the pair a duplicate, shape (n,).
        features: the features of the same pairs.
    """
    sure = alikeness >= _NEARLY_SURE
    kinds = kinds_of(features)[sure]
    seen, denied, expected = (
        np.bincount(kinds, weights, minlength=_KINDS) for weights in (None, ~is_true[sure], doubts(features)[sure])
    )
    shares = np.divide(expected, seen, out=np.ones(_KINDS), where=seen > 0)
    return tuple(float(one) for one in (denied / shares + _SEEN) / (seen + _SEEN))
