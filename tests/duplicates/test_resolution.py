"""Resolution in typical situations."""

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from lap_assets.core.verdicts.log import Mark, PairVerdict, TakeBack
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import DEFAULT_RULES, rules_from
from lap_assets.duplicates.verdict_table import NO_VERDICTS

A, B, C, D = (f"MAL00001_0001_00000{n}.jpg" for n in (1, 2, 3, 4))
FAR = "MAL00002_0001_000001.jpg"
Table = Callable[..., pl.DataFrame]


@pytest.fixture
def verdict(sha: Callable[[str], str]) -> Callable[..., PairVerdict]:
    def make(first: str, second: str, removed: str | None, what: str = "duplicate", **more: Any) -> PairVerdict:
        fields: dict[str, Any] = {"reviewer": "ann", "first_sha256": sha(first), "second_sha256": sha(second)}
        return PairVerdict(first=first, second=second, removed=removed, verdict=what, **{**fields, **more})  # type: ignore[arg-type]

    return make


def fate(decisions: pl.DataFrame) -> dict[str, tuple[str | None, str | None]]:
    removed = decisions.filter(pl.col("decision") == "remove")
    return {
        name: (partner, survivor) for name, partner, survivor in removed.select("name", "partner", "survivor").rows()
    }


def asked(pending: pl.DataFrame) -> list[tuple[str, str]]:
    return pending.select("first", "second").rows()


def test_the_smaller_poster_is_removed_and_chains_end_at_a_kept_one(posters: Table, pairs: Table) -> None:
    resolution = resolve(
        posters({A: 100, B: 200, C: 300, FAR: 300}),
        pairs([(A, B, 1), (B, C, 2), (A, C, 2), (C, FAR, 2)]),
        NO_VERDICTS,
        DEFAULT_RULES,
    )
    # A-B is nearer, but B is removed; so A is removed in favor of the kept poster.
    assert fate(resolution.decisions) == {A: (C, C), B: (C, C)}
    row = resolution.decisions.row(0, named=True)
    assert (row["rule"], row["by"], row["measure"], row["distance"]) == ("same_ahash", "rule", "ahash", 2)
    assert asked(resolution.pending) == [(C, FAR)]


def test_fewer_bytes_then_the_later_name_break_ties(posters: Table, pairs: Table) -> None:
    table = posters({A: 100, B: 100, C: 100}).with_columns(bytes=pl.Series([9, 10, 10], dtype=pl.Int64))
    resolution = resolve(table, pairs([(A, B, 0), (B, C, 0)]), NO_VERDICTS, DEFAULT_RULES)
    assert fate(resolution.decisions) == {A: (B, B), C: (B, B)}


def test_unreadable_posters_are_set_aside_and_ignored(posters: Table, pairs: Table) -> None:
    table = posters({A: 100, B: 200}, problems={B: "is empty"})
    resolution = resolve(table, pairs([(A, B, 0)]), NO_VERDICTS, DEFAULT_RULES)
    assert resolution.decisions.select("name", "decision").rows() == [(A, "keep"), (B, "aside")]
    assert resolution.pending.is_empty()


def test_a_person_may_keep_the_smaller(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    resolution = resolve(posters({A: 100, B: 200}), pairs([(A, B, 5)]), logged(verdict(A, B, B)), DEFAULT_RULES)
    row = resolution.decisions.row(1, named=True)
    assert (row["name"], row["partner"], row["survivor"]) == (B, A, A)
    assert (row["rule"], row["by"], row["reviewer"], row["distance"]) == ("same_ahash_review", "person", "ann", 5)
    assert resolution.pending.is_empty()


def test_a_distinct_verdict_overrides_the_rules(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    table, near = posters({A: 100, B: 200}), pairs([(A, B, 0, 0, 0, 0.0)])
    resolution = resolve(table, near, logged(verdict(A, B, None, "distinct")), DEFAULT_RULES)
    assert fate(resolution.decisions) == {}
    assert resolution.pending.is_empty()


def test_a_verdict_taken_back_has_no_effect(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    table, near = posters({A: 100, B: 200, C: 300}), pairs([(A, B, 5), (A, C, 1)])
    word = verdict(A, B, B)
    back = TakeBack(reviewer="ann", takes_back=word.id)
    unaffected = resolve(table, near, NO_VERDICTS, DEFAULT_RULES)
    assert resolve(table, near, logged(word, back), DEFAULT_RULES).decisions.equals(unaffected.decisions)
    again = TakeBack(reviewer="ann", takes_back=back.id)
    restored = resolve(table, near, logged(word, back, again), DEFAULT_RULES).decisions
    assert fate(restored) == {A: (C, C), B: (A, C)}


def test_disputed_pairs_are_left_to_people(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given = logged(verdict(A, B, B), verdict(A, B, None, "distinct", reviewer="bo"))
    resolution = resolve(posters({A: 100, B: 200}), pairs([(A, B, 0)]), given, DEFAULT_RULES)
    assert fate(resolution.decisions) == {}
    assert resolution.pending.select("first", "second", "rule", "state").rows() == [(A, B, "same_ahash", "conflict")]
    assert len(resolution.conflicts) == 1
    assert A in resolution.conflicts[0]


def test_a_circle_of_verdicts_keeps_the_largest(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given = logged(verdict(A, B, A), verdict(B, C, B), verdict(A, C, C), verdict(A, D, D))
    resolution = resolve(posters({A: 100, B: 300, C: 200, D: 400}), pairs([]), given, DEFAULT_RULES)
    assert fate(resolution.decisions) == {A: (B, B), C: (A, B), D: (A, B)}
    assert [line for line in resolution.conflicts if B in line]


def test_a_circle_of_a_person_and_rules_keeps_one(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given = logged(verdict(A, C, C))
    resolution = resolve(posters({A: 100, B: 200, C: 300}), pairs([(A, B, 0), (B, C, 1)]), given, DEFAULT_RULES)
    # A is removed for B, and C for A, so for B; B must not be removed for C, or nothing would stay.
    assert fate(resolution.decisions) == {A: (B, B), C: (A, B)}


def test_marks_and_both_removed_keep_no_survivor(
    posters: Table, pairs: Table, logged: Table, verdict: Any, sha: Callable[[str], str]
) -> None:
    given = logged(Mark(reviewer="ann", name=A, sha256=sha(A), tool="explorer"), verdict(B, C, None, "both_removed"))
    near = pairs([(A, D, 0)])
    resolution = resolve(posters({A: 100, B: 100, C: 100, D: 50}), near, given, DEFAULT_RULES)
    # D is a smaller copy of the marked poster, so it is removed too.
    assert fate(resolution.decisions) == {A: (None, None), B: (None, None), C: (None, None), D: (A, None)}
    assert resolution.decisions["rule"].to_list() == ["marks", None, None, "same_ahash"]
    without = resolve(posters({A: 100, D: 50}), near, given, rules_from({"marks": None}))
    assert fate(without.decisions) == {D: (A, A)}


def test_a_rescraped_copy_follows_the_chain(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given = logged(verdict(A, B, A))
    near = [(A, B, 9), (A, C, 1), (B, C, 10)]
    smaller = resolve(posters({A: 300, B: 200, C: 100}), pairs(near), given, DEFAULT_RULES)
    assert fate(smaller.decisions) == {A: (B, B), C: (A, B)}
    assert smaller.pending.is_empty()
    far = [(A, B, 9), (A, C, 1)]
    larger = resolve(posters({A: 300, B: 200, C: 400}), pairs(far), given, DEFAULT_RULES)
    assert fate(larger.decisions) == {A: (B, B)}
    assert larger.pending.select("first", "second", "rule", "distance", "via").rows() == [(B, C, "same_ahash", 1, A)]


def test_a_verdict_follows_the_content(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given, near = logged(verdict(A, B, A)), pairs([(B, D, 7)])
    moved = resolve(posters({B: 200, D: (300, A)}), near, given, DEFAULT_RULES)
    assert fate(moved.decisions) == {D: (B, B)}
    changed = resolve(posters({A: (300, "new"), B: 200}), near, given, DEFAULT_RULES)
    assert fate(changed.decisions) == {}
    assert changed.not_applying["first"].to_list() == [A]
    elsewhere = resolve(posters({B: 200, FAR: (300, A)}), near, given, DEFAULT_RULES)
    assert fate(elsewhere.decisions) == {}


def test_skipped_pairs_stay_pending_with_their_state(posters: Table, pairs: Table, logged: Table, verdict: Any) -> None:
    given = logged(verdict(A, B, None, "skip"), verdict(A, C, None, "unsure"))
    near = pairs([(A, B, 5), (A, C, 6), (B, C, None, None, None, 0.1)])
    resolution = resolve(posters({A: 100, B: 200, C: 300}), near, given, DEFAULT_RULES)
    states = resolution.pending.select("second", "state", "likely").rows()
    assert states == [(B, "skip", False), (C, "unsure", False), (C, None, True)]


def test_bad_tables_are_refused(posters: Table, pairs: Table) -> None:
    with pytest.raises(ValueError, match=f"posters has {A} twice"):
        resolve(pl.concat([posters({A: 1}), posters({A: 1})]), pairs([]), NO_VERDICTS, DEFAULT_RULES)
    with pytest.raises(ValueError, match="no column phash"):
        resolve(posters({A: 1}).drop("phash"), pairs([]), NO_VERDICTS, DEFAULT_RULES)
    with pytest.raises(ValueError, match="names must ascend"):
        resolve(posters({A: 1, B: 1}), pairs([(B, A, 1)]), NO_VERDICTS, DEFAULT_RULES)
