"""Pairs of posters, compared with brute force."""

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.duplicates.candidate_pairs import find_cosine_pairs, find_hash_pairs, merge_pairs
from lap_assets.duplicates.rules import DEFAULT_RULES, Rules, rules_from
from lap_assets.duplicates.tables import COSINE_PAIRS, HASH_PAIRS, PAIRS, POSTERS
from tests.profiles import examples

HASHES = ("ahash", "phash", "dhash")
# The top bit is set in some codes, because they are unsigned.
codes = st.builds(lambda top, low: (top << 63) | ((1 << low) - 1), st.integers(0, 1), st.integers(0, 20))


@st.composite
def poster_tables(draw: st.DrawFn, anime: tuple[int, ...]) -> pl.DataFrame:
    rows = []
    for number in range(draw(st.integers(0, 9))):
        row: dict[str, Any] = dict.fromkeys(POSTERS, 1)
        mal_id = draw(st.sampled_from(anime))
        row |= {"mal_id": mal_id, "name": f"MAL{mal_id:05d}_0001_{number:06d}.jpg", "source": "mal", "sha256": "0" * 64}
        row |= {measure: draw(codes) for measure in HASHES} | {"problem": None}
        if draw(st.integers(0, 6)) == 0:
            row |= {"problem": "is empty", "ahash": None, "phash": None, "dhash": None}
        rows.append(row)
    return pl.DataFrame(rows, POSTERS)


def compared(posters: pl.DataFrame, lower: pl.DataFrame | None, rules: Rules) -> list[tuple[Any, ...]]:
    ours = [row for row in posters.iter_rows(named=True) if row["problem"] is None]
    theirs = [] if lower is None else [row for row in lower.iter_rows(named=True) if row["problem"] is None]
    found = []
    for one, other in [*combinations(ours, 2), *((a, b) for a in ours for b in theirs)]:
        apart = {measure: (one[measure] ^ other[measure]).bit_count() for measure in HASHES}
        scope: Any = "same" if one["mal_id"] == other["mal_id"] else "other"
        if any((high := rules.widest(scope, m)) is not None and apart[m] <= high for m in apart):  # type: ignore[arg-type]
            found.append((*sorted((one["name"], other["name"])), *apart.values()))
    return sorted(found)


@examples(80)
@given(
    poster_tables((1000, 1001, 2000)),
    st.none() | poster_tables((1, 2)),
    st.sampled_from([DEFAULT_RULES, rules_from({"other_hashes_review": None, "same_ahash_review": {"ahash": [3, 5]}})]),
)
def test_hash_pairs_equal_brute_force(posters: pl.DataFrame, lower: pl.DataFrame | None, rules: Rules) -> None:
    found = find_hash_pairs(posters, lower, rules)
    assert found.schema == HASH_PAIRS
    assert found.rows() == compared(posters, lower, rules)


def test_subfolders_together_find_what_one_table_finds() -> None:
    rng = np.random.default_rng(3)
    centers = rng.integers(0, 2**64, 40, dtype=np.uint64)
    count = 600
    anime = np.sort(rng.integers(1, 300, count))
    near = [rng.choice(centers, count) ^ (np.uint64(1) << rng.integers(0, 64, count).astype(np.uint64)) for _ in HASHES]
    posters = pl.DataFrame(
        {
            "name": [f"MAL{mal_id:05d}_0001_{number:06d}.jpg" for number, mal_id in enumerate(anime)],
            "mal_id": anime,
            **{key: [None] * count for key in ("source", "sha256", "problem")},
            **{key: [1] * count for key in ("width", "height", "bytes")},
            **dict(zip(HASHES, near, strict=True)),
        },
        schema_overrides=dict(POSTERS.items()),
    )
    whole = find_hash_pairs(posters, None, DEFAULT_RULES)
    low, high = posters.filter(pl.col("mal_id") < 150), posters.filter(pl.col("mal_id") >= 150)
    parts = [find_hash_pairs(low, None, DEFAULT_RULES), find_hash_pairs(high, low, DEFAULT_RULES)]
    assert pl.concat(parts).sort("first", "second").equals(whole)
    assert whole.height > 1000


def test_an_anime_in_both_tables_is_refused(posters: Any) -> None:
    one, other = posters({"MAL00005_0001_000001.jpg": 1}), posters({"MAL00005_0001_000002.jpg": 1})
    with pytest.raises(ValueError, match="anime 5 has posters both in the subfolder and in a lower one"):
        find_hash_pairs(one, other, DEFAULT_RULES)


def test_cosine_pairs_by_name_and_merged() -> None:
    names, lower = pl.Series(["MAL01000_b", "MAL01000_a"]), pl.Series(["MAL00001_c"])
    vectors = np.array([[1, 0], [1, 0.1]], np.float32)
    found = find_cosine_pairs(names, vectors, lower, np.array([[1, 0]], np.float32), DEFAULT_RULES)
    assert found.schema == COSINE_PAIRS
    expected = [("MAL00001_c", "MAL01000_a"), ("MAL00001_c", "MAL01000_b"), ("MAL01000_a", "MAL01000_b")]
    assert found.select("first", "second").rows() == expected
    assert found["cosine"].round(4).to_list() == pytest.approx([0.005, 0, 0.005], abs=1e-4)
    hashes = pl.DataFrame([("MAL01000_a", "MAL01000_b", 1, 2, 3), ("x", "y", 4, 5, 6)], HASH_PAIRS, orient="row")
    merged = merge_pairs(hashes, found)
    assert merged.schema == PAIRS
    assert merged.select("first", "ahash").rows() == [*[("MAL00001_c", None)] * 2, ("MAL01000_a", 1), ("x", 4)]
    assert merge_pairs(hashes, None)["cosine"].null_count() == 2
    with pytest.raises(ValueError, match="2 names for 1 vectors"):
        find_cosine_pairs(names, vectors[:1], None, None, DEFAULT_RULES)
    nothing = find_cosine_pairs(names, vectors, None, None, rules_from({"cosine_review": None}))
    assert nothing.is_empty()
