"""Verdict logs: durable, mergeable in any order, nothing dropped silently."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import VerdictLineError
from lap_assets.core.verdicts import files as verdict_files
from lap_assets.core.verdicts.line_json import from_json, to_json
from lap_assets.core.verdicts.log import (
    Line,
    Mark,
    PairVerdict,
    TakeBack,
    VerdictLog,
    conflicts,
    export_verdicts,
    import_verdicts,
    log_path,
    partition_of,
    read_verdicts,
)
from tests.profiles import examples

NAMES = ("MAL00001_0001_000001.jpg", "MAL00001_WA00001_001.jpg", "MAL00001_0001_000003.jpg", "MAL01500_0001_000001.jpg")
SHAS = tuple(str(n) * 64 for n in range(4))
START = datetime(2026, 1, 1, tzinfo=UTC)


def pair(what: str = "duplicate", removed: str | None = NAMES[1], **more: Any) -> PairVerdict:
    fields: dict[str, Any] = {"first": NAMES[0], "first_sha256": SHAS[0], "second": NAMES[1], "second_sha256": SHAS[1]}
    fields |= {"reviewer": "ann", "verdict": what, "removed": removed if what == "duplicate" else None}
    return PairVerdict(**{**fields, **more})


def at(second: int) -> str:
    return (START + timedelta(seconds=second)).isoformat()


@st.composite
def logs(draw: st.DrawFn) -> list[Line]:
    """Lines of two people on a few posters, with take-backs of any line, in order of time."""
    lines: list[Line] = []
    for number in range(draw(st.integers(0, 8))):
        common: dict[str, Any] = {"reviewer": draw(st.sampled_from(["ann", "bo"])), "id": f"id{number}"}
        common["time"] = at(number if draw(st.booleans()) else 3)
        kind = draw(st.integers(0, 3))
        if kind == 0 and lines:
            lines.append(TakeBack(takes_back=draw(st.sampled_from(lines)).id, **common))
        elif kind == 1:
            place = draw(st.integers(0, 3))
            lines.append(Mark(name=NAMES[place], sha256=SHAS[place], tool="explorer", **common))
        else:
            what = draw(st.sampled_from(["duplicate", "distinct", "both_removed", "skip", "unsure"]))
            lines.append(pair(what, draw(st.sampled_from(NAMES[:2])), **common))
    return lines


@examples(60)
@given(lines=logs(), random=st.randoms())
def test_merging_ignores_order_and_duplicates(lines: list[Line], random: Any, tmp_path: Path) -> None:
    whole, one, other = (tmp_path / f"{name}.jsonl" for name in ("whole", "one", "other"))
    whole.write_text("".join(f"{to_json(line)}\n" for line in lines))
    parts = [random.choice([0, 1, 2]) for _ in lines]
    for path, left_out in ((one, 1), (other, 0)):
        chosen = [to_json(line) for line, part in zip(lines, parts, strict=True) if part != left_out]
        random.shuffle(chosen)
        path.write_text("".join(f"{text}\n" for text in chosen))
    merged = read_verdicts([one, other])
    assert merged == read_verdicts([other, one, other])
    assert (merged.lines, merged.active) == (read_verdicts([whole]).lines, read_verdicts([whole]).active)
    assert not merged.problems


@examples(60)
@given(lines=logs(), data=st.data())
def test_taking_back_restores_the_previous_state(lines: list[Line], data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    texts = [to_json(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts))
    before = read_verdicts([path])
    last = pair(data.draw(st.sampled_from(["duplicate", "distinct"])), id="last", time=at(99))
    back = TakeBack(reviewer="bo", takes_back="last", id="back", time=at(100))
    again = TakeBack(reviewer="ann", takes_back="back", id="again", time=at(101))
    read = []
    appended: tuple[Line, ...] = (last, back, again)
    for line in appended:
        with path.open("a") as log:
            log.write(to_json(line) + "\n")
        read.append(read_verdicts([path]).active)
    assert last in read[0]
    assert read[1] == before.active
    assert read[2] == read[0]


def test_take_backs_hold_whatever_the_clocks_say(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    word = pair(time=at(50))
    back = TakeBack(reviewer="bo", takes_back=word.id, time=at(40))
    again = TakeBack(reviewer="bo", takes_back=back.id, time=at(30))
    path.write_text("".join(f"{to_json(line)}\n" for line in (word, back)))
    assert read_verdicts([path]).active == ()
    path.write_text("".join(f"{to_json(line)}\n" for line in (word, back, again)))
    assert read_verdicts([path]).active == (word,)


def test_odd_take_backs_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    stray = TakeBack(reviewer="ann", takes_back="nothing", id="a")
    ring = [TakeBack(reviewer="ann", takes_back="c", id="b"), TakeBack(reviewer="ann", takes_back="b", id="c")]
    word = pair()
    lines: list[Line] = [stray, *ring, word]
    path.write_text("".join(f"{to_json(line)}\n" for line in lines))
    read = read_verdicts([path])
    assert read.active == (word,)
    assert len(read.problems) == 3


@examples(40)
@given(data=st.data())
def test_a_crash_at_any_byte_costs_the_last_line_at_most(data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.unlink(missing_ok=True)
    log = VerdictLog(path)
    first, second = log.append(pair()), log.append(pair("distinct"))
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    cut = data.draw(st.integers(start, len(whole)))
    path.write_bytes(whole[:cut])
    torn = read_verdicts([path])
    arrived = cut >= len(whole) - 1
    assert torn.lines == ((first, second) if arrived else (first,))
    assert [problem.torn for problem in torn.problems] == ([] if arrived or cut == start else [True])
    third = VerdictLog(path).append(pair("unsure"))
    after = read_verdicts([path])
    assert after.lines == (*torn.lines, third)
    assert len(after.problems) == len(torn.problems)


def test_what_was_appended_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "new" / "0.jsonl"
    program = f"""
        from pathlib import Path
        from lap_assets.core.verdicts.log import Mark, VerdictLog
        log = VerdictLog(Path({str(path)!r}))
        while True:
            log.append(Mark(reviewer="ann", name={NAMES[0]!r}, sha256="0" * 64, tool="labeler"))
            print("written", flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, cwd=Path.cwd()
    ) as tool:
        assert tool.stdout is not None
        seen = [tool.stdout.readline() for _ in range(5)]
        os.kill(tool.pid, signal.SIGKILL)
    assert seen == [b"written\n"] * 5
    read = read_verdicts([path])
    assert len(read.lines) >= 5
    assert all(problem.torn for problem in read.problems)


def test_an_invalid_line_is_named_and_the_rest_counts(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    good = [to_json(pair(time=at(1))), to_json(pair("distinct", reviewer="bo", time=at(2)))]
    bad = [b"\xff\xfe", b"{}", b"[1]", b'{"kind": "pair"}', b"null", b"\0\0\0", b"{" * 5000]
    path.write_bytes(b"\n".join([good[0].encode(), *bad, b"", good[1].encode(), b'{"kind": "ma']))
    read = read_verdicts([path])
    assert len(read.active) == 2
    assert [(problem.number, problem.torn) for problem in read.problems] == [
        *((n, False) for n in range(2, 9)),
        (11, True),
    ]
    assert str(read.problems[0]).startswith(f"{path}:2: ")


def test_one_id_with_two_contents_is_reported(tmp_path: Path) -> None:
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path, what in zip(paths, ("distinct", "unsure"), strict=True):
        path.write_text(to_json(pair(what, id="same", time=at(1))) + "\n")
    read = read_verdicts(paths)
    assert len(read.lines) == 1
    assert "also has the id same" in read.problems[0].what


def test_a_reviewers_later_verdict_counts_and_two_reviewers_conflict(tmp_path: Path) -> None:
    log = VerdictLog(tmp_path / "log.jsonl")
    log.append(pair())
    swapped = {"first": NAMES[1], "first_sha256": SHAS[1], "second": NAMES[0], "second_sha256": SHAS[0]}
    latest = log.append(pair("distinct", **swapped))
    assert read_verdicts([log.path]).active == (latest,)
    assert conflicts(read_verdicts([log.path])) == []
    log.append(pair("skip", reviewer="bo"))
    assert conflicts(read_verdicts([log.path])) == []
    other = log.append(pair(reviewer="bo"))
    (conflict,) = conflicts(read_verdicts([log.path]))
    assert conflict.verdicts == (latest, other)
    assert "ann: distinct; bo: duplicate" in str(conflict)


def test_the_same_content_under_another_name_is_the_same_pair(tmp_path: Path) -> None:
    log = VerdictLog(tmp_path / "log.jsonl")
    log.append(pair())
    log.append(pair("distinct", reviewer="bo", second=NAMES[2]))
    assert len(conflicts(read_verdicts([log.path]))) == 1


def test_times_in_a_log_ascend_though_the_clock_is_set_back(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    VerdictLog(path).append(pair(time=at(50)))
    later = VerdictLog(path).append(pair("distinct", time=at(10)))
    assert read_verdicts([path]).active == (later,)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"removed": NAMES[2]}, "neither of the two"),
        ({"removed": None}, "neither of the two"),
        ({"verdict": "maybe"}, "verdict 'maybe'"),
        ({"second": NAMES[0]}, "are both"),
        ({"first": "x.jpg"}, "first: 'x.jpg' is not a poster's name"),
        ({"first_sha256": "abc"}, "sha256 of first"),
        ({"reviewer": " "}, "reviewer is empty"),
        ({"time": "yesterday"}, "not an ISO 8601 time"),
        ({"time": "2026-01-01T00:00:00+03:00"}, "not in UTC"),
        ({"time": "2026-01-01T00:00:00"}, "not in UTC"),
        ({"distance": -1.0}, "distance is -1"),
        ({"measure": "psnr"}, "measure 'psnr'"),
    ],
)
def test_verdicts_that_make_no_sense_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(VerdictLineError, match=says):
        replace(pair(), **change)


@pytest.mark.parametrize("change", [{"id": None}, {"time": 5}, {"distance": True}, {"first": ["a"]}, {"kind": {}}])
def test_lines_with_wrong_types_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(VerdictLineError):
        from_json(json.dumps(json.loads(to_json(pair())) | change))


def test_fields_of_a_later_version_are_left_alone() -> None:
    line = pair(measure="cosine", distance=0.25)
    assert from_json(json.dumps(json.loads(to_json(line)) | {"zoom": 3})) == line


def test_export_and_import_can_be_repeated(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    far = {"second": NAMES[3], "second_sha256": SHAS[3], "removed": NAMES[3]}
    for line in (pair(), pair(**far), Mark(reviewer="bo", name=NAMES[0], sha256=SHAS[0], tool="labeler")):
        VerdictLog(log_path(here, *line.names)).append(line)
    back = TakeBack(reviewer="ann", takes_back=read_verdicts([here / "1.jsonl"]).lines[0].id)
    VerdictLog(here / "1.jsonl").append(back)
    VerdictLog(here / "1.jsonl").append(TakeBack(reviewer="ann", takes_back=back.id))
    logs_here = sorted(here.glob("*.jsonl"))
    count, _ = export_verdicts(logs_here, tmp_path / "carried.jsonl")
    assert count == 5
    first, second = (import_verdicts(tmp_path / "carried.jsonl", there) for _ in range(2))
    assert (first.added, first.known, first.problems) == (5, 0, ())
    assert (second.added, second.known) == (0, 5)
    for name in ("0.jsonl", "1.jsonl"):
        assert set((there / name).read_text().splitlines()) == set((here / name).read_text().splitlines())
    assert read_verdicts(there.glob("*.jsonl")).active == read_verdicts(logs_here).active


def test_import_reports_what_it_leaves_out(tmp_path: Path) -> None:
    carried = tmp_path / "carried.jsonl"
    carried.write_text("nonsense\n" + to_json(TakeBack(reviewer="ann", takes_back="elsewhere")) + "\n")
    report = import_verdicts(carried, tmp_path / "logs")
    assert report.added == 0
    assert [problem.number for problem in report.problems] == [1, 2]
    with pytest.raises(ValueError, match="no such file"):
        import_verdicts(tmp_path / "missing", tmp_path / "logs")


def test_a_pair_belongs_to_its_higher_subfolder(tmp_path: Path) -> None:
    assert partition_of(NAMES[3], NAMES[0]) == "1"
    assert log_path(tmp_path, NAMES[0], NAMES[1]) == tmp_path / "0.jsonl"
    assert read_verdicts([tmp_path / "missing.jsonl"]).lines == ()
    assert verdict_files.read_lines(tmp_path / "missing.jsonl") == ([], [])


def test_a_reviewers_machine_needs_only_the_standard_library() -> None:
    program = "import sys, lap_assets.core.verdicts.log; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert not {"numpy", "polars", "pydantic", "dagster", "PIL", "torch"} & set(loaded.stdout.split())
