"""Lists of pairs: the graph's and plain ones, and messages about bad lines."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.verdicts.contents import Poster
from lap_assets.duplicates.candidates import CANDIDATES, write_candidates
from lap_gui.review.lists import PairList, read_list
from lap_gui.review.pair_rows import Pair
from tests.gui.words import NAMES, sha

A, B, C = NAMES[:3]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_graphs_own_list_is_read_whole(tmp_path: Path) -> None:
    row = dict.fromkeys(CANDIDATES) | {
        "first": A, "second": B, "first_sha256": sha("a"), "second_sha256": sha("b"), "ahash": 13, "phash": 4,
        "dhash": 0, "cosine": 0.0625, "rule": "near_ahash", "measure": "ahash", "distance": 13.0, "likely": True,
        "via": C, "reason": 'fewer pixels, "quoted", and commas',
    }  # fmt: skip
    write_candidates(pl.DataFrame([row], CANDIDATES), tmp_path, "0")
    read = read_list(tmp_path / "0.csv")
    (pair,) = read.pairs
    assert read.problems == ()
    assert pair.posters == (Poster(A, sha("a")), Poster(B, sha("b")))
    assert pair.distances == (("ahash", 13), ("phash", 4), ("dhash", 0), ("cosine", 0.0625))
    assert (pair.measure, pair.distance, pair.rule) == ("ahash", 13, "near_ahash")
    assert (pair.high_confidence, pair.via_poster) == (True, C)


def test_an_empty_list_of_the_graphs_has_no_pairs_and_no_problems(tmp_path: Path) -> None:
    write_candidates(pl.DataFrame(schema=CANDIDATES), tmp_path, "3")
    assert read_list(tmp_path / "3.csv").pairs == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{A},{B},3\n{A},{C},5\n",
        f"one,other,ahash\n{A},{B},3\n{A},{C},5\n",
        f"one;other;how far\r\n0\\{A};0/{B};3\r\n{A};{C};5\r\n",
        f"\ufeff{A}\t{B}\t3\n\n{A}\t{C}\t5",
    ],
)
def test_a_bare_list_is_two_names_and_a_distance(tmp_path: Path, text: str) -> None:
    pairs = read_list(written(tmp_path / "l.csv", text)).pairs
    assert [(pair.first.name, pair.second.name, pair.distance) for pair in pairs] == [(A, B, 3), (A, C, 5)]
    assert {pair.measure for pair in pairs} == ({"ahash"} if "ahash" in text else {None})
    assert [(p.first.name, p.distance) for p in read_list(written(tmp_path / "m.csv", f"{A},{B}")).pairs] == [(A, None)]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("../../etc/passwd,x,1", "first: 'passwd' is not a poster's name"),
        (f"{A},{A},1", "paired with itself"),
        (f"{A},{C},far", "distance: 'far' is not a distance"),
        (f"{A},{C},nan", "distance: 'nan'"),
        (f"{A},{C},-1", "distance: '-1'"),
        (f"{B},{A},9", "in the list already"),
        (A, "second: '' is not a poster's name"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line_and_the_others_count(tmp_path: Path, line: str, message: str) -> None:
    path = written(tmp_path / "l.csv", f"a,b,distance\n{A},{B},1\n{line}\n{B},{C},2\n")
    read = read_list(path)
    assert len(read.pairs) == 2
    (problem,) = read.problems
    assert problem.startswith(f"{path}:3: ")
    assert message in problem


def test_a_field_of_the_graphs_list_that_is_wrong_is_named(tmp_path: Path) -> None:
    head = "first,second,first_sha256,second_sha256,measure\n"
    path = written(tmp_path / "l.csv", f"{head}{A},{B},{sha('a')},xyz,ahash\n{A},{C},{sha('a')},{sha('c')},color\n"
                   f"{A},{B}\n{B},{C},{sha('b')},{sha('c')},\n")  # fmt: skip
    read = read_list(path)
    assert [pair.first.name for pair in read.pairs] == [B]
    assert ["second_sha256: 'xyz'" in read.problems[0], "measure: 'color'" in read.problems[1]] == [True, True]
    assert "it has 2 fields, the first line has 5" in read.problems[2]


CELLS = [
    (A, f"0\\{B}", C, "MAL000001_00001_0000007.jpg", "x.jpg", ""),
    (A, B, f" {C} ", "WA00001_001.jpg"),
    (sha("a"), sha("b").upper(), "", " ", "xyz"),
    (sha("a"), "", sha("b")[:-1]),
    ("", "3", " 4 ", "-1", "inf", "far"),
    ("", "0.25", "nan"),
    ("", "ahash", " cosine", "color"),
    ("", "0.5", "1.5", "likely"),
    ("", "True", " true ", "no"),
    ("", A, B),
]
HEAD = "first,second,first_sha256,second_sha256,ahash,cosine,measure,probability,likely,suggestion"
LINES = st.lists(st.tuples(*map(st.sampled_from, CELLS)), min_size=1, max_size=6)


@given(LINES, st.integers(8, 12))
def test_a_line_means_the_same_whatever_lines_are_around_it(cells: list[tuple[str, ...]], width: int) -> None:
    """A list is read column by column, and each text once; the law is that it does not show."""
    lines = [",".join((*line, "more", "cells")[:width]) for line in cells]
    with tempfile.TemporaryDirectory() as folder:
        whole = read_list_or_fault(written(Path(folder) / "l.csv", "\n".join([HEAD, *lines])))
        pairs: dict[frozenset[str], Pair] = {}
        for number, line in enumerate(lines):
            alone = read_list_or_fault(written(Path(folder) / "l.csv", HEAD + "\n" * (number + 1) + line))
            for pair in alone.pairs:
                pairs.setdefault(frozenset((pair.first.name, pair.second.name)), pair)
            problems = [problem for problem in whole.problems if f"l.csv:{number + 2}: " in problem]
            assert [problem for problem in problems if "already" not in problem] == list(alone.problems)
        assert whole.pairs == tuple(pairs.values())


def read_list_or_fault(path: Path) -> PairList:
    """Read a list, of which a single line may be invalid."""
    extra = f"{NAMES[3]},{NAMES[4]},,,,,,,,\n"
    path.write_text(f"{path.read_text()}\n{extra}", encoding="utf-8")
    read = read_list(path)
    pairs = {names: pair for names, pair in read.by_names.items() if names != {NAMES[3], NAMES[4]}}
    return PairList(pairs, read.problems)


def test_an_invalid_list_is_refused_in_one_line(tmp_path: Path) -> None:
    for name, text, message in (
        ("none.csv", None, "there is no such list"),
        ("words.csv", "hello,world\nnothing,here\n", "no line of it is a pair of posters"),
        ("latin.csv", b"a,b\n\xff\xfe,c\n", "latin.csv:2: it is not UTF-8"),
    ):
        path = tmp_path / name
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(ValueError, match=message) as raised:
            read_list(path)
        assert "\n" not in str(raised.value)
