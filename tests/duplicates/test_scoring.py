"""Scores of decisions against the truth, on cases small enough to count manually."""

import polars as pl
import pytest

from lap_assets.duplicates.scoring import PairScore, recall_of, score, score_pairs
from lap_assets.duplicates.tables import COSINE_PAIRS

SCHEMA = {"name": pl.String, "decision": pl.String, "by": pl.String, "survivor": pl.String}
PENDING = {"first": pl.String, "second": pl.String}


def decisions(*rows: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_right_and_wrong_removals_and_pairs_found_either_way() -> None:
    decided = decisions(
        ("a", "keep", None, None),
        ("b", "remove", "rule", "a"),
        ("c", "keep", None, None),
        ("d", "remove", "rule", "a"),
        ("e", "keep", None, None),
    )
    pending = pl.DataFrame([("a", "c")], schema=PENDING, orient="row")
    pairs = [("a", "b", ("rescaled",)), ("b", "c", ("cropped", "rescaled")), ("a", "e", ("rescaled",)),
             ("a", "x", ("rescaled",))]  # fmt: skip
    result = score(decided, pending, [["a", "b", "c", "e", "x"]], pairs)
    assert (result.removed, result.precision) == (2, 0.5)
    assert result.true_pairs == 3
    assert result.recall == pytest.approx(2 / 3)
    assert result.by_kind["cropped+rescaled"] == {"pairs": 1, "recall": 1.0}
    assert recall_of(result, ("rescaled",)) == 0.5
    assert recall_of(result, ("mirrored",)) is None


def test_nothing_to_judge_is_none() -> None:
    result = score(decisions(("a", "keep", None, None)), pl.DataFrame(schema=PENDING), [], [])
    assert result.precision is result.recall is None


def test_pairs_by_vector_are_judged_up_to_a_distance() -> None:
    pairs = pl.DataFrame([("a", "b", 0.1), ("a", "c", 0.2), ("b", "c", 0.3)], COSINE_PAIRS, orient="row")
    truth = [("b", "a"), ("c", "b"), ("a", "gone"), ("d", "a"), ("c", "d")]
    held = ["a", "b", "c", "d"]
    assert score_pairs(pairs, truth, held, 0.32) == PairScore(0.32, 3, 2 / 3, 0.5)
    assert score_pairs(pairs, truth, held, 0.2) == PairScore(0.2, 2, 0.5, 0.25)
    assert score_pairs(pairs, truth, held, 0.05) == PairScore(0.05, 0, None, 0)
    assert score_pairs(pairs, [], held, 0.2) == PairScore(0.2, 2, 0, None)
