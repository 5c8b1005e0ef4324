"""Lists of pairs: the graph's and plain ones, and messages about bad lines."""

from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.verdicts.contents import Poster
from lap_assets.duplicates.candidates import CANDIDATES, write_candidates
from lap_gui.review.lists import read_list
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
