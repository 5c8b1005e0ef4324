"""A probability and a group for each undecided pair, from tables.

Belongs here: which pairs are judged, with which weights, and how well the result agrees with people's answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from lap_assets.duplicates.poster_sizes import size_keys
from lap_assets.duplicates.tables import readable_posters, require_columns
from lap_assets.duplicates.verdict_effects import verdict_effects
from lap_assets.review.calibration import calibration
from lap_assets.review.features import PosterNumbers
from lap_assets.review.groups import Pair, group_posters
from lap_assets.review.learning import Answers, answers_from, learned
from lap_assets.review.pair_model import PairModel

JUDGED: Final = pl.Schema({"first": pl.String, "second": pl.String, "probability": pl.Float64, "group": pl.UInt32})
"""One row per undecided pair, by (first, second): the probability that both posters show one picture, and the number of
their common group (null: none; group 1 has the most probable pair)."""

_PLACES: Final = 6
_FOLDS: Final = 5


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """`table`: `JUDGED`. `answers`: the decided pairs that were learned from. `calibration`: cross-validated."""

    table: pl.DataFrame
    answers: Answers
    calibration: pl.DataFrame


def judge_pairs(
    pending: pl.DataFrame,
    posters: pl.DataFrame,
    vectors: pl.DataFrame | None,
    verdicts: pl.DataFrame,
    model: PairModel,
    *,
    marks_act: bool = True,
) -> JudgedPairs:
    """Judge the pairs of `pending` (columns `first` and `second`).

    Args:
        pending: the undecided pairs.
        posters: `tables.POSTERS`, all subfolders.
        vectors: `embedding_table.SCHEMA`, all subfolders; None if there are no vectors.
        verdicts: `verdict_table.VERDICTS`, all subfolders.
        model: the model before learning from the home's own verdicts.
        marks_act: whether a mark removes its poster.

    Raises:
        TableError: a table lacks a column.
    """
    readable = readable_posters(posters)
    pairs = require_columns(pending, pl.Schema({"first": pl.String, "second": pl.String}), "pending pairs").unique()
    outcomes = verdict_effects(verdicts, readable, size_keys(readable), marks_act=marks_act).outcomes
    needed = pl.concat([pairs["first"], pairs["second"], pl.Series(sum(outcomes, ()), dtype=pl.String)]).unique()
    if vectors is not None:
        vectors = vectors.filter(pl.col("name").is_in(needed.implode()))
    numbers = PosterNumbers(posters, vectors)
    answers = answers_from(outcomes, numbers)
    now = learned(model, answers, numbers)

    def probabilities(of: Sequence[Pair]) -> list[float]:
        return [round(float(one), _PLACES) for one in now.probabilities(numbers.features(of), len(numbers))]

    names = [pair for pair in sorted(pairs.iter_rows()) if all(map(numbers.knows, pair))]
    found = probabilities(names)
    distinct = [pair for pair, outcome in outcomes.items() if outcome == "distinct"]
    links = [(*pair, one) for pair, one in zip(names, found, strict=True)]
    groups = group_posters(links, probabilities, distinct)
    number_of = {name: number for number, group in enumerate(groups, 1) for name in group}
    rows = [
        (first, second, one, number_of[first] if number_of.get(first, 0) == number_of.get(second, -1) else None)
        for first, second, one in links
    ]
    return JudgedPairs(pl.DataFrame(rows, JUDGED, orient="row"), answers, _calibration(model, answers, numbers))


def _calibration(model: PairModel, answers: Answers, numbers: PosterNumbers) -> pl.DataFrame:
    """Return the calibration on decided pairs, by cross-validation: each fifth is judged without its own answers."""
    found = np.zeros(len(answers.pairs))
    shuffled = np.random.default_rng(0).permutation(len(found))  # the same fifths for the same answers
    for fold in range(_FOLDS):
        left_out = shuffled % _FOLDS == fold
        if not left_out.any():
            continue
        now = learned(model, answers.where(~left_out), numbers)
        found[left_out] = now.probabilities(numbers.features(answers.where(left_out).pairs), len(numbers))
    return calibration(found, answers.is_true)
