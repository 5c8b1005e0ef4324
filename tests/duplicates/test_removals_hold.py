"""A rule removes a poster only in favor of a kept one within its range; a person decides about chains.

The drawn posters are of a few anime, in any sizes and orders, with hashes a few bits apart, so chains are frequent.
The pairs come from the search.
"""

from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.duplicates.candidate_pairs import find_hash_pairs, merge_pairs
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.tables import COSINE_PAIRS, POSTER_FACTS, POSTERS
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from tests.profiles import examples

SCHEMA = [*POSTERS.items(), *POSTER_FACTS.items()]


def poster(number: int, mal_id: int, side: int, code: int, **facts: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys([*POSTERS, *POSTER_FACTS])
    row |= {"name": f"MAL{mal_id:05d}_1000_{number:06d}.jpg", "mal_id": mal_id, "source": "mal"}
    row |= {"sha256": f"{number:064x}", "width": side, "height": side, "bytes": 50_000}
    return row | {"ahash": code, "phash": code, "dhash": code, "structure": 40.0} | facts


def resolved(rows: list[dict[str, Any]]) -> Resolution:
    posters = pl.DataFrame(rows, SCHEMA)
    pairs = merge_pairs(find_hash_pairs(posters, None, DEFAULT_RULES), None)
    return resolve(posters, pairs, NO_VERDICTS, DEFAULT_RULES)


@st.composite
def chained_posters(draw: st.DrawFn) -> list[dict[str, Any]]:
    code, rows = draw(st.integers(0, 2**64 - 1)), []
    for number in range(draw(st.integers(2, 14))):
        for bit in draw(st.lists(st.integers(0, 63), max_size=3)):
            code ^= 1 << bit
        facts = {"structure": draw(st.sampled_from([40.0] * 5 + [3.0, None]))}
        rows.append(poster(number + 1, draw(st.sampled_from([1, 1, 1, 2])), draw(st.integers(400, 406)), code, **facts))
    return draw(st.permutations(rows))


@examples(200)
@given(chained_posters())
def test_a_rule_only_removes_posters_within_its_range_of_a_kept_one(rows: list[dict[str, Any]]) -> None:
    resolution, by_name = resolved(rows), {row["name"]: row for row in rows}
    decisions = {row["name"]: row for row in resolution.decisions.iter_rows(named=True)}
    for name, row in decisions.items():
        if row["decision"] != "remove":
            continue
        loser, kept = by_name[name], by_name[row["survivor"]]
        assert decisions[row["survivor"]]["decision"] == "keep"
        assert row["partner"] == row["survivor"]
        rule = DEFAULT_RULES[row["rule"]]
        assert rule.action == "remove"
        assert rule.applies(same=loser["mal_id"] == kept["mal_id"])
        apart = (loser["ahash"] ^ kept["ahash"]).bit_count()
        assert apart == row["distance"] <= rule.ranges[0].high
        assert all(one["structure"] is None or one["structure"] >= DEFAULT_RULES.structure for one in (loser, kept))


@examples(200)
@given(chained_posters())
def test_a_chain_is_one_group_for_a_person(rows: list[dict[str, Any]]) -> None:
    """The survivors of posters that the rules join are connected by pending pairs."""
    resolution, by_name = resolved(rows), {row["name"]: row for row in rows}
    ends = dict(resolution.decisions.select("name", pl.coalesce("survivor", "name")).iter_rows())
    group = {name: name for name in by_name}

    def leader(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for first, second in resolution.pending.select("first", "second").iter_rows():
        assert {first, second} <= set(ends.values())
        group[leader(first)] = leader(second)
    for first in by_name.values():
        for second in by_name.values():
            same = first["mal_id"] == second["mal_id"]
            if (first["ahash"] ^ second["ahash"]).bit_count() <= (2 if same else 1):
                assert leader(ends[first["name"]]) == leader(ends[second["name"]])


@pytest.mark.parametrize("step", [1, -1])
def test_twelve_posters_in_a_chain_keep_their_distance(step: int) -> None:
    rows = [poster(k + 1, 10, 400 + step * k, 0xFFFFFFFF << 16 ^ (1 << 2 * k) - 1) for k in range(12)]
    resolution = resolved(rows)
    codes = {row["name"]: row["ahash"] for row in rows}
    removed = resolution.decisions.filter(pl.col("decision") == "remove").select("name", "survivor").rows()
    assert len(removed) == 6
    assert {(codes[name] ^ codes[survivor]).bit_count() for name, survivor in removed} == {2}
    kept = sorted(codes.keys() - {name for name, _ in removed})
    asked = set(resolution.pending.select("first", "second").iter_rows())
    assert asked.issuperset(pairwise(kept))


def test_chain_ends_beyond_every_range_are_linked_by_removed_posters() -> None:
    """Both ends are outside of every rule's range, by their other hashes too."""
    codes = [0, 1, 3]
    far = [0x0, 0xFF, 0xFFFF]  # pHash and dHash, so that the rules for people do not cover the ends
    rows = [
        poster(k + 1, k + 1, side, codes[k], phash=far[k], dhash=far[k])
        for k, side in enumerate((400, 300, 500))
    ]  # fmt: skip
    for row in rows:
        row["ahash"] <<= 8
    resolution = resolved(rows)
    assert resolution.decisions["decision"].to_list() == ["keep", "remove", "keep"]
    assert resolution.pending.select("first", "second").rows() == [(rows[0]["name"], rows[2]["name"])]


@pytest.mark.parametrize(("cosine", "same", "seen"), [
    (0.51, False, False), (0.5, False, True), (None, False, True), (0.9, True, True),
])  # fmt: skip
def test_pairs_with_near_hashes_and_distant_vectors_are_not_asked(cosine: float | None, same: bool, seen: bool) -> None:
    for bits, decision in ((0xF, "keep"), (0, "remove")):  # a rule for people, and a removing rule
        rows = [poster(1, 1, 500, 0xFFFF << 9), poster(2, 1 if same else 2, 400, 0xFFFF << 9 ^ bits)]
        posters = pl.DataFrame(rows, SCHEMA)
        names = sorted(row["name"] for row in rows)
        by_vector = pl.DataFrame([(*names, cosine)], dict(COSINE_PAIRS.items()), orient="row")
        pairs = merge_pairs(find_hash_pairs(posters, None, DEFAULT_RULES), by_vector)
        resolution = resolve(posters, pairs, NO_VERDICTS, DEFAULT_RULES)
        decided = resolution.decisions.filter(pl.col("name") == rows[1]["name"])["decision"].item()
        assert decided == (decision if seen else "keep")
        assert resolution.pending.height == (seen and decision == "keep")
