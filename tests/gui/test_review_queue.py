"""The queue in the tools: its probabilities, what is left, and what two simultaneous reviewers see of each other."""

from pathlib import Path

import pytest

from lap_assets.commands.review import candidate_lists
from lap_assets.commands.review_status import review_status, status_json, status_lines
from lap_assets.core.errors import FileError
from lap_assets.core.home import Home
from lap_assets.core.verdicts.log import TakeBack, VerdictLog, read_verdicts
from lap_gui.comparer.opening import read_pairs
from lap_gui.comparer.session import ReviewSession
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.opening import candidates_around
from lap_gui.review.lists import read_list
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import home_of
from tests.gui.words import NAMES, candidate_csv, pair, poster, sha, word

HEAD = "first,second,first_sha256,second_sha256,suggestion,probability,group\n"


def row(one: int, other: int, probability: str, group: str = "") -> str:
    first, second = NAMES[one], NAMES[other]
    return f"{first},{second},{sha(first)},{sha(second)},{second},{probability},{group}\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    new_home = Home(tmp_path / "home")
    for folder in (new_home.posters, new_home.candidates, new_home.verdicts):
        folder.mkdir(parents=True)
    new_home.labels.joinpath("queue.csv").write_text(
        HEAD + row(0, 1, "0.99", "1") + row(4, 5, "0.5") + row(0, 4, "0.01")
    )
    candidate_csv(new_home.candidates / "0.csv", [(NAMES[2], NAMES[3], sha(NAMES[2]), sha(NAMES[3]))])
    return new_home


def with_probabilities(*pairs: tuple[int, int, float | None]) -> list[Pair]:
    return [pair(one, other)._replace(probability=probability) for one, other, probability in pairs]


def say(session: ReviewSession, verdict: str = "distinct", removed: str | None = None) -> bool:
    current = session.pair
    assert current is not None
    return session.decide(verdict, (current.first.sha256, current.second.sha256), removed)  # type: ignore[arg-type]


def test_the_queue_comes_first_and_no_pair_of_the_lists_is_lost(home: Home) -> None:
    lists = candidate_lists(home, None)
    assert [path.name for path in lists] == ["queue.csv", "0.csv"]
    pairs = read_pairs(lists)
    assert [one.probability for one in pairs] == [0.99, 0.5, 0.01, None]
    assert (pairs[0].group, pairs[0].suggestion) == ("1", NAMES[1])
    assert read_pairs(lists, "3") == []
    assert len(read_pairs(lists, "0")) == 4
    with pytest.raises(ValueError, match="no partition 'x'"):
        read_pairs(lists, "x")


def test_verdicts_on_the_queue_go_to_its_home_and_the_explorer_colors_by_it(home: Home, tmp_path: Path) -> None:
    assert home_of(home.labels / "queue.csv") == home.root
    assert home_of(tmp_path / "queue.csv") is None
    assert [one.probability for one in candidates_around(home.root)] == [0.99]  # the others are in no group


@pytest.mark.parametrize("text", ["much", "1.5", "nan", "-0.1"])
def test_a_probability_that_was_edited_loses_no_pair(tmp_path: Path, text: str) -> None:
    path = tmp_path / "queue.csv"
    path.write_text(HEAD + row(0, 1, text) + row(2, 3, "0.5"))
    read = read_list(path)
    assert [one.probability for one in read.pairs] == [None, 0.5]
    assert read.problems == (
        f"{path}:2: probability: {text!r} is not a number from 0 to 1; the pair is shown without it",
    )


@pytest.mark.parametrize("content", [b"first,second\nno,poster\n", b"\xff\xfe\x00", b"what is this\n1 2 3\n"])
def test_a_queue_that_was_edited_into_something_else_is_reported_and_the_lists_are_used(
    home: Home, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    home.labels.joinpath("queue.csv").write_bytes(content)
    assert [one.first.name for one in read_pairs(candidate_lists(home, None))] == [NAMES[2]]
    assert "queue.csv" in capsys.readouterr().err
    with pytest.raises(FileError):
        read_pairs([home.labels / "queue.csv"])


def test_a_queue_with_a_header_alone_leaves_what_the_lists_have(home: Home) -> None:
    home.labels.joinpath("queue.csv").write_text(HEAD)
    assert len(read_pairs(candidate_lists(home, None))) == 1


def test_a_queue_of_an_older_version_has_pairs_without_probabilities(home: Home) -> None:
    queue = home.labels / "queue.csv"
    lines = [line.rsplit(",", 3)[0] for line in queue.read_text().splitlines()]
    queue.write_text("\n".join(lines) + "\n")
    status = review_status([queue], None, "ann")
    assert status.unjudged == 3
    assert any("without a probability: 3 pairs" in line for line in status_lines(status))
    session = ReviewSession(read_list(queue).pairs, Logs(home.verdicts, is_folder=True), "ann")
    assert session.outlook is None


def test_the_outlook_counts_what_is_found_and_what_is_left(tmp_path: Path) -> None:
    pairs = with_probabilities((0, 1, 0.999), (2, 3, 0.6), (4, 5, 0.3), (6, 7, 0.1))
    session = ReviewSession(pairs, Logs(tmp_path / "v.jsonl"), "ann")
    before = session.outlook
    assert before is not None
    assert (before.found, before.left.pairs, round(before.left.expected, 3)) == (0, 4, 1.999)
    say(session, "duplicate", "second")
    say(session, "distinct")
    after = session.outlook
    assert after is not None
    assert (after.found, after.left.pairs, round(after.left.expected, 3)) == (1, 2, 0.4)
    assert str(after).startswith("1 duplicate found, about 0 left (0 to 2) in 2 pairs, stopping now misses 29 %")
    session.undo()
    session.undo()
    assert session.outlook == before


def test_the_status_says_where_to_stop_and_is_the_same_for_scripts(home: Home) -> None:
    lists = candidate_lists(home, None)
    for one, other, verdict in ((0, 1, "duplicate"), (4, 5, "distinct")):
        VerdictLog(home.verdicts / "0.jsonl").append(word(one, other, verdict, 1 if verdict == "duplicate" else None))  # type: ignore[arg-type]
    status = review_status(lists, None, "ann")
    told = status_json(status)
    assert (told["found"], told["probably_left"]["pairs"], told["unjudged"]) == (1, 1, 1)
    assert told["missed_by_stopping"]["low"] == 0
    assert (told["sure"]["pairs"], told["doubtful"]["pairs"], told["unlikely"]["pairs"]) == (0, 0, 1)
    assert "lap review audit" in status_lines(status)[-1]


def test_a_stale_window_never_overrules(tmp_path: Path) -> None:
    pairs, logs = with_probabilities((0, 1, 0.9), (2, 3, 0.8)), Logs(tmp_path / "v.jsonl")
    ann, bob = (ReviewSession(pairs, logs, name) for name in ("ann", "bob"))
    assert say(ann, "duplicate", "second")
    assert not say(bob, "distinct")
    assert [one.reviewer for one in read_verdicts([logs.path]).active] == ["ann"]
    assert bob.pair == pairs[1]
    assert say(bob, "distinct")
    assert ann.catch_up()
    assert ann.pair is None
    assert ann.progress.done == 2


def test_a_take_back_of_another_asks_again(tmp_path: Path) -> None:
    pairs, logs = [pair(0, 1)], Logs(tmp_path / "v.jsonl")
    ann, bob = (ReviewSession(pairs, logs, name) for name in ("ann", "bob"))
    say(ann, "distinct")
    bob.catch_up()
    assert bob.pair is None
    ann.undo()
    assert bob.catch_up()
    assert bob.pair == pairs[0]
    VerdictLog(logs.path).append(TakeBack(reviewer="eve", takes_back="nothing that is here"))
    assert bob.catch_up()
    assert bob.pair == pairs[0]


def test_a_line_that_is_not_ended_yet_waits_until_it_is(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "v.jsonl")
    session = ReviewSession([pair(0, 1)], logs, "bob")
    written = ReviewSession([pair(0, 1)], Logs(tmp_path / "other.jsonl"), "ann")
    say(written, "distinct")
    text = (tmp_path / "other.jsonl").read_text()
    logs.path.write_text(text[:40])
    assert not session.catch_up()
    logs.path.write_text(text)
    assert session.catch_up()
    assert session.pair is None


def test_a_stale_explorer_does_not_take_back_what_another_marked(tmp_path: Path) -> None:
    posters = [poster(name) for name in NAMES[:2]]
    ann, bob = (Marking(Logs(tmp_path / "v.jsonl"), name, posters) for name in ("ann", "bob"))
    assert ann.toggle(posters[0])
    assert bob.toggle(posters[0])  # bob saw it unmarked and meant to mark it
    assert [one.reviewer for one in read_verdicts([tmp_path / "v.jsonl"]).active] == ["ann"]
    assert not bob.toggle(posters[0])
    assert ann.toggle(posters[0]) is False  # ann saw it marked and meant to take that back
    assert read_verdicts([tmp_path / "v.jsonl"]).active == ()
