"""Accepting all nearly certain pairs at once: after a sample, as one step that undo takes back."""

import dataclasses
import json
from pathlib import Path

import pytest

from lap_assets.core.verdicts.line_json import from_json, to_json
from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.log import read_verdicts
from lap_gui.comparer.accepting import SAMPLE, Acceptance
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from tests.gui.words import poster, word


def name(number: int) -> str:
    return f"MAL{1 + number % 2000:05d}_0001_{number:06d}.jpg"


def pairs(count: int, probability: float = 0.99, start: int = 0) -> list[Pair]:
    """Return pairs of different posters; the second of each is suggested."""
    ends = [(poster(name(start + 2 * n)), poster(name(start + 2 * n + 1))) for n in range(count)]
    return [Pair(a, b, suggestion=b.name, probability=probability) for a, b in ends]


def removed_in(log: Path) -> set[str | None]:
    return {one.removed for one in read_verdicts([log]).active if isinstance(one, PairVerdict)}


def session(tmp_path: Path, listed: list[Pair], reviewer: str = "ann") -> ReviewSession:
    return ReviewSession(listed, Logs(tmp_path / "v.jsonl"), reviewer)


def decide_sample(work: ReviewSession, count: int, verdict: str = "duplicate") -> None:
    for _ in range(count):
        asked = work.pair
        assert asked is not None
        side = "second" if verdict == "duplicate" else None
        work.decide(verdict, (asked.first.sha256, asked.second.sha256), side)  # type: ignore[arg-type]


def test_the_rest_is_accepted_after_a_sample_and_undo_takes_all_of_it_back(tmp_path: Path) -> None:
    listed = [*pairs(60), *pairs(5, 0.6, start=500)]
    work = session(tmp_path, listed)
    acceptance = Acceptance(work, seed=1)
    first = acceptance.ask()
    assert (first.accepted, first.message[:23]) == (0, "first decide 20 of the ")
    assert work.queue.waiting() is not None
    assert acceptance.ask().message.startswith("first decide 20 of the 60")  # nothing was decided yet
    decide_sample(work, SAMPLE)
    assert acceptance.ask().accepted == 40
    assert work.progress.left == 5
    assert removed_in(tmp_path / "v.jsonl") == {one.second.name for one in listed[:60]}
    again = session(tmp_path, listed)  # a new start: the batch is still one step
    again.undo()
    assert again.progress.left == 45
    again.redo()
    assert again.progress.left == 5
    work.catch_up()
    assert work.progress.left == 5


def test_a_sample_with_a_pair_that_is_not_one_picture_accepts_nothing(tmp_path: Path) -> None:
    work = session(tmp_path, pairs(50))
    acceptance = Acceptance(work, seed=2)
    acceptance.ask()
    decide_sample(work, SAMPLE - 1)
    decide_sample(work, 1, "distinct")
    refused = acceptance.ask()
    assert refused.accepted == 0
    assert "1 of the 20 pairs in the sample are not duplicates" in refused.message
    assert work.progress.left == 30
    work.undo()
    decide_sample(work, 1)
    assert acceptance.ask().accepted == 30


def test_of_few_sure_pairs_all_are_the_sample_and_of_none_there_is_nothing_to_accept(tmp_path: Path) -> None:
    work = session(tmp_path, [*pairs(3), *pairs(2, 0.97, start=100)])
    acceptance = Acceptance(work)
    assert acceptance.ask().message.startswith("first decide 3 of the 3")
    decide_sample(work, 3)
    assert acceptance.ask().accepted == 0
    assert acceptance.ask().message == "no pair with p ≥ 0.98 is left"
    assert work.progress.left == 2


def test_a_copy_of_what_the_batch_removes_is_not_removed_twice(tmp_path: Path) -> None:
    first, second, third = (poster(name(number)) for number in (900, 901, 902))
    chain = [
        Pair(first, second, suggestion=second.name, probability=0.999),
        Pair(second, third, suggestion=third.name, probability=0.99),
    ]
    work = session(tmp_path, [*pairs(1), *chain])
    acceptance = Acceptance(work, size=1, seed=0)
    acceptance.ask()
    decide_sample(work, 1)
    acceptance.ask()
    removed = [one.removed for one in read_verdicts([tmp_path / "v.jsonl"]).active if isinstance(one, PairVerdict)]
    assert len(removed) == len(set(removed))
    for one in chain:
        assert work.index.is_removed(one.first) or work.index.is_removed(one.second)


def test_what_another_decided_meanwhile_is_not_accepted(tmp_path: Path) -> None:
    listed = pairs(30)
    work, other = session(tmp_path, listed), session(tmp_path, listed, "bob")
    acceptance = Acceptance(work, seed=3)
    acceptance.ask()
    decide_sample(work, SAMPLE)
    other.catch_up()
    decide_sample(other, 1, "distinct")
    assert acceptance.ask().accepted == 9


def test_a_line_of_a_batch_reads_back_and_one_alone_is_written_as_ever() -> None:
    alone = word(0, 1, "distinct")
    assert "batch" not in json.loads(to_json(alone))
    together = dataclasses.replace(alone, batch="abc")
    assert from_json(to_json(together)) == together
    assert from_json(to_json(alone)) == alone
    with pytest.raises(ValueError, match="batch is 3"):
        from_json(to_json(alone).replace("}", ', "batch": 3}'))


def test_a_log_that_cannot_be_written_loses_nothing_of_the_others(tmp_path: Path) -> None:
    low, high = (poster(f"MAL{anime:05d}_0001_{place:06d}.jpg") for anime, place in ((1, 1), (1, 2)))
    other, last = (poster(f"MAL60001_0001_{place:06d}.jpg") for place in (3, 4))
    listed = [Pair(low, high, suggestion=high.name), Pair(other, last, suggestion=last.name)]
    logs = Logs(tmp_path / "logs", is_folder=True)
    work = ReviewSession(listed, logs, "ann")
    logs.of(other.name).mkdir(parents=True)  # no file can be written there
    batch = [dataclasses.replace(verdict_on(pair), batch="b") for pair in listed]
    with pytest.raises(OSError, match="jsonl"):
        work.record_all(batch)
    assert removed_in(logs.of(low.name)) == {high.name}
    assert work.progress.left == 1
    work.undo()
    assert removed_in(logs.of(low.name)) == set()
    assert work.progress.left == 2


def verdict_on(pair: Pair) -> PairVerdict:
    return PairVerdict(
        reviewer="ann", first=pair.first.name, first_sha256=pair.first.sha256, second=pair.second.name,
        second_sha256=pair.second.sha256, verdict="duplicate", removed=pair.suggestion,
    )  # fmt: skip
