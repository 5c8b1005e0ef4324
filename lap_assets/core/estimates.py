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


@dataclass(slots=True)
class Tally:
    """What undecided pairs promise, kept up to date pair by pair."""

    sure: int = 0
    doubtful: int = 0
    wrong: float = 0.0
    promised: float = 0.0
    chance: float = 0.0

    def count(self, probability: float, sign: int = 1) -> None:
        """Adds a pair (1) or takes it away (-1)."""
        if probability >= SURE:
            self.sure += sign
            self.wrong += sign * (1 - probability)
        else:
            self.doubtful += sign
            self.promised += sign * probability
            self.chance += sign * probability * (1 - probability)

    def left(self, spread: float = SPREAD) -> ProbablyLeft:
        """What these pairs hold.

        The number is taken to follow a gamma distribution. Its variance is what chance alone makes, and `spread` of
        what the doubtful pairs (p < `SURE`) promise; of the sure ones, as many are wrong as their probabilities allow.
        Its quantiles are those of Wilson and Hilferty (1931).
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
    """What pairs of these probabilities hold."""
    tally = Tally()
    for one in probabilities:
        tally.count(one)
    return tally.left(spread)


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
