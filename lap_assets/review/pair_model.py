"""The probability that two posters show one picture: a logistic regression of their features.

There are two sets of weights: for pairs whose posters both have a vector, and for all others. The shipped weights were
fitted by `python -m benchmarks review-fit` on replicas: procedural pictures with known copies. Belongs here: the model
and its file. Learning from verdicts is in `learning`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.review.doubt import NO_ANSWERS, doubts, kinds_of
from lap_assets.review.features import BY_HASH, BY_VECTOR, FALLING, Floats, PairFeatures

SHIPPED: Final = Path(__file__).with_name("pair_model.json")
FORMAT: Final = 1
_FEWEST: Final = 1000
"""Fewer posters count as this many: the weights were not fitted for such small homes."""
_LITTLE, _UNSURE = 4.0, 0.95
"""Subtracted from the log odds for an empty picture (proportionally less for one with some structure), and the highest
probability of a pair of pictures with too little structure for a rule: such pictures share hashes and vectors with
unrelated ones. Set by hand, because the replica draws no such pictures."""
_FARTHEST: Final = 30.0
"""Log odds beyond which a probability is 0 or 1 to the last digit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression of the features `names`, standardized by `mean` and `scale`; `weights[0]` is the intercept.

    `weights` has length k + 1, the others have length k.
    """

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats

    @property
    def highest(self) -> Floats:
        """The upper bound of each weight, shape (k + 1,): 0 for `FALLING` features."""
        return np.array([np.inf, *(0.0 if name in FALLING else np.inf for name in self.names)])

    def design(self, numbers: Floats) -> Floats:
        """Return a column of ones and the standardized features, shape (n, k + 1)."""
        return np.hstack([np.ones((len(numbers), 1)), (numbers - self.mean) / self.scale])


@dataclass(frozen=True, slots=True)
class PairModel:
    """The weights, and the conditions of their fit.

    `posters`: the number of posters in the fit. Pairs of different anime that are not copies grow with its square,
    copies grow linearly, so the odds are divided by the ratio of a home's posters to it. `doubt`: a factor on the
    shipped doubt, by kind (`doubt.kinds_of`).
    """

    by_hash: Weights
    by_vector: Weights
    posters: float
    doubt: tuple[float, ...] = NO_ANSWERS

    def offsets(self, features: PairFeatures, posters: int) -> Floats:
        """Return the addition to each pair's log odds due to the number of posters, shape (n,)."""
        return np.where(features.other_anime, -np.log(max(_FEWEST, posters) / self.posters), 0.0)

    def probabilities(self, features: PairFeatures, posters: int) -> Floats:
        """Return the probability that a person calls each pair one picture, given the number of posters; shape (n,)."""
        kept_apart: Floats = np.minimum(1, doubts(features) * np.array(self.doubt)[kinds_of(features)])
        return self.alikeness(features, posters) * (1 - kept_apart)

    def alikeness(self, features: PairFeatures, posters: int) -> Floats:
        """Return the probabilities without doubt: as if nobody kept similar posters apart; shape (n,), 0 to 1."""
        found = np.empty(len(features.numbers))
        offsets, has = self.offsets(features, posters), features.has_vectors
        for rows, weights, columns in ((~has, self.by_hash, len(BY_HASH)), (has, self.by_vector, None)):
            numbers = features.numbers[rows, :columns]
            penalty = (1 - features.evidence[rows]) * _LITTLE
            found[rows] = sigmoid(weights.design(numbers) @ weights.weights + offsets[rows] - penalty)
        highest = np.where(features.evidence < 1, _UNSURE, 1.0)
        return np.asarray(np.minimum(highest, found), np.float64)


@cache
def shipped_model() -> PairModel:
    """Return the model that comes with LAP."""
    return from_json(json.loads(SHIPPED.read_text(encoding="utf-8")))


def shipped_digest() -> str:
    """Return a hash of the shipped model's file."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:12]


def sigmoid(log_odds: Floats) -> Floats:
    """Convert log odds to probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -_FARTHEST, _FARTHEST))), np.float64)


def to_json(model: PairModel, how: str) -> dict[str, Any]:
    """Return the model as stored in its file; `how` describes the data of the fit."""
    return {
        "format": FORMAT,
        "how": how,
        "posters": model.posters,
        "by_hash": _weights_to_json(model.by_hash),
        "by_vector": _weights_to_json(model.by_vector),
    }


def from_json(read: dict[str, Any]) -> PairModel:
    """Return the model that `to_json` stored.

    Raises:
        ValueError: the format or the features differ.
    """
    if read["format"] != FORMAT:
        raise ValueError(f"a model of format {read['format']}, expected {FORMAT}")
    return PairModel(
        _weights_from_json(read["by_hash"], BY_HASH),
        _weights_from_json(read["by_vector"], (*BY_HASH, *BY_VECTOR)),
        read["posters"],
    )


def _weights_to_json(weights: Weights) -> dict[str, Any]:
    columns = zip(
        weights.names, _rounded(weights.mean), _rounded(weights.scale), _rounded(weights.weights[1:]), strict=True
    )
    features = {name: {"mean": mean, "scale": scale, "weight": weight} for name, mean, scale, weight in columns}
    return {"intercept": _rounded(weights.weights[:1])[0], "features": features}


def _weights_from_json(read: dict[str, Any], names: Sequence[str]) -> Weights:
    features = read["features"]
    if tuple(features) != tuple(names):
        raise ValueError(f"a model of the features {', '.join(features)}, expected {', '.join(names)}")

    def column(key: str) -> NDArray[np.float64]:
        return np.array([feature[key] for feature in features.values()], np.float64)

    return Weights(
        tuple(names), column("mean"), column("scale"), np.concatenate([[read["intercept"]], column("weight")])
    )


def _rounded(numbers: Floats) -> list[float]:
    return [round(float(number), 6) for number in numbers]
