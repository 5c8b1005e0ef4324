"""The law of the review tools: whatever people decide, Comparer and Explorer agree with the graph.

The examples have posters (some with equal bytes, several anime, some unreadable), verdict logs (several reviewers, all
kinds of verdicts, marks, take-backs, missing content) and tables of rules (with and without the rule for marks). The
graph reads the logs through its tables, the tools through their own files and lists.
"""

import tempfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import DECIDING, Line, Mark, PairVerdict, TakeBack
from lap_assets.core.verdicts.log import VerdictLog, read_verdicts
from lap_assets.core.verdicts.sizes import PosterSize, SizeKey
from lap_assets.duplicates.resolution import Resolution, resolve
from lap_assets.duplicates.rules import Rules, rules_from
from lap_assets.duplicates.tables import PAIRS, POSTERS
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_gui.comparer.session import ReviewSession
from lap_gui.explorer.marking import Marking
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from tests.profiles import examples

EVERY_PAIR_ASKED = {"same_ahash": None, "other_ahash": None, "cosine_review": {"cosine": [0, 2]}}
RULES: list[dict[str, Any]] = [{}, {"marks": None}, EVERY_PAIR_ASKED, {**EVERY_PAIR_ASKED, "marks": None}]


@dataclass(frozen=True)
class Case:
    posters: tuple[dict[str, Any], ...]
    pairs: tuple[dict[str, Any], ...]
    lines: tuple[Line, ...]
    rules: Rules

    @property
    def readable(self) -> list[Poster]:
        return [Poster(row["name"], row["sha256"]) for row in self.posters if row["problem"] is None]

    def size_key(self, poster: Poster) -> SizeKey:
        row = next(row for row in self.posters if row["name"] == poster.name)
        return PosterSize(poster.name, row["width"] * row["height"], row["bytes"]).key


def sha(number: int) -> str:
    return f"{number:064x}"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    posters: list[dict[str, Any]] = []
    for number in range(draw(st.integers(2, 5))):
        mal_id = draw(st.sampled_from([1, 1, 1, 2, 1000]))
        row: dict[str, Any] = dict.fromkeys(POSTERS, 0)
        row |= {"name": f"MAL{mal_id:05d}_0001_{number:06d}.jpg", "mal_id": mal_id, "source": "mal"}
        row |= {"sha256": sha(draw(st.sampled_from([number, number, 0]))), "bytes": draw(st.integers(1, 2))}
        row |= {"width": draw(st.integers(1, 3)), "height": 1}
        row["problem"] = draw(st.sampled_from([None] * 9 + ["broken"])) if number > 1 else None
        posters.append(row)
    names = sorted(row["name"] for row in posters)
    pairs = [
        dict.fromkeys(PAIRS)
        | {"first": one, "second": other, "ahash": draw(st.sampled_from([0, 5, 20])), "cosine": 0.5}
        for one, other in combinations(names, 2)
    ]
    readable = [row for row in posters if row["problem"] is None]  # the others are in no list
    lines: list[Line] = []
    for number in range(draw(st.integers(0, 8))):
        lines.append(draw(log_lines(readable, lines, str(number))))
    return Case(tuple(posters), tuple(pairs), tuple(lines), rules_from(draw(st.sampled_from(RULES))))


@st.composite
def log_lines(draw: st.DrawFn, posters: list[dict[str, Any]], earlier: list[Line], name: str) -> Line:
    line: dict[str, Any] = {"id": name, "reviewer": draw(st.sampled_from(["ann", "ann", "bo"]))}
    kind = draw(st.sampled_from(["pair"] * 7 + ["mark", "take back"]))
    if kind == "take back" and earlier:
        return TakeBack(takes_back=draw(st.sampled_from(earlier)).id, **line)
    one, other = draw(st.permutations(posters))[:2]
    contents = [draw(st.sampled_from([row["sha256"]] * 9 + [sha(99)])) for row in (one, other)]  # some are missing
    if kind != "pair":
        return Mark(name=one["name"], sha256=contents[0], tool="explorer", **line)
    verdict: Any = draw(st.sampled_from(["duplicate"] * 4 + ["distinct", "both_removed", "skip", "unsure"]))
    removed = draw(st.sampled_from([one["name"], other["name"]])) if verdict == "duplicate" else None
    ends = {"first": one["name"], "first_sha256": contents[0], "second": other["name"], "second_sha256": contents[1]}
    return PairVerdict(verdict=verdict, removed=removed, **ends, **line)


@given(cases())
@examples(200)
def test_the_tools_agree_with_the_graph(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        logs = Logs(Path(folder) / "v.jsonl")
        log = VerdictLog(logs.path)
        for line in case.lines:
            log.append(line)
        verdicts = verdicts_table(read_verdicts([logs.path]))
        graph = resolve(pl.DataFrame(case.posters, POSTERS), pl.DataFrame(case.pairs, PAIRS), verdicts, case.rules)
        pairs = [Pair(one, other) for one, other in combinations(sorted(case.readable), 2)]
        marks_act = case.rules.for_marks is not None
        for reviewer in ("ann", "nobody"):
            session = ReviewSession(pairs, logs, reviewer, marks_act=marks_act, size_key=case.size_key)
            marking = Marking(logs, reviewer, case.readable, marks_act=marks_act, size_key=case.size_key)
            check_removed(graph, session, marking, case)
            check_states(graph, session, pairs, case)


def check_removed(graph: Resolution, session: ReviewSession, marking: Marking, case: Case) -> None:
    by_people = graph.decisions.filter((pl.col("decision") == "remove") & (pl.col("by") == "person"))
    removed = set(by_people["name"].to_list())
    assert {poster.name for poster in case.readable if session.index.is_removed(poster)} == removed
    assert {poster.name for poster in case.readable if marking.index.is_removed(poster)} == removed
    assert marking.removed() <= removed
    marked = {poster.name for poster in case.readable if marking.is_marked(poster)}
    assert removed <= marking.removed() | marked
    in_pairs = {name for pair in session.queue.pairs for name in (pair.first.name, pair.second.name)}
    assert set(session.removed()) == removed & in_pairs


def check_states(graph: Resolution, session: ReviewSession, pairs: list[Pair], case: Case) -> None:
    pending = {(first, second): state for first, second, state in
               graph.pending.select("first", "second", "state").iter_rows()}  # fmt: skip
    kept = set(graph.decisions.filter(pl.col("decision") == "keep")["name"].to_list())
    everything_asked = case.rules.widest("other", "cosine") == 2
    for place, pair in enumerate(pairs):
        names = (pair.first.name, pair.second.name)
        state = session.index.state(*pair.posters)
        if names in pending:
            undecided = {None: ("open", "follows"), "conflict": ("conflict", "follows")}
            assert state in undecided.get(pending[names], ("left_open", "follows"))
            assert session.queue.state(place) in ("open", "left_open", "conflict", "follows")
        elif everything_asked and kept.issuperset(names):
            assert state == "decided"
        elif kept.issuperset(names):
            assert state not in ("removed", "conflict")
        if state == "decided":
            assert names not in pending
            assert {verdict.verdict for verdict in session.verdicts_on(pair)} & DECIDING
        if state == "removed":
            assert not kept.issuperset(names)
