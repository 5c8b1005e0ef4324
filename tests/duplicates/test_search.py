"""Pair search against brute force: exact, complete, each pair once."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from lap_assets.duplicates import cosine, hamming
from lap_assets.duplicates.hamming_plan import SearchPlan, plan_search
from lap_assets.duplicates.search import cosine_pairs, hamming_pairs
from tests.profiles import examples

Codes = NDArray[np.uint64]
Found = list[tuple[int, int, int]]

# Few distinct codes, some a bit or two apart, so that equal codes and chains are frequent.
close_codes = st.integers(0, 2**64 - 1).flatmap(
    lambda base: st.one_of(st.just(base), st.integers(0, 63).map(lambda bit: base ^ (1 << bit)), st.integers(0, 7))
)
code_lists = st.lists(st.one_of(close_codes, st.integers(0, 2**64 - 1)), max_size=30).map(
    lambda codes: np.array(codes, dtype=np.uint64)
)


def brute_force(codes: Codes, others: Codes | None, limit: int) -> Found:
    found = []
    for i, code in enumerate(codes.tolist()):
        for j, other in enumerate(codes.tolist() if others is None else others.tolist()):
            if (others is not None or i < j) and (code ^ other).bit_count() <= limit:
                found.append((i, j, (code ^ other).bit_count()))
    return found


def listed(pairs: tuple[NDArray[Any], NDArray[Any], NDArray[Any]]) -> Found:
    return [(int(i), int(j), int(distance)) for i, j, distance in zip(*pairs, strict=True)]


def resembling(rng: np.random.Generator, count: int) -> Codes:
    """Draw codes in clusters, with many equal codes."""
    centers = rng.integers(0, 2**64, max(1, count // 5), dtype=np.uint64)
    codes = rng.choice(centers, count)
    for _ in range(6):
        flip = np.uint64(1) << rng.integers(0, 64, count).astype(np.uint64)
        codes = np.where(rng.random(count) < 0.4, codes ^ flip, codes)
    return codes


@given(code_lists, st.none() | code_lists, st.integers(0, 70))
def test_hamming_pairs_equal_brute_force(codes: Codes, others: Codes | None, limit: int) -> None:
    assert listed(hamming_pairs(codes, others, max_distance=limit)) == brute_force(codes, others, limit)


@examples(40)
@given(st.integers(0, 2**32), st.integers(20, 260), st.booleans(), st.integers(0, 20))
def test_every_plan_finds_the_pairs_of_brute_force(seed: int, count: int, one_list: bool, limit: int) -> None:
    rng = np.random.default_rng(seed)
    codes = np.unique(resembling(rng, count))
    others = codes if one_list else np.unique(np.append(resembling(rng, 90), codes[:20]))
    expected = sorted(zip(*hamming._compare_all(codes, others, limit, one_list=one_list), strict=True))
    plans = [SearchPlan((), 1), plan_search(np.tile(codes, 4000), np.tile(others, 4000), limit, one_list=one_list)]
    for plan in plans:
        hits = hamming._search(plan, plan.arrange(codes), plan.arrange(others), limit, one_list=one_list)
        found = [
            (min(pair), max(pair)) if one_list else pair for pair in zip(hits >> 32, hits & 0xFFFFFFFF, strict=True)
        ]
        assert sorted(found) == expected


@pytest.mark.parametrize("limit", [0, 3, 8, 16])
def test_large_lists_use_the_compiled_loop_with_the_same_result(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(limit)
    codes, others = resembling(rng, 9000), resembling(rng, 3000)
    compiled = [
        listed(hamming_pairs(codes, max_distance=limit)),
        listed(hamming_pairs(codes, others, max_distance=limit)),
    ]
    monkeypatch.setattr(hamming, "_COMPILE_FROM", 10**12)
    plain = [listed(hamming_pairs(codes, max_distance=limit)), listed(hamming_pairs(codes, others, max_distance=limit))]
    assert compiled == plain
    assert len(compiled[0]) > 50


def test_hamming_pairs_types_and_order() -> None:
    i, j, distance = hamming_pairs(np.array([7, 0, 7, 6], dtype=np.uint64), max_distance=1)
    assert [array.dtype.name for array in (i, j, distance)] == ["int64", "int64", "uint8"]
    assert listed((i, j, distance)) == [(0, 2, 0), (0, 3, 1), (2, 3, 1)]


def test_many_equal_codes_yield_all_their_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "_CHUNK", 64)
    i, j, distance = hamming_pairs(np.full(300, 5, np.uint64), max_distance=0)
    assert list(zip(i, j, strict=True)) == [(a, b) for a in range(300) for b in range(a + 1, 300)]
    assert not distance.any()


@pytest.mark.parametrize(
    ("codes", "limit", "says"),
    [
        (np.zeros(3, np.int64), 1, "uint64"),
        (np.zeros((3, 1), np.uint64), 1, "one-dimensional"),
        ([1, 2], 1, "uint64"),
        (np.zeros(3, np.uint64), -1, "0 or more"),
        (np.zeros(3, np.uint64), 1.5, "whole number"),
        (np.zeros(3, np.uint64), True, "whole number"),
    ],
)
def test_hamming_pairs_refuses_bad_input(codes: Any, limit: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        hamming_pairs(codes, max_distance=limit)


def test_hamming_pairs_names_the_second_list() -> None:
    with pytest.raises(
        ValueError, match="others must be a one-dimensional numpy array of uint64, not an array of int64"
    ):
        hamming_pairs(np.zeros(3, np.uint64), np.zeros(3, np.int64), max_distance=1)


def cosine_brute_force(vectors: NDArray[Any], others: NDArray[Any]) -> NDArray[np.float64]:
    x, y = vectors.astype(np.float64), others.astype(np.float64)
    lengths = np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(y, axis=1)[None]
    distances: NDArray[np.float64] = np.maximum(0, 1 - x @ y.T / lengths)
    return distances


vector_rows = arrays(np.float32, st.tuples(st.integers(0, 12), st.just(3)), elements=st.integers(-4, 4).map(float)).map(
    lambda rows: rows[np.abs(rows).sum(axis=1) > 0]
)


@given(vector_rows, st.none() | vector_rows, st.sampled_from([0.05, 0.33, 0.7, 1.03, 2.0]))
def test_cosine_pairs_equal_brute_force(vectors: NDArray[Any], others: NDArray[Any] | None, limit: float) -> None:
    all_distances = cosine_brute_force(vectors, vectors if others is None else others)
    i, j, distance = cosine_pairs(vectors, others, max_distance=limit)
    expected = [(a, b) for a, b in zip(*np.nonzero(all_distances <= limit), strict=True) if others is not None or a < b]
    assert list(zip(i, j, strict=True)) == expected
    np.testing.assert_allclose(distance, all_distances[i, j], atol=1e-6)


def clustered(count: int, width: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(count)
    vectors = rng.normal(size=(count, width)).astype(np.float32)
    copies = count // 4
    noise = rng.normal(size=(copies, width)) * rng.uniform(0, 1.2, (copies, 1))
    vectors[:copies] = vectors[-copies:] + noise
    return vectors


def test_cosine_pairs_do_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = clustered(700, 64)
    whole = cosine_pairs(vectors, max_distance=0.32)
    monkeypatch.setattr(cosine, "_ROWS", 37)
    monkeypatch.setattr(cosine, "_COLUMNS", 53)
    monkeypatch.setattr(cosine, "_RECHECKED", 11)
    for one, other in zip(whole, cosine_pairs(vectors, max_distance=0.32), strict=True):
        np.testing.assert_array_equal(one, other)
    assert whole[0].size > 50
    assert (whole[2] <= 0.32).all()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_equal_directions_are_at_distance_zero(dtype: Any) -> None:
    row = np.random.default_rng(1).normal(size=32)
    vectors = np.stack([row, -row, row, 4 * row]).astype(dtype)
    i, j, distance = cosine_pairs(vectors, max_distance=0)
    assert listed((i, j, distance)) == [(0, 2, 0), (0, 3, 0), (2, 3, 0)]
    assert cosine_pairs(vectors, max_distance=5)[2].max() == 2


@pytest.mark.parametrize(
    ("vectors", "limit", "says"),
    [
        (np.zeros((2, 3), np.int64), 0.1, "floats"),
        (np.ones(3, np.float32), 0.1, "two-dimensional"),
        (np.array([[1, 2], [0, 0]], np.float32), 0.1, "row 1 has a length of zero"),
        (np.array([[1, np.nan], [1, 0]], np.float32), 0.1, "row 0 has NaN"),
        (np.array([[1, np.inf], [1, 0]], np.float32), 0.1, "row 0 has NaN or infinity"),
        (np.ones((2, 3), np.float32), -0.1, "0 or more"),
        (np.ones((2, 3), np.float32), float("nan"), "0 or more"),
    ],
)
def test_cosine_pairs_refuse_bad_input(vectors: Any, limit: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cosine_pairs(vectors, max_distance=limit)


def test_cosine_pairs_refuse_lists_of_different_width() -> None:
    with pytest.raises(ValueError, match="others have 4 numbers per row, vectors have 3"):
        cosine_pairs(np.ones((2, 3), np.float32), np.ones((2, 4), np.float32), max_distance=1)


def test_blocks_of_torch_equal_those_of_numpy() -> None:
    pytest.importorskip("torch")
    vectors = clustered(300, 16)
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    for one_list in (True, False):
        ways = (
            cosine._blocks(unit, unit, 0.68, one_list=one_list),
            cosine._blocks_on_gpu(unit, unit, 0.68, one_list=one_list, device="cpu"),
        )
        one, other = ({(int(i), int(j)) for some in way for i, j in zip(*some, strict=True)} for way in ways)
        assert one == other
