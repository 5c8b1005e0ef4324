"""A reviewer's way through a list, without windows: what is asked, what is implied, undo, resuming."""

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.verdicts.active import subject_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.index import VerdictIndex
from lap_assets.core.verdicts.lines import AnyVerdict
from lap_assets.core.verdicts.log import Mark, PairVerdict, TakeBack, VerdictLog, read_verdicts
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.recorder import Recorder
from tests.gui.words import NAMES, mark, pair, poster, sha, word
from tests.profiles import examples

ALL = [pair(one, other) for one, other in itertools.combinations(range(4), 2)]
VERDICTS = ("duplicate", "distinct", "both_removed", "skip", "unsure")


def say(session: ReviewSession, verdict: str, removed: str | None = None) -> None:
    assert session.pair is not None
    session.decide(verdict, (session.pair.first.sha256, session.pair.second.sha256), removed)  # type: ignore[arg-type]


def asked(session: ReviewSession) -> tuple[str, str] | None:
    return None if session.pair is None else (session.pair.first.name, session.pair.second.name)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(VERDICTS), st.sampled_from(["first", "second"])),
        st.just(("undo",)), st.just(("redo",)), st.just(("again",)), st.just(("open anew",)),
    ),
    max_size=25,
)  # fmt: skip


def do(session: ReviewSession, step: tuple[str, ...]) -> None:
    if step[0] == "say" and session.pair is not None:
        say(session, step[1], step[2] if step[1] == "duplicate" else None)
    elif step[0] == "undo":
        session.undo()
    elif step[0] == "redo":
        session.redo()
    elif step[0] == "again":
        session.queue.ask_again()


@given(steps, st.integers(0, 5))
@examples(120)
def test_what_stands_is_what_the_files_say_and_nothing_decided_is_asked(
    taken: list[tuple[str, ...]], bobs: int
) -> None:
    """After any action, the logs contain exactly what the session knows; no decided or implied pair is asked."""
    with tempfile.TemporaryDirectory() as folder:
        logs = Logs(Path(folder) / "v.jsonl")
        theirs = VerdictLog(logs.path)
        for place in range(bobs):
            one, other = ALL[place].first.name, ALL[place].second.name
            theirs.append(word(NAMES.index(one), NAMES.index(other), "distinct", reviewer="bob"))
        session = ReviewSession(ALL, logs, "ann")
        for step in taken:
            if step[0] == "open anew":
                session = ReviewSession(ALL, logs, "ann")
            do(session, step)
            read = read_verdicts([logs.path])
            assert read.problems == ()
            fresh = VerdictIndex({one for each in ALL for one in each.posters})
            for standing in read.active:
                assert session.recorder.active_on(subject_of(standing)) == standing
                fresh.apply(None, standing)
            for place, each in enumerate(ALL):
                assert session.queue.state(place) == fresh.state(*each.posters, "ann")
            if session.position is not None:
                assert session.queue.state(session.position) in ("open", "left_open", "conflict")
                assert not [w for w in read.active if isinstance(w, PairVerdict) and w.verdict != "skip"
                            and w.verdict != "unsure" and set(w.names) == set(asked(session) or ())
                            and not session.in_conflict(ALL[session.position])]  # fmt: skip
            assert session.progress.left == len(list(session.queue.waiting()))


@given(steps, st.integers(1, 12))
@examples(100)
def test_undoing_as_often_as_one_did_brings_the_files_back_and_redoing_all_of_it_too(
    taken: list[tuple[str, ...]], more: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        logs = Logs(Path(folder) / "v.jsonl")
        session = ReviewSession(ALL, logs, "ann")
        for step in taken:
            do(session, step)
        before, at = read_verdicts([logs.path]).active, session.recorder.undoable
        for _ in range(more):
            do(session, ("say", "duplicate", "second"))
        after, done = read_verdicts([logs.path]).active, session.recorder.undoable
        for _ in range(done - at):
            session.undo()
        assert read_verdicts([logs.path]).active == before
        for _ in range(done - at):
            session.redo()
        assert read_verdicts([logs.path]).active == after


@given(st.lists(st.tuples(st.sampled_from(["reopen", "leave", "say", "undo"]), st.integers(0, 5)), max_size=14))
@examples(150)
def test_a_pair_that_is_reopened_is_asked_next_and_leaving_it_changes_nothing(taken: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        logs = Logs(Path(folder) / "v.jsonl")
        session = ReviewSession(ALL, logs, "ann")
        for what, number in taken:
            before = read_verdicts([logs.path]).active
            if what == "reopen":
                session.queue.reopen(number)
                assert session.position == number
            elif what == "leave":
                session.queue.leave_reopened()
                assert session.position is None or session.queue.state(session.position) not in (
                    "decided",
                    "removed",
                    "follows",
                )
            elif what == "undo":
                session.undo()
            elif (place := session.position) is not None:
                do(session, ("say", VERDICTS[number % 5], "second"))
                assert session.position != place
            assert session.progress.left == len(list(session.queue.waiting()))
            assert what in ("say", "undo") or read_verdicts([logs.path]).active == before


def test_the_lists_order_is_kept_and_undo_steps_back_to_the_very_pair(tmp_path: Path) -> None:
    session = ReviewSession(ALL, Logs(tmp_path / "v.jsonl"), "ann")
    seen = []
    while (pair_now := asked(session)) is not None:
        seen.append(pair_now)
        say(session, "skip")
    assert seen == [(each.first.name, each.second.name) for each in ALL]
    for expected in reversed(seen):
        session.undo()
        assert asked(session) == expected
    assert session.undo() is None
    assert asked(session) == seen[0]


def test_14_a_pair_that_touches_a_removed_poster_is_passed_over_until_that_is_undone(tmp_path: Path) -> None:
    session = ReviewSession(ALL, Logs(tmp_path / "v.jsonl"), "ann")
    say(session, "duplicate", "second")  # 0 stays, 1 goes
    assert [session.queue.state(place) for place in range(6)] == [
        "decided",
        "open",
        "open",
        "removed",
        "removed",
        "open",
    ]
    assert session.removed() == [NAMES[1]]
    session.undo()
    assert {session.queue.state(place) for place in range(6)} == {"open"}
    say(session, "both_removed")
    assert session.progress.left == 1
    assert session.removed() == [NAMES[0], NAMES[1]]


def test_distinct_follows_along_chains_of_duplicates_but_not_against_a_contradiction() -> None:
    known = VerdictIndex(poster(name) for name in NAMES[:4])
    known.apply(None, word(0, 1, "distinct"))
    known.apply(None, word(1, 2, "duplicate", removed=1))  # 1 is the same as 2, which stays
    assert known.state(poster(NAMES[0]), poster(NAMES[2]), "ann") == "follows"
    assert known.state(poster(NAMES[0]), poster(NAMES[1]), "ann") == "decided"
    also = word(2, 3, "duplicate", removed=3)
    known.apply(None, also)
    torn = word(1, 3, "distinct", reviewer="bob")  # the same by a chain, distinct by bob
    known.apply(None, torn)
    assert known.state(poster(NAMES[0]), poster(NAMES[2]), "ann") == "open"
    known.apply(torn, None)
    assert known.state(poster(NAMES[0]), poster(NAMES[2]), "ann") == "follows"


def test_two_that_are_the_same_by_a_chain_and_both_kept_are_still_asked() -> None:
    known = VerdictIndex(poster(name) for name in NAMES[:4])
    known.apply(None, word(0, 1, "duplicate", removed=0))
    known.apply(None, word(0, 2, "duplicate", removed=0, reviewer="bob"))
    assert known.state(poster(NAMES[1]), poster(NAMES[2]), "ann") == "open"


def test_a_mark_of_another_tool_removes_too(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "v.jsonl")
    VerdictLog(logs.path).append(mark(0, "bob"))
    session = ReviewSession(ALL, logs, "ann")
    assert session.progress.done == 3
    assert asked(session) == (NAMES[1], NAMES[2])


def test_a_disputed_pair_is_asked_until_one_has_the_last_word(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "v.jsonl")
    log = VerdictLog(logs.path)
    log.append(word(0, 1, "distinct", reviewer="ann"))
    log.append(word(0, 1, "duplicate", 1, reviewer="bob"))
    session = ReviewSession(ALL[:1], logs, "ann")
    assert asked(session) == (NAMES[0], NAMES[1])
    assert session.in_conflict(ALL[0])
    say(session, "distinct")
    assert asked(session) is None
    assert session.progress.open == 1  # still disputed: bob has not agreed
    other = ReviewSession(ALL[:1], logs, "bob")
    say(other, "distinct")
    assert (other.progress.done, other.progress.open) == (1, 0)


def test_verdicts_match_by_content_and_by_name_only_in_lists_without_content(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "v.jsonl")
    VerdictLog(logs.path).append(word(0, 1, "distinct"))
    changed = Pair(Poster(NAMES[0], sha("another picture")), poster(NAMES[1]))
    renamed = Pair(Poster(NAMES[2], sha(NAMES[0])), poster(NAMES[1]))  # the same anime, the same bytes
    bare = Pair(Poster(NAMES[0]), Poster(NAMES[1]))
    states = [ReviewSession([each], logs, "ann").queue.state(0) for each in (changed, renamed, bare)]
    assert states == ["open", "decided", "decided"]


def test_a_session_resumes_from_the_verdicts_and_undo_still_works(tmp_path: Path) -> None:
    logs = Logs(tmp_path / "v.jsonl")
    first = ReviewSession(ALL, logs, "ann")
    for verdict in ("skip", "distinct", "unsure"):
        say(first, verdict)
    again = ReviewSession(ALL, logs, "ann")
    assert asked(again) == asked(first) == (NAMES[1], NAMES[2])
    again.undo()
    assert asked(again) == (NAMES[0], NAMES[3])
    say(again, "distinct")
    for _ in range(3):
        say(again, "distinct")
    assert asked(again) is None
    assert again.queue.ask_again() == 1
    assert asked(again) == (NAMES[0], NAMES[1])
    say(again, "skip")
    assert asked(again) is None
    again.undo()
    assert asked(again) == (NAMES[0], NAMES[1])


def test_what_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    session = ReviewSession(ALL, Logs(tmp_path / "v.jsonl"), "ann")
    (tmp_path / "v.jsonl").mkdir()
    with pytest.raises(OSError, match=r"v\.jsonl"):
        say(session, "distinct")
    assert asked(session) == (NAMES[0], NAMES[1])
    assert session.undo() is None
    (tmp_path / "v.jsonl").rmdir()
    say(session, "distinct")
    assert len(read_verdicts([tmp_path / "v.jsonl"]).active) == 1


def test_read_only_continues_but_writes_nothing(tmp_path: Path) -> None:
    session = ReviewSession(ALL, Logs(tmp_path / "v.jsonl"), "ann", readonly=True)
    say(session, "distinct")
    session.undo()
    assert asked(session) == (NAMES[0], NAMES[1])
    assert list(tmp_path.iterdir()) == []


def test_each_word_goes_to_the_log_of_the_higher_subfolder(tmp_path: Path) -> None:
    low, high = Poster(NAMES[0], sha("a")), Poster("MAL05000_0001_000001.jpg", sha("b"))
    session = ReviewSession([Pair(low, high)], Logs(tmp_path, is_folder=True), "ann")
    say(session, "distinct")
    session.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["3.jsonl"]
    assert len((tmp_path / "3.jsonl").read_text().splitlines()) == 2


marks = st.lists(st.tuples(st.sampled_from(["mark", "unmark", "undo", "redo"]), st.integers(0, 3)), max_size=20)


@given(marks)
@examples(80)
def test_marks_and_their_taking_back_are_steps_like_any_other(taken: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        logs = Logs(Path(folder) / "v.jsonl")
        recorder = Recorder(logs, "ann", lambda _word: True)
        standing: set[str] = set()

        def changed(before: AnyVerdict | None, after: AnyVerdict | None) -> None:
            if before is not None:
                standing.discard(before.id)
            if after is not None:
                standing.add(after.id)

        recorder.changed = changed
        for what, place in taken:
            stands = recorder.active_on(subject_of(mark(place)))
            if what == "mark" and stands is None:
                recorder.record(mark(place))
            elif what == "unmark" and stands is not None:
                recorder.take_back(stands)
            elif what == "undo":
                recorder.undo()
            elif what == "redo":
                recorder.redo()
            read = read_verdicts([logs.path])
            assert read.problems == ()
            assert standing == {one.id for one in read.active}


def test_unusual_take_backs_count_as_in_the_graph(tmp_path: Path) -> None:
    log = VerdictLog(tmp_path / "v.jsonl")
    log.append(mark(0))
    log.append(TakeBack(reviewer="ann", id="x", takes_back="y"))
    log.append(TakeBack(reviewer="ann", id="y", takes_back="x"))
    log.append(TakeBack(reviewer="ann", takes_back="nowhere"))
    recorder = Recorder(Logs(log.path), "ann", lambda found: isinstance(found, Mark))
    assert {one.id for one in recorder.active} == {one.id for one in read_verdicts([log.path]).active}
    recorder.undo()
    assert read_verdicts([log.path]).active == ()
