"""Files of vectors from outside: NumPy's files are read, and any other file is a one-line error that names it."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lap_assets.core.errors import FileError
from lap_assets.duplicates.vector_files import given_vectors

NUMBERS = st.sampled_from(["?", "u1", "<i2", ">i4", "<u8", "<f2", "<f4", ">f8"])
SHAPES = st.tuples(st.integers(0, 5), st.integers(1, 70))


def written(head: str, rest: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    text = head.encode()
    return b"\x93NUMPY" + version + struct.pack("<H", len(text)) + text + rest


def head(described: str, shape: str) -> str:
    return f"{{'descr': {described}, 'fortran_order': False, 'shape': {shape}}}\n"


ODD = {
    "empty": b"",
    "another file": b"PK\x03\x04" + b"\0" * 60,
    "terabytes claimed": written(head("'<f4'", "(1000000000000, 4)")),
    "more rows than a number holds": written(head("'<f4'", "(10000000000000000000000, 4)")),
    "fewer than no rows": written(head("'<f4'", "(-1, -4)"), bytes(16)),
    "rows of nothing": written(head("'|V0'", "(100000000000, 4)")),
    "no numbers in a row": written(head("'<f4'", "(1000000000000, 0)")),
    "objects": written(head("'|O'", "(2, 1)"), b"\x80\x04."),
    "columns": written(head("[('a', '<f4')]", "(2,)"), bytes(8)),
    "times": written(head("'<M8[s]'", "(1, 2)"), bytes(16)),
    "one number": written(head("'<f4'", "()"), bytes(4)),
    "a shape that is none": written(head("'<f4'", "7")),
    "a type that is none": written(head("7", "(1, 2)")),
    "cut": written(head("'<f4'", "(2, 4)"), bytes(31)),
    "longer than it says": written(head("'<f4'", "(2, 4)"), bytes(33)),
    "a head without end": written("{'descr':"),
    "keys of two kinds": written("{1: 2, 'a': 3}\n"),
    "nested": written(head("'<f4'", "(" * 300 + ")" * 300)),
    "a later version": written("{}\n", version=b"\x09\x00"),
}


@pytest.mark.parametrize("name", ODD)
def test_an_invalid_file_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.npy"
    path.write_bytes(ODD[name])
    with pytest.raises(FileError) as refused:
        given_vectors(f"file:{path}", [2])
    assert str(refused.value).startswith(f"{path}: ")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400 + len(str(path))


def test_paths_that_are_not_files_are_named_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.npy")
    (tmp_path / "folder.npy").mkdir()
    (tmp_path / "link.npy").symlink_to("nowhere")
    for name, why in {"fifo": "a FIFO", "folder": "a folder", "link": "which is not there", "none": "No such"}.items():
        with pytest.raises(FileError, match=why):
            given_vectors(f"file:{tmp_path / name}.npy", [2])


@given(SHAPES.flatmap(lambda shape: arrays.arrays(NUMBERS, shape)), st.booleans(), st.sampled_from([(1, 0), (2, 0)]))
def test_files_written_by_numpy_are_read(
    tmp_path_factory: pytest.TempPathFactory, rows: np.ndarray, turned: bool, version: tuple[int, int]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.npy"
    with path.open("wb") as file:
        np.lib.format.write_array(file, np.asfortranarray(rows) if turned else rows, version=version)
    found = given_vectors(f"file:{path}", [len(rows)])
    assert found is not None
    assert found.dtype == rows.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, rows)


@given(st.binary(max_size=80), st.integers(0, 80))
def test_a_changed_header_yields_rows_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, where: int
) -> None:
    whole = written(head("'<f4'", "(2, 4)"), bytes(32))
    path = tmp_path_factory.mktemp("changed") / "a.npy"
    path.write_bytes(whole[:where] + garbage + whole[where + len(garbage) :])
    try:
        found = given_vectors(f"file:{path}", [2])
    except FileError as error:
        refused = str(error)
    else:
        refused = f"{path}: read" if found is not None and len(found) == 2 else "something else"
    assert refused.startswith(f"{path}: ")
