"""Learning from the home's own verdicts, with the shipped weights as a prior.

A few answers move the weights little, many move them far; a small share of answers is assumed to be wrong. Learning
changes the probabilities, and with them the order of questions; it never decides a pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.verdicts.outcomes import Outcome
from lap_assets.review.doubt import doubt_after
from lap_assets.review.features import BY_HASH, Floats, PairFeatures, PosterNumbers
from lap_assets.review.fitting import fit
from lap_assets.review.pair_model import PairModel, Weights

LEAST_ANSWERS: Final = 20
"""With fewer answers, or fewer than `LEAST_OF_A_KIND` of either kind, the shipped weights stay as they are."""
LEAST_OF_A_KIND: Final = 3
_CONCLUSIVE: Final = frozenset({"duplicate", "distinct"})
_WRONG: Final = 0.02
_PRECISION: Final = 8.0
"""1 / variance of a weight around the shipped one, in standardized units; the same for the intercept."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Pairs that people decided, and whether they called them duplicates."""

    pairs: tuple[tuple[str, str], ...]
    is_true: NDArray[np.bool_]

    def where(self, rows: NDArray[np.bool_]) -> "Answers":
        """Return the answers in the rows where `rows` is true."""
        return Answers(tuple(pair for pair, taken in zip(self.pairs, rows, strict=True) if taken), self.is_true[rows])

    @property
    def problem(self) -> str | None:
        """Why these answers are not enough to learn from; None if they are."""
        true, total = int(self.is_true.sum()), len(self.is_true)
        if total < LEAST_ANSWERS:
            return f"{total} decided pairs, {LEAST_ANSWERS} are needed to learn from"
        if min(true, total - true) < LEAST_OF_A_KIND:
            return f"{true} duplicates among {total} decided pairs: both kinds are needed to learn from"
        return None


def answers_from(outcomes: Mapping[tuple[str, str], Outcome], posters: PosterNumbers) -> Answers:
    """Return the decided pairs of readable posters, except "both removed", which does not show whether they match."""
    decided = (pair for pair, outcome in outcomes.items() if outcome in _CONCLUSIVE)
    pairs = sorted(pair for pair in decided if all(map(posters.knows, pair)))
    return Answers(tuple(pairs), np.array([outcomes[pair] == "duplicate" for pair in pairs], np.bool_))


def learned(model: PairModel, answers: Answers, posters: PosterNumbers) -> PairModel:
    """Return the model after learning from these answers; `model` itself if they are not enough."""
    if answers.problem is not None:
        return model
    features = posters.features(answers.pairs)
    offsets, has = model.offsets(features, len(posters)), features.has_vectors
    every = np.ones(len(has), np.bool_)
    moved = replace(
        model,
        by_hash=_moved(model.by_hash, features, answers.is_true, offsets, every, len(BY_HASH)),
        by_vector=_moved(model.by_vector, features, answers.is_true, offsets, has, None),
    )
    alike = moved.alikeness(features, len(posters))
    return replace(moved, doubt=doubt_after(alike, answers.is_true, features))


def _moved(
    weights: Weights,
    features: PairFeatures,
    is_true: NDArray[np.bool_],
    offsets: Floats,
    rows: NDArray[np.bool_],
    columns: int | None,
) -> Weights:
    design = weights.design(features.numbers[rows, :columns])
    precision = np.full(design.shape[1], _PRECISION)
    moved = fit(
        design,
        is_true[rows],
        offsets[rows],
        start=weights.weights,
        precision=precision,
        highest=weights.highest,
        wrong_answers=_WRONG,
    )
    return replace(weights, weights=moved)
