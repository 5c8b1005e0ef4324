"""Small files of records: invalid files are named, no file means no records, and a bug in a reader stays a bug."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.record_list import read_records


def number(read: object) -> int:
    if not isinstance(read, int):
        raise InputError(f"{read!r} is not a number")
    return read


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_records_come_back_in_their_order(tmp_path_factory: pytest.TempPathFactory, records: list[int]) -> None:
    path = tmp_path_factory.mktemp("records") / "r.json"
    path.write_text(json.dumps({"records": records, "other": 1}))
    assert read_records(path, "records", number) == records


def test_no_file_means_no_records_and_a_broken_link_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    assert read_records(path, "records", number) == []
    path.symlink_to(tmp_path / "gone.json")
    with pytest.raises(FileError, match=r"r\.json: "):
        read_records(path, "records", number)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"records": 1}', '{"records": ["x"]}', '{"records": [NaN]}', "[" * 10_000, "\ud800"]
)
def test_an_invalid_file_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(FileError, match=r"r\.json"):
        read_records(path, "records", number)


def test_a_bug_in_a_reader_is_not_taken_for_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text('{"records": [1]}')
    with pytest.raises(ZeroDivisionError):
        read_records(path, "records", lambda one: 1 // (one - 1))
