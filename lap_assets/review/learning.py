"""Learning from the home's own verdicts: the shipped weights move as far as the answers carry them, and no farther.

The shipped weights are a prior, so a few answers move little and many move much; some answers are taken to be wrong.
What is learned changes probabilities, and with them the order of what is asked; it never decides a pair.
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
_TELLING: Final = frozenset({"duplicate", "distinct"})
_WRONG: Final = 0.02
_PRECISION: Final = 8.0
"""1 / variance of a weight around the shipped one, in standardized units; the intercept moves as freely."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Pairs that people decided, and whether they called them duplicates."""

    pairs: tuple[tuple[str, str], ...]
    is_true: NDArray[np.bool_]

    def where(self, rows: NDArray[np.bool_]) -> "Answers":
        """Some of them."""
        return Answers(tuple(pair for pair, taken in zip(self.pairs, rows, strict=True) if taken), self.is_true[rows])

    @property
    def problem(self) -> str | None:
        """Why nothing is learned from them; None where they suffice."""
        true, total = int(self.is_true.sum()), len(self.is_true)
        if total < LEAST_ANSWERS:
            return f"{total} decided pairs, {LEAST_ANSWERS} are needed to learn from"
        if min(true, total - true) < LEAST_OF_A_KIND:
            return f"{true} duplicates among {total} decided pairs: both kinds are needed to learn from"
        return None


def answers_from(outcomes: Mapping[tuple[str, str], Outcome], posters: PosterNumbers) -> Answers:
    """The decided pairs of readable posters; open ones, conflicts and "both removed" say nothing of sameness."""
    pairs = sorted(pair for pair, outcome in outcomes.items() if outcome in _TELLING and all(map(posters.knows, pair)))
    return Answers(tuple(pairs), np.array([outcomes[pair] == "duplicate" for pair in pairs], np.bool_))


def learned(model: PairModel, answers: Answers, posters: PosterNumbers) -> PairModel:
    """The model after these answers; the same one where they do not suffice."""
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
