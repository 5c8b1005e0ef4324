"""Many posters with the same hashes: same decisions as with every pair, at linear cost."""

from itertools import combinations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.subfolders import subfolder_of
from lap_assets.duplicates.alike import CROWD
from lap_assets.duplicates.candidate_pairs import find_hash_pairs, merge_pairs
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.verdict_table import NO_VERDICTS, VERDICTS
from tests.duplicates.test_removals_hold import SCHEMA, poster
from tests.duplicates.test_resolution_laws import Retelling, World
from tests.profiles import examples

CODE = 0x3C3C3C3C0000


@st.composite
def crowded_posters(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw crowds whose codes differ by a few bits, with single posters near them, in two subfolders."""
    rows: list[dict[str, Any]] = []
    codes = [CODE ^ (draw(st.integers(0, 255)) << 8) for _ in range(3)]
    sizes = draw(st.lists(st.integers(CROWD + 1, CROWD + 9), min_size=1, max_size=2))
    for code, size in zip(codes, [*sizes, *[1] * (3 - len(sizes))], strict=True):
        for _ in range(size):
            mal_id = draw(st.sampled_from([1, 1, 2, 3, 1500, 1501, 1502]))
            facts = {"structure": draw(st.sampled_from([40.0, 40.0, 40.0, 3.0]))}
            rows.append(poster(len(rows) + 1, mal_id, draw(st.integers(400, 410)), code, **facts))
    return rows


def found_pairs(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Find pairs like the graph: subfolder by subfolder, each with the lower ones."""
    frame = pl.DataFrame(rows, SCHEMA).with_columns(
        pl.col("mal_id").map_elements(subfolder_of, return_dtype=pl.String).alias("subfolder")
    )
    tables = []
    for key in frame["subfolder"].unique().sort():
        lower = frame.filter(pl.col("subfolder") < key)
        tables.append(find_hash_pairs(frame.filter(pl.col("subfolder") == key), lower, DEFAULT_RULES))
    return merge_pairs(pl.concat(tables), None)


def resolved(rows: list[dict[str, Any]], verdicts: pl.DataFrame = NO_VERDICTS) -> Resolution:
    return resolve(pl.DataFrame(rows, SCHEMA), found_pairs(rows), verdicts, DEFAULT_RULES)


def every_pair(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pairs = []
    for one, other in combinations(sorted(rows, key=lambda row: row["name"]), 2):
        apart = {name: (one[name] ^ other[name]).bit_count() for name in ("ahash", "phash", "dhash")}
        pairs.append({"first": one["name"], "second": other["name"], "cosine": None, **apart})
    return pairs


@examples(40)
@given(crowded_posters())
def test_a_crowd_gets_the_decisions_of_all_its_pairs(rows: list[dict[str, Any]]) -> None:
    resolution = resolved(rows)
    expected = Retelling(World(tuple(rows), tuple(every_pair(rows)), ()))
    decided = resolution.decisions.select("name", "survivor").rows()
    assert {name for name, survivor in decided if survivor} == expected.partner.keys()
    asked = set(resolution.pending.filter(pl.col("via").is_null()).select("first", "second").iter_rows())
    assert asked <= expected.asked()
    assert groups(asked) == groups(expected.asked())


def groups(pairs: set[tuple[str, str]]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for first, second in pairs:
        joined = found.get(first, {first}) | found.get(second, {second})
        found.update(dict.fromkeys(joined, joined))
    return {frozenset(group) for group in found.values()}


@pytest.mark.parametrize("structure", [40.0, 3.0])
def test_a_crowd_of_a_thousand_has_linear_cost(structure: float) -> None:
    rows = [
        poster(n, n, 400 + n % 7, CODE ^ (n % 2 << 3), phash=1, dhash=0, structure=structure) for n in range(1, 1001)
    ]
    assert found_pairs(rows).height < 4 * len(rows)
    resolution = resolved(rows)
    removed = resolution.decisions.filter(pl.col("decision") == "remove").height
    assert removed == (999 if structure == 40.0 else 0)
    assert resolution.pending.height <= 2 * (len(rows) - 1 - removed)


def test_a_member_distinct_from_the_largest_is_paired_with_the_next() -> None:
    rows = [poster(n, n, 500 - n, CODE, structure=3.0) for n in range(1, 31)]
    asked = resolved(rows).pending.select("first", "second").rows()
    first = rows[0]["name"]
    assert asked == [(first, row["name"]) for row in rows[1:]]
    verdict: dict[str, Any] = dict.fromkeys(VERDICTS)
    verdict |= {"id": "d", "time": "2026-01-01T00:00:00+00:00", "reviewer": "ann", "kind": "pair", "conflict": False}
    verdict |= {"verdict": "distinct", "first": first, "second": rows[9]["name"]}
    verdict |= {"first_sha256": rows[0]["sha256"], "second_sha256": rows[9]["sha256"]}
    after = resolved(rows, pl.DataFrame([verdict], VERDICTS)).pending.select("first", "second").rows()
    assert set(after) ^ set(asked) == {(first, rows[9]["name"]), (rows[1]["name"], rows[9]["name"])}
