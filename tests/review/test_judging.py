"""Probabilities of waiting pairs: from hashes and vectors, from people's answers, and from unusual inputs."""

import random

import numpy as np
import polars as pl
import pytest

from lap_assets.core.errors import TableError
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from lap_assets.review.features import PosterNumbers
from lap_assets.review.judging import JUDGED, judge_pairs
from lap_assets.review.learning import LEAST_ANSWERS
from lap_assets.review.pair_model import from_json, shipped_model, to_json
from tests.review.tables import poster, posters, vectors, verdict, verdicts

Row = tuple[object, ...]
MODEL = shipped_model()


def flipped(code: int, bits: int, chance: random.Random) -> int:
    for bit in chance.sample(range(64), bits):
        code ^= 1 << bit
    return code


def pairs_of(count: int, bits: int, *, same: bool = True, seed: int = 1) -> list[tuple[Row, Row]]:
    """Pairs with hashes `bits` apart, each pair of its own anime, or of two anime."""
    chance = random.Random(f"{seed} {bits}")
    built = []
    for place in range(count):
        number = 10 + 2 * place + 200 * bits + 4000 * seed
        code = chance.getrandbits(64)
        other = flipped(code, bits, chance)
        built.append((poster(number, code), poster(number + 1, other, mal_id=number if same else None)))
    return built


def pending(pairs: list[tuple[Row, Row]]) -> pl.DataFrame:
    rows = [tuple(sorted((str(one[0]), str(other[0])))) for one, other in pairs]
    return pl.DataFrame(rows, {"first": pl.String, "second": pl.String}, orient="row")


def all_posters(pairs: list[tuple[Row, Row]]) -> pl.DataFrame:
    return posters(*(end for pair in pairs for end in pair))


def mean(pairs: list[tuple[Row, Row]], given: pl.DataFrame = NO_VERDICTS, table: pl.DataFrame | None = None) -> float:
    judged = judge_pairs(pending(pairs), all_posters(pairs) if table is None else table, None, given, MODEL)
    found = judged.table["probability"].mean()
    assert isinstance(found, float)
    return found


def test_nearer_pairs_and_pairs_of_one_anime_are_more_probable() -> None:
    by_distance = [mean(pairs_of(40, bits)) for bits in (0, 3, 6)]
    assert by_distance == sorted(by_distance, reverse=True)
    assert by_distance[0] > 0.95
    every = [pairs_of(40, bits) for bits in (0, 3, 6, 10, 14)]
    alike = [MODEL.alikeness(PosterNumbers(all_posters(one)).features(pending(one).iter_rows()), 80) for one in every]
    means = [float(one.mean()) for one in alike]
    assert means == sorted(means, reverse=True)
    assert mean(pairs_of(40, 6)) > mean(pairs_of(40, 6, same=False))


def test_pairs_of_different_anime_are_less_probable_among_more_posters() -> None:
    waiting = pairs_of(20, 4, same=False)
    many = posters(*(poster(50_000 + number, number * 7919) for number in range(5000)))
    alone, among_many = mean(waiting), mean(waiting, table=pl.concat([all_posters(waiting), many]))
    assert among_many < alone


def test_vectors_raise_and_lower_a_probability() -> None:
    waiting = pairs_of(2, 6, same=False)
    names = [str(end[0]) for pair in waiting for end in pair]
    apart = [[1.0, 0.0], [0.99, 0.141], [1.0, 0.0], [0.1, 0.995]]
    found = judge_pairs(
        pending(waiting), all_posters(waiting), vectors(zip(names, apart, strict=True)), NO_VERDICTS, MODEL
    ).table["probability"]
    without = judge_pairs(pending(waiting), all_posters(waiting), None, NO_VERDICTS, MODEL).table["probability"]
    assert found[0] > without[0]
    assert found[1] < without[1]


def test_vectors_of_two_models_are_not_compared() -> None:
    waiting = pairs_of(1, 6, same=False)
    first, second = (str(end[0]) for end in waiting[0])
    mixed = pl.concat([vectors([(first, [1.0, 0.0])], "1-a"), vectors([(second, [1.0, 0.0])], "1-b")])
    features = PosterNumbers(all_posters(waiting), mixed).features([(first, second)])
    assert not features.has_vectors.any()


def test_pictures_with_little_structure_are_only_nearly_sure_if_equal_files() -> None:
    waiting = pairs_of(20, 0)
    table = all_posters(waiting)
    held = [table.with_columns(pl.lit(held, pl.Float32).alias("structure")) for held in (60.0, 10.0, 0.0)]
    rich, poor, empty = (mean(waiting, table=one) for one in held)
    assert rich > 0.98
    assert 0.95 >= poor >= empty
    farther = pairs_of(20, 12, same=False)
    plain = all_posters(farther)
    by_structure = [
        mean(farther, table=plain.with_columns(pl.lit(one).alias("structure"))) for one in (60.0, 10.0, 0.0)
    ]
    assert by_structure == sorted(set(by_structure), reverse=True)
    unmeasured = table.with_columns(pl.lit(None, pl.Float32).alias("structure"))
    assert mean(waiting, table=unmeasured) == rich
    same_file = held[2].with_columns(pl.lit("0" * 64).alias("sha256"))
    assert mean(waiting, table=same_file) == rich


def test_unreadable_posters_and_no_pairs_are_handled() -> None:
    waiting = pairs_of(2, 3)
    table = all_posters(waiting).with_columns(
        pl.when(pl.col("name") == waiting[0][0][0]).then(pl.lit("cut short")).alias("problem")
    )
    assert judge_pairs(pending(waiting), table, None, NO_VERDICTS, MODEL).table.height == 1
    nothing = judge_pairs(pending([]), table, vectors([]), NO_VERDICTS, MODEL)
    assert nothing.table.schema == JUDGED
    assert nothing.calibration.height == 0


def test_a_table_without_a_column_is_named() -> None:
    waiting = pairs_of(1, 3)
    with pytest.raises(TableError, match="no column dhash"):
        judge_pairs(pending(waiting), all_posters(waiting).drop("dhash"), None, NO_VERDICTS, MODEL)


def test_answers_move_the_probability_of_pairs_like_theirs_and_decide_nothing() -> None:
    decided, waiting = pairs_of(60, 8), pairs_of(30, 8, seed=2)
    near = pairs_of(10, 0, seed=3)
    table = all_posters([*decided, *waiting, *near])
    given = [verdict(number, *pair, "distinct") for number, pair in enumerate(decided)]
    given += [verdict(100 + number, *pair, "duplicate") for number, pair in enumerate(near)]
    before, after = mean(waiting, table=table), mean(waiting, verdicts(*given), table)
    assert after < before
    judged = judge_pairs(pending(waiting), table, None, verdicts(*given), MODEL)
    assert judged.table.height == len(waiting)
    assert judged.answers.problem is None
    assert judged.calibration["pairs"].sum() == 70


@pytest.mark.parametrize("kind", ["few", "one kind", "contradictory", "open"])
def test_too_few_answers_change_nothing(kind: str) -> None:
    waiting = pairs_of(20, 6)
    decided = pairs_of(LEAST_ANSWERS - 1 if kind == "few" else 60, 6, seed=5)
    table = all_posters([*waiting, *decided])
    given = [
        verdict(n, *pair, "distinct" if n % 2 and kind != "one kind" else "duplicate") for n, pair in enumerate(decided)
    ]
    if kind == "contradictory":
        given += [
            verdict(500 + n, *pair, "duplicate" if n % 2 else "distinct", "bob") for n, pair in enumerate(decided)
        ]
    if kind == "open":
        given = [verdict(n, *pair, "unsure" if n % 2 else "skip") for n, pair in enumerate(decided)]
    judged = judge_pairs(pending(waiting), table, None, verdicts(*given), MODEL)
    assert judged.answers.problem is not None
    assert mean(waiting, verdicts(*given), table) == mean(waiting, table=table)


def test_if_people_keep_similar_posters_apart_no_pair_is_nearly_sure() -> None:
    """Nine in ten pairs with equal hashes are called duplicates; editions of a poster are not."""
    decided, waiting = pairs_of(100, 0), pairs_of(20, 0, seed=4)
    table = all_posters([*decided, *waiting])
    given = verdicts(*(verdict(n, *pair, "duplicate" if n % 10 else "distinct") for n, pair in enumerate(decided)))
    assert mean(waiting, table=table) > 0.98
    assert 0.85 <= mean(waiting, given, table) <= 0.95
    judged = judge_pairs(pending(waiting), table, None, given, MODEL)
    top = judged.calibration.row(-1, named=True)
    assert abs(top["predicted"] - top["observed"]) <= 0.05


def test_people_who_agree_leave_nearly_sure_pairs_nearly_sure() -> None:
    decided, far, waiting = pairs_of(60, 0), pairs_of(10, 16), pairs_of(20, 0, seed=4)
    table = all_posters([*decided, *far, *waiting])
    given = [verdict(n, *pair, "duplicate") for n, pair in enumerate(decided)]
    given += [verdict(500 + n, *pair, "distinct") for n, pair in enumerate(far)]
    assert mean(waiting, verdicts(*given), table) > 0.98


def test_one_wrong_answer_moves_little() -> None:
    """A single wrong "distinct" for a pair with equal hashes does not reverse the order."""
    decided, far = pairs_of(40, 2), pairs_of(40, 13)
    table = all_posters([*decided, *far])
    right = [verdict(n, *pair, "duplicate") for n, pair in enumerate(decided)]
    right += [verdict(100 + n, *pair, "distinct") for n, pair in enumerate(far)]
    wrong = [verdict(0, *decided[0], "distinct"), *right[1:]]
    waiting = pairs_of(20, 2, seed=9)
    every = pl.concat([table, all_posters(waiting)])
    assert mean(waiting, verdicts(*wrong), every) > mean(waiting, verdicts(*right), every) - 0.1


def test_a_pair_in_one_group_has_its_number_and_the_most_probable_group_comes_first() -> None:
    near, far = pairs_of(1, 0), pairs_of(1, 20, same=False)
    judged = judge_pairs(pending([*near, *far]), all_posters([*near, *far]), None, NO_VERDICTS, MODEL).table
    by_group = dict(judged.select("first", "group").iter_rows())
    assert by_group[str(near[0][0][0])] == 1
    assert by_group[str(far[0][0][0])] is None


def test_the_shipped_model_says_how_it_was_fitted_and_reads_back_as_written() -> None:
    written = to_json(MODEL, "by hand")
    again = from_json(written)
    waiting = pairs_of(5, 5)
    features = PosterNumbers(all_posters(waiting)).features(pending(waiting).iter_rows())
    assert np.array_equal(again.probabilities(features, 100), MODEL.probabilities(features, 100))
    with pytest.raises(ValueError, match="format 9"):
        from_json({**written, "format": 9})
    with pytest.raises(ValueError, match="expected same, ahash"):
        from_json({**written, "by_hash": written["by_vector"]})
