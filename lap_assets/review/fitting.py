"""Fitting the weights of a logistic regression with scipy's L-BFGS-B, for the shipped model and a home's own.

Belongs here: one function and its arithmetic. Choosing the data is in `learning` and in the benchmarks.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.review.features import Floats
from lap_assets.review.pair_model import sigmoid

_LEAST: Final = 1e-12


def fit(
    design: Floats,
    is_true: NDArray[np.bool_],
    offsets: Floats,
    *,
    start: Floats,
    precision: Floats,
    highest: Floats,
    wrong_answers: float = 0.0,
) -> Floats:
    """Return the most probable weights, given the answers and a normal prior.

    Args:
        design: features with a column of ones, shape (n, k).
        is_true: the answers, shape (n,).
        offsets: added to the log odds, shape (n,).
        start: the prior's mean, and the start of the search, shape (k,).
        precision: the prior's 1 / variance of each weight, shape (k,).
        highest: the upper bound of each weight, shape (k,).
        wrong_answers: the assumed share of wrong answers, which limits the influence of a single answer.

    Returns:
        Weights, shape (k,).
    """
    from scipy.optimize import minimize

    def loss(weights: Floats) -> tuple[float, Floats]:
        probability = sigmoid(design @ weights + offsets)
        answered_true = wrong_answers + (1 - 2 * wrong_answers) * probability
        likelihood = np.where(is_true, answered_true, 1 - answered_true)
        slope = np.where(is_true, 1, -1) * (1 - 2 * wrong_answers) * probability * (1 - probability)
        moved = weights - start
        cost = -np.log(np.maximum(likelihood, _LEAST)).sum() + 0.5 * (precision * moved**2).sum()
        return float(cost), precision * moved - design.T @ (slope / np.maximum(likelihood, _LEAST))

    options = {"maxiter": 1000, "ftol": 1e-12, "gtol": 1e-8}
    bounds = list(zip(np.full(len(start), -np.inf), highest, strict=True))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
    return np.asarray(found.x, np.float64)
