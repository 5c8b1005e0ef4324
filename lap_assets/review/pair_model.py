"""The probability that two posters show one picture: a logistic regression of their features, as plain numbers.

There are two sets of weights: for pairs whose posters both have a vector, and for the others. The shipped ones were
fitted by `python -m benchmarks review-fit` on replica worlds, hand-made copies of procedural pictures. Belongs here:
the model and its file. Learning from verdicts is in `learning`.
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
"""Fewer posters count as so many: the weights know nothing of such small homes."""
_LITTLE, _UNSURE = 4.0, 0.95
"""What the log odds lose where a picture holds nothing (less where it holds something), and what a pair of pictures
that hold too little for a rule may reach at most: such pictures share hashes and vectors with strangers. Set by hand,
for the replica draws none."""
_FARTHEST: Final = 30.0
"""Log odds beyond which a probability is 0 or 1 to the last digit."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression of the features `names`, standardized by `mean` and `scale`; `weights[0]` is the intercept.

    All but `weights` have length k, `weights` has k + 1.
    """

    names: tuple[str, ...]
    mean: Floats
    scale: Floats
    weights: Floats

    @property
    def highest(self) -> Floats:
        """What each weight may be at most, shape (k + 1,): those of `FALLING` features are not positive."""
        return np.array([np.inf, *(0.0 if name in FALLING else np.inf for name in self.names)])

    def design(self, numbers: Floats) -> Floats:
        """Standardized features behind a column of ones, shape (n, k + 1)."""
        return np.hstack([np.ones((len(numbers), 1)), (numbers - self.mean) / self.scale])


@dataclass(frozen=True, slots=True)
class PairModel:
    """The weights, and what was seen when they were fitted.

    `posters`: among how many posters the pairs of the fit were. Pairs of different anime that are not copies grow with
    the square of that number and copies with the number, so their odds are divided by how many times as many there are.
    `doubt`: how many times as often as shipped people keep apart what looks alike, by kind (`doubt.kinds_of`).
    """

    by_hash: Weights
    by_vector: Weights
    posters: float
    doubt: tuple[float, ...] = NO_ANSWERS

    def offsets(self, features: PairFeatures, posters: int) -> Floats:
        """What the number of posters adds to the log odds of each pair, shape (n,)."""
        return np.where(features.other_anime, -np.log(max(_FEWEST, posters) / self.posters), 0.0)

    def probabilities(self, features: PairFeatures, posters: int) -> Floats:
        """The probability that a person calls each pair one picture, among so many posters; shape (n,), 0 to 1."""
        kept_apart: Floats = np.minimum(1, doubts(features) * np.array(self.doubt)[kinds_of(features)])
        return self.alikeness(features, posters) * (1 - kept_apart)

    def alikeness(self, features: PairFeatures, posters: int) -> Floats:
        """The same where no person keeps apart what looks alike; shape (n,), 0 to 1."""
        found = np.empty(len(features.numbers))
        offsets, has = self.offsets(features, posters), features.has_vectors
        for rows, weights, columns in ((~has, self.by_hash, len(BY_HASH)), (has, self.by_vector, None)):
            numbers = features.numbers[rows, :columns]
            lacking = (1 - features.evidence[rows]) * _LITTLE
            found[rows] = sigmoid(weights.design(numbers) @ weights.weights + offsets[rows] - lacking)
        highest = np.where(features.evidence < 1, _UNSURE, 1.0)
        return np.asarray(np.minimum(highest, found), np.float64)


@cache
def shipped_model() -> PairModel:
    """The model that comes with LAP."""
    return from_json(json.loads(SHIPPED.read_text(encoding="utf-8")))


def shipped_digest() -> str:
    """A hash of what the shipped model says."""
    return hashlib.sha256(SHIPPED.read_bytes()).hexdigest()[:12]


def sigmoid(log_odds: Floats) -> Floats:
    """Log odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -_FARTHEST, _FARTHEST))), np.float64)


def to_json(model: PairModel, how: str) -> dict[str, Any]:
    """The model as it is kept in a file; `how` says what it was fitted to."""
    return {
        "format": FORMAT,
        "how": how,
        "posters": model.posters,
        "by_hash": _weights_to_json(model.by_hash),
        "by_vector": _weights_to_json(model.by_vector),
    }


def from_json(read: dict[str, Any]) -> PairModel:
    """A model as `to_json` gives it.

    Raises:
        ValueError: it is of another format or for other features.
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
