"""Estimates of what is left to find, and bounds from samples: arithmetic on probabilities and counts.

They help people decide when to stop. The probabilities come from `lap_assets.review`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, log1p, sqrt
from typing import Final

SURE: Final = 0.98
"""Pairs of at least this probability may be accepted as duplicates after checking a sample."""
SPREAD: Final = 0.35
"""Relative standard deviation, between homes, of the number of true pairs from the predicted number. On replica worlds
outside the training data chance alone explained the difference; real homes differ more."""
_Z: Final = 1.645
"""Half the width of a 90 % interval, in standard deviations."""
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ProbablyLeft:
    """The number of duplicates among `pairs` undecided pairs: expected value and 90 % interval."""

    pairs: int
    expected: float
    low: int
    high: int

    def missed(self, found: int) -> tuple[float, float, float]:
        """Return the share of all duplicates missed by stopping now: expected value, low end, high end."""
        expected, low, high = (left / (found + left) if left else 0.0 for left in (self.expected, self.low, self.high))
        return expected, low, high


@dataclass(slots=True)
class Tally:
    """Running sums over the probabilities of undecided pairs."""

    sure: int = 0
    doubtful: int = 0
    wrong: float = 0.0
    promised: float = 0.0
    chance: float = 0.0

    def count(self, probability: float, sign: int = 1) -> None:
        """Add a pair (`sign` 1) or remove it (-1)."""
        if probability >= SURE:
            self.sure += sign
            self.wrong += sign * (1 - probability)
        else:
            self.doubtful += sign
            self.promised += sign * probability
            self.chance += sign * probability * (1 - probability)

    def left(self, spread: float = SPREAD) -> ProbablyLeft:
        """Estimate the number of duplicates among these pairs.

        The number among the doubtful pairs (p < `SURE`) is modeled as a gamma distribution. Its variance is that of
        chance plus the square of `spread` times the expected number. Of the sure pairs, as many are wrong as their
        probabilities allow. Quantiles are approximated as by Wilson and Hilferty (1931).
        """
        low, high = _gamma_interval(self.promised, self.chance + (spread * self.promised) ** 2)
        fewer = min(self.sure, ceil(_gamma_interval(self.wrong, self.wrong)[1]))
        return ProbablyLeft(
            self.sure + self.doubtful,
            max(0.0, self.sure - self.wrong + self.promised),
            self.sure - fewer + min(self.doubtful, floor(low)),
            self.sure + min(self.doubtful, ceil(high)),
        )


def probably_left(probabilities: Iterable[float], spread: float = SPREAD) -> ProbablyLeft:
    """Estimate the number of duplicates among pairs with these probabilities."""
    tally = Tally()
    for one in probabilities:
        tally.count(one)
    return tally.left(spread)


def bound_on_rate(hits: int, sample: int, confidence: float = 0.95) -> float:
    """Return an upper bound on a rate, at this confidence, given `hits` in a random sample.

    The upper end of Clopper and Pearson's one-sided interval (1934); 1 for an empty sample.

    Raises:
        ValueError: `hits` is outside 0 to `sample`.
    """
    if not 0 <= hits <= sample:
        raise ValueError(f"{hits} hits in a sample of {sample}")
    if hits == sample:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        at_most = sum(exp(_log_of(k, sample, rate)) for k in range(hits + 1))
        low, high = (rate, high) if at_most > 1 - confidence else (low, rate)
    return high


def _log_of(hits: int, sample: int, rate: float) -> float:
    """Return the logarithm of the binomial probability of exactly `hits` hits."""
    ways = lgamma(sample + 1) - lgamma(hits + 1) - lgamma(sample - hits + 1)
    return ways + hits * log(rate) + (sample - hits) * log1p(-rate)


def _gamma_interval(mean: float, variance: float) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of a gamma distribution."""
    if mean < _NOTHING or variance < _NOTHING:
        return max(0.0, mean), max(0.0, mean)
    shape = mean * mean / variance
    ends = (shape * max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3 * variance / mean for z in (-_Z, _Z))
    low, high = ends
    return low, high
