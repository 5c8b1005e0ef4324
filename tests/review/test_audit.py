"""Audits of undecided pairs: a random sample, kept in the home, and the bound from its answers."""

import json
import os
from pathlib import Path

import polars as pl
import pytest

from lap_assets.commands.review_audit import current_audit, finish
from lap_assets.core.errors import FileError, InputError
from lap_assets.core.home import Home
from lap_assets.core.verdicts.log import PairVerdict, Verdict, VerdictLog, read_verdicts
from lap_assets.release.card import card
from lap_assets.review.audit import Audit, SampledPair, draw, newest_audit, read_audits, write_audits
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from tests.gui.words import poster


def name(number: int) -> str:
    return f"MAL{1 + number % 900:05d}_0001_{number:06d}.jpg"


def sampled(count: int) -> list[SampledPair]:
    ends = [(poster(name(2 * n)), poster(name(2 * n + 1))) for n in range(count)]
    return [SampledPair(one.name, one.sha256, other.name, other.sha256) for one, other in ends]


def answer(pair: SampledPair, verdict: Verdict, reviewer: str = "ann") -> PairVerdict:
    removed = pair.second if verdict == "duplicate" else None
    return PairVerdict(
        reviewer=reviewer, first=pair.first, first_sha256=pair.first_sha256, second=pair.second,
        second_sha256=pair.second_sha256, verdict=verdict, removed=removed,
    )  # fmt: skip


def answered(audit: Audit, duplicates: int) -> list[PairVerdict]:
    return [answer(pair, "duplicate" if n < duplicates else "distinct") for n, pair in enumerate(audit.pairs)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Forty waiting pairs: the first ten with p = .9, the others with p = .01."""
    made = Home(tmp_path / "home")
    for folder in (made.posters, made.candidates, made.verdicts):
        folder.mkdir(parents=True)
    rows = [
        f"{one.first},{one.second},{one.first_sha256},{one.second_sha256},{0.9 if n < 10 else 0.01}"
        for n, one in enumerate(sampled(40))
    ]
    header = "first,second,first_sha256,second_sha256,probability"
    made.labels.joinpath("queue.csv").write_text("\n".join([header, *rows]) + "\n")
    return made


def begun(home: Home, size: int = 20, below: float | None = None, *, new: bool = False) -> Audit:
    return current_audit(home, [home.labels / "queue.csv"], below=below, size=size, is_new=new, marks_act=True)


@pytest.mark.parametrize(("duplicates", "at_most"), [(0, 295), (2, 616), (100, 10_000)])
def test_a_finished_audit_bounds_what_is_missed(duplicates: int, at_most: int) -> None:
    audit = draw(sampled(10_000), None, 100, seed=1)
    judged = audit.judged(answered(audit, duplicates)).result
    assert (judged.answered, judged.duplicates) == (100, duplicates)
    assert judged.missed_at_most is not None
    assert abs(judged.missed_at_most - at_most) <= at_most * 0.01


def test_an_audit_of_all_pairs_counts_them() -> None:
    audit = draw(sampled(7), None, 100, seed=1)
    assert audit.judged(answered(audit, 2)).result.missed_at_most == 2


def test_there_is_no_bound_until_every_pair_is_answered_and_unsure_counts_as_missed() -> None:
    audit = draw(sampled(50), None, 4, seed=1)
    one, two, three, four = audit.pairs
    said = [answer(one, "distinct"), answer(two, "unsure"), answer(three, "skip")]
    said += [answer(four, "distinct"), answer(four, "duplicate", "bob")]
    judged = audit.judged(said)
    assert (judged.result.answered, judged.result.duplicates, judged.result.disputed) == (3, 2, 1)
    assert judged.result.missed_at_most is None
    assert str(judged) == "3 of a random sample of 4 from 50 undecided pairs are answered"
    assert audit.waiting_for("ann", said) == [three]
    assert audit.waiting_for("bob", said) == [one, two, three]


def test_the_home_keeps_the_sample_so_that_two_people_get_the_same_pairs(home: Home) -> None:
    first, second = begun(home), begun(home)
    assert first == second
    assert len(first.pairs) == 20
    assert begun(home, new=True).id != first.id
    assert read_audits(home.labels)[0].id == first.id
    with pytest.raises(InputError, match="another value; --new"):
        begun(home, below=0.5)


def test_only_pairs_below_the_given_probability_are_drawn(home: Home) -> None:
    audit = begun(home, size=100, below=0.5)
    assert (audit.undecided, len(audit.pairs)) == (30, 30)
    with pytest.raises(InputError, match="expected a probability above 0"):
        begun(home, below=2.0)
    with pytest.raises(InputError, match=r"no pair is undecided below p = 0\.001"):
        begun(home, below=0.001, new=True)


def test_the_result_is_stored_and_shown_in_the_card_of_the_release(home: Home) -> None:
    assert newest_audit(home.labels) is None
    audit = begun(home)
    assert newest_audit(home.labels) is None
    log = VerdictLog(home.verdicts / "0.jsonl")
    for line in answered(audit, 1):
        log.append(line)
    judged = finish(audit, home)
    assert read_audits(home.labels) == [judged]
    said = newest_audit(home.labels)
    assert said is not None
    assert "1 of a random sample of 20 are duplicates: at most 8 are missed (95% confidence)" in said
    provenance = {"annotations licence": "CC0-1.0", "audit of duplicates": said}
    tables = dict.fromkeys(("splits", "posters", "removed"), pl.DataFrame({"split": ["train"], "images": [1]}))
    text = card("v0001", tables, {}, provenance, images=1, removed=0, days=("2026-01-01", "2026-01-01"))
    assert f"Near-duplicates that may remain, by an audit of {said}." in text


@pytest.mark.parametrize("text", ["", "[]", '{"audits": 3}', '{"audits": [{"id": "x"}]}', '{"audits": [3]}'])
def test_an_invalid_audit_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "audit.json").write_text(text)
    with pytest.raises(FileError, match=r"audit\.json: not a file of audits"):
        read_audits(tmp_path)


@pytest.mark.parametrize(
    ("place", "value"),
    [("undecided", "many"), ("undecided", 1), ("drawn", None), ("below", "half"), ("id", 3), ("pairs", [3]),
     ("pairs", None), ("result", {}), ("result", None), ("undecided", 10**40)],
)  # fmt: skip
def test_each_value_of_an_audit_is_checked(tmp_path: Path, place: str, value: object) -> None:
    write_audits([draw(sampled(2), None, 2)], tmp_path)
    read = json.loads((tmp_path / "audit.json").read_text())
    read["audits"][0][place] = value
    (tmp_path / "audit.json").write_text(json.dumps(read))
    with pytest.raises(FileError, match=r"audit\.json: not a file of audits"):
        newest_audit(tmp_path)


def test_a_fifo_in_the_place_of_audits_is_named_and_nobody_waits(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit.json")
    with pytest.raises(FileError, match=r"audit\.json: a FIFO, not a file"):
        read_audits(tmp_path)


def test_a_poster_name_in_the_file_is_checked(tmp_path: Path) -> None:
    write_audits([draw(sampled(2), None, 2)], tmp_path)
    read = json.loads((tmp_path / "audit.json").read_text())
    read["audits"][0]["pairs"][0]["first"] = "../../etc/passwd"
    (tmp_path / "audit.json").write_text(json.dumps(read))
    with pytest.raises(FileError, match="not a file of audits"):
        read_audits(tmp_path)


def test_an_audit_also_asks_pairs_that_another_person_answered(home: Home) -> None:
    audit = begun(home, size=3)
    logs = Logs(home.verdicts, is_folder=True)
    pairs = [Pair(poster(one.first), poster(one.second)) for one in audit.pairs]
    ann, bob = (ReviewSession(pairs, logs, who, alone=True) for who in ("ann", "bob"))
    for session in (ann, bob):
        while (asked := session.pair) is not None:
            assert session.decide("distinct", (asked.first.sha256, asked.second.sha256))
    assert len(read_verdicts(logs.paths()).active) == 6
    assert finish(audit, home).result.answered == 3
