"""Fit the shipped probability of pairs: `python -m benchmarks review-fit` writes `lap_assets/review/pair_model.json`.

Several replica worlds are joined into one, so that pairs of different anime are as frequent as in a larger home. The
worlds' seeds are used for nothing else. The arithmetic is in `lap_assets.review.fitting`.
"""

import json
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.review_worlds import EMBEDDER, World, together, world
from lap_assets.core.files import write_text
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.review.features import BY_HASH, BY_VECTOR, Floats, PairFeatures, PosterNumbers
from lap_assets.review.fitting import fit
from lap_assets.review.pair_model import SHIPPED, PairModel, Weights, to_json

SEEDS: Final = (9101, 9102, 9103, 9104)
ANIME: Final = 400
_PRECISION: Final = 0.5
"""1 / variance of a standardized weight around 0; the intercept is practically free."""


def fit_shipped(kept_in: Path, to: Path = SHIPPED) -> PairModel:
    """Fit the model to the worlds of `SEEDS`, write it, and return it."""
    worlds = [world(ANIME, seed, kept_in) for seed in SEEDS]
    model = fit_model(worlds)
    how = (
        f"logistic regression, normal prior of precision {_PRECISION}, on {len(SEEDS)} replica worlds of {ANIME} anime "
        f"(seeds {SEEDS[0]} to {SEEDS[-1]}), {int(model.posters)} posters put together, every pair that some rule "
        f"asks about; vectors of {EMBEDDER}; python -m benchmarks review-fit"
    )
    write_text(to, json.dumps(to_json(model, how), indent=1) + "\n")
    return model


def fit_model(worlds: list[World]) -> PairModel:
    """Return the model fitted to these worlds."""
    joined = together(worlds)
    features, is_true, posters = _pairs(joined)
    by_hash, is_true_by_hash, _ = _pairs(joined, with_vectors=False)
    has = features.has_vectors
    return PairModel(
        _fitted(BY_HASH, by_hash.numbers[:, : len(BY_HASH)], is_true_by_hash),
        _fitted((*BY_HASH, *BY_VECTOR), features.numbers[has], is_true[has]),
        float(posters),
    )


def _pairs(one: World, *, with_vectors: bool = True) -> tuple[PairFeatures, NDArray[np.bool_], int]:
    """Return the features of a world's pairs, whether each is a copy, and the number of posters."""
    pairs = one.pairs(DEFAULT_RULES, with_vectors=with_vectors)
    numbers = PosterNumbers(one.posters, one.vectors)
    features = numbers.features(pairs.select("first", "second").iter_rows())
    return features, one.is_true(pairs).to_numpy(), len(numbers)


def _fitted(names: tuple[str, ...], numbers: Floats, is_true: NDArray[np.bool_]) -> Weights:
    mean, scale = numbers.mean(axis=0), np.maximum(numbers.std(axis=0), 1e-6)
    blank = Weights(names, mean, scale, np.zeros(numbers.shape[1] + 1))
    precision = np.full(len(blank.weights), _PRECISION)
    precision[0] = 1e-4
    nothing = np.zeros(len(numbers))
    weights = fit(
        blank.design(numbers), is_true, nothing, start=blank.weights, precision=precision, highest=blank.highest
    )
    return Weights(names, mean, scale, weights)
