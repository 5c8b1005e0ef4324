"""What is probably left to find, and what a sample bounds: plain arithmetic on probabilities and counts.

Belongs here: numbers for people who want to stop. Where probabilities come from is in `lap_assets.review`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, exp, floor, lgamma, log, log1p, sqrt
from typing import Final

SURE: Final = 0.98
"""From this probability on a pair is taken to be a duplicate after a look at a sample."""
SPREAD: Final = 0.35
"""How far true pairs lie from the predicted ones from home to home, as a share (standard deviation). On replica worlds
that were not fitted to chance alone explained the difference; real homes differ more."""
_Z: Final = 1.645
"""Both ends of a 90 % interval, in standard deviations."""
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class ProbablyLeft:
    """How many duplicates `pairs` undecided pairs probably hold: the expected number, and a 90 % interval."""

    pairs: int
    expected: float
    low: int
    high: int

    def missed(self, found: int) -> tuple[float, float, float]:
        """The share of all duplicates that stopping now misses: expected, and both ends; 0 where there is none."""
        expected, low, high = (left / (found + left) if left else 0.0 for left in (self.expected, self.low, self.high))
        return expected, low, high


def probably_left(probabilities: Iterable[float], spread: float = SPREAD) -> ProbablyLeft:
    """What pairs of these probabilities hold.

    The number is taken to follow a gamma distribution. Its variance is what chance alone makes, and `spread` of what
    the doubtful pairs (p < `SURE`) promise; of the sure ones, as many are wrong as their probabilities allow. Its
    quantiles are those of Wilson and Hilferty (1931).
    """
    known = list(probabilities)
    sure = [one for one in known if one >= SURE]
    doubtful = [one for one in known if one < SURE]
    promised, wrong = sum(doubtful), sum(1 - one for one in sure)
    low, high = _gamma_interval(promised, sum(one * (1 - one) for one in doubtful) + (spread * promised) ** 2)
    fewer = min(len(sure), ceil(_gamma_interval(wrong, wrong)[1]))
    return ProbablyLeft(
        len(known),
        sum(known),
        len(sure) - fewer + min(len(doubtful), floor(low)),
        len(sure) + min(len(doubtful), ceil(high)),
    )


def bound_on_rate(hits: int, sample: int, confidence: float = 0.95) -> float:
    """What a rate is at most, with this confidence, where `hits` of a random sample have the trait.

    The upper end of Clopper and Pearson's one-sided interval (1934); 1 where nothing was sampled.

    Raises:
        ValueError: `hits` is not within 0 and `sample`.
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
    """Logarithm of the binomial probability of exactly so many hits."""
    ways = lgamma(sample + 1) - lgamma(hits + 1) - lgamma(sample - hits + 1)
    return ways + hits * log(rate) + (sample - hits) * log1p(-rate)


def _gamma_interval(mean: float, variance: float) -> tuple[float, float]:
    """The 5 % and 95 % quantiles."""
    if mean < _NOTHING or variance < _NOTHING:
        return max(0.0, mean), max(0.0, mean)
    shape = mean * mean / variance
    ends = (shape * max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3 * variance / mean for z in (-_Z, _Z))
    low, high = ends
    return low, high
