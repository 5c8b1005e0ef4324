"""Lines of valid JSON with values that later steps cannot hold: named by file and line, while everything else works:
reading, importing, exporting, appending, and the table of verdicts."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.verdicts.files import read_new_lines
from lap_assets.core.verdicts.line_json import from_json, to_json
from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.log import VerdictLog, conflicts, export_verdicts, import_verdicts, read_verdicts
from lap_assets.duplicates.verdict_table import verdicts_of, verdicts_table

FIRST, SECOND = "MAL00005_1018_120197.jpg", "MAL00020_WA00262_164.jpg"
GOOD: Final = PairVerdict(
    reviewer="ann", first=FIRST, first_sha256="a" * 64, second=SECOND, second_sha256="b" * 64, measure="ahash",
    distance=3, verdict="duplicate", removed=SECOND, id="good", time="2026-11-20T10:00:00.000000+00:00",
)  # fmt: skip


def _line(**changed: object) -> str:
    return json.dumps({**json.loads(to_json(GOOD)), "id": "bad", **changed})


def _with(text: str, instead: str) -> str:
    assert text in _line()
    return _line().replace(text, instead)


LEFT_OUT: Final[dict[str, tuple[str, str]]] = {
    "two verdicts": (_with('"verdict": "duplicate"', '"verdict": "distinct", "verdict": "duplicate"'), "twice"),
    "huge number": (_with('"distance": 3', '"distance": 1' + "0" * 400), "401 digits"),
    "not a number": (_with('"distance": 3', '"distance": NaN'), "NaN"),
    "infinite": (_with('"distance": 3', '"distance": 1e999'), "too large"),
    "minus infinity": (_with('"distance": 3', '"distance": -Infinity'), "Infinity"),
    "half a pair": (_with('"ann"', '"a\\ud800n"'), "surrogate"),
    "half a pair in a field that nobody reads": (_with('"kind"', '"more": "\\udc00", "kind"'), "surrogate"),
    "last moment": (_line(time="9999-12-31T23:59:59.999999+00:00"), "year"),
    "first moment": (_line(time="0001-01-01T00:00:00.000000+00:00"), "year"),
    "last moment elsewhere": (_line(time="9999-12-31T23:59:59.999999-14:00"), "UTC"),
    "first moment elsewhere": (_line(time="0001-01-01T00:00:00.000000+14:00"), "UTC"),
    "no zone": (_line(time="2026-11-20T10:00:00"), "UTC"),
    "long": (_line(reviewer="x" * 10_000_000), "characters"),
    "list as id": (_line(id=["a"]), "id is"),
    "deep": (_with('"kind"', '"more": ' + "[" * 30_000 + ", " + '"kind"'), "nested|JSON"),
    "negative distance": (_line(distance=-1), "distance"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_line_with_an_unusable_value_is_named_and_stops_nothing(name: str, tmp_path: Path) -> None:
    text, why = LEFT_OUT[name]
    log, other = tmp_path / "logs" / "0.jsonl", tmp_path / "carried.jsonl"
    log.parent.mkdir()
    log.write_text(f"{text}\n{to_json(GOOD)}\n")
    read = read_verdicts([log])
    assert [line.id for line in read.lines] == ["good"]
    (problem,) = read.problems
    assert str(problem).startswith(f"{log}:1: not a verdict, left out: ")
    assert len(str(problem)) < 1000
    assert re.search(why, str(problem))
    rows, active = verdicts_of(verdicts_table(read))
    assert rows.height == len(active) == 1
    assert conflicts(read) == []

    appended = VerdictLog(log).append(replace(GOOD, id="next", time="2026-11-21T10:00:00.000000+00:00"))
    assert read_verdicts([log]).lines[-1] == appended

    assert export_verdicts([log], other)[0] == 2
    assert read_verdicts([other]).problems == ()

    report = import_verdicts(log, tmp_path / "home")
    assert report.added == 2
    assert [one.number for one in report.problems] == [1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text + "\r",
        lambda text: text.replace('"kind"', '"later field": {"a": 1}, "kind"'),
        lambda text: text.replace('"distance": 3', '"distance": 1000000000000000000'),
        lambda text: text.replace('"ann"', '"\\u0000\\u001b[31mann"'),
        lambda text: text.replace('"ann"', '"![x](http://127.0.0.1/x.png) <img src=x>"'),
        lambda text: text.replace('"ann"', '"😀 \\ud83d\\ude00"'),
    ],
)
def test_unusual_but_usable_lines_count(change: Callable[[str], str], tmp_path: Path) -> None:
    log = tmp_path / "0.jsonl"
    log.write_text(f"{change(to_json(GOOD))}\n{to_json(replace(GOOD, id='second'))}\n", newline="")
    read = read_verdicts([log])
    assert read.problems == ()
    assert len(read.lines) == 2
    assert verdicts_table(read).height >= 1


def test_concatenated_logs_of_windows_machines_are_read(tmp_path: Path) -> None:
    log = tmp_path / "all.jsonl"
    log.write_bytes(b"".join(f"\ufeff{to_json(replace(GOOD, id=str(one)))}\r\n".encode() for one in range(3)))
    assert len(read_verdicts([log]).lines) == 3
    assert len(read_new_lines(log, 0)[0]) == 3
    assert import_verdicts(log, tmp_path / "home").added == 3


@pytest.mark.parametrize("reviewer", ["a\nb", "\x1b]0;title\x07ann", "ann\0", "e\u202eve"])
def test_names_that_cannot_be_printed_are_not_written(reviewer: str, tmp_path: Path) -> None:
    log = VerdictLog(tmp_path / "0.jsonl")
    with pytest.raises(InputError, match="cannot be printed"):
        log.append(replace(GOOD, reviewer=reviewer))
    assert not log.path.exists()


@pytest.mark.skipif(os.name != "posix", reason="FIFOs are POSIX")
def test_a_log_that_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "0.jsonl")
    (tmp_path / "1.jsonl").symlink_to(tmp_path / "nothing")
    for name, what in (("0.jsonl", "a FIFO, not a file"), ("1.jsonl", "a link to .*nothing, which is not there")):
        with pytest.raises(FileError, match=f"{name}: {what}"):
            read_verdicts([tmp_path / name])
        with pytest.raises(FileError, match=name):
            VerdictLog(tmp_path / name)
    with pytest.raises(FileError, match="a FIFO, not a file"):
        import_verdicts(tmp_path / "0.jsonl", tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_every_number_of_64_bits_comes_back() -> None:
    line = from_json(_with('"distance": 3', '"distance": 9223372036854775807'))
    assert isinstance(line, PairVerdict)
    assert verdicts_table(read_verdicts([])).height == 0
