"""Unusable things in place of a home's own files: named in one line, without blocking or a traceback."""

import os
from pathlib import Path

import polars as pl
import pytest

from lap_assets.commands.home import demo_traits
from lap_assets.core.databases import quick_problem, whole_problem
from lap_assets.core.errors import SettingsError, TableError
from lap_assets.core.home import Home
from lap_assets.core.subfolders import USUAL, read_first_ids
from lap_assets.table_files import is_readable, read_table, table_problem

pytestmark = pytest.mark.skipif(os.name != "posix", reason="FIFOs are POSIX")


def test_a_fifo_or_folder_in_the_place_of_a_table(tmp_path: Path) -> None:
    fifo, folder, whole = tmp_path / "0.parquet", tmp_path / "1.parquet", tmp_path / "2.parquet"
    os.mkfifo(fifo)
    folder.mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(whole)
    for path, what in ((fifo, "a FIFO"), (folder, "a folder")):
        assert table_problem(path) == f"is {what}, not a file"
        assert not is_readable(path)
        with pytest.raises(TableError, match=f"{path.name} is {what}, not a file"):
            read_table(path)
    assert is_readable(whole)
    assert not is_readable(tmp_path / "none.parquet")


def test_a_fifo_in_the_place_of_a_database(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "mal.sqlite")
    assert quick_problem(tmp_path / "mal.sqlite") == "is a FIFO, not a file"
    assert whole_problem(tmp_path / "mal.sqlite") == "is a FIFO, not a file"
    assert quick_problem(tmp_path / "none.sqlite") is None


@pytest.mark.parametrize(
    "text",
    ["", "[", "[1]", '{"anime": "x"}', '{"anime": 1' + "0" * 400 + "}", '{"anime": true}', '{"pages": 1}', "[" * 9999],
)
def test_a_demo_whose_numbers_are_lost_is_named(tmp_path: Path, text: str) -> None:
    home = Home(tmp_path)
    assert demo_traits(home) is None
    home.demo_mark.write_text(text)
    with pytest.raises(SettingsError, match=r"demo\.json: .*expected the numbers that the demo was started with"):
        demo_traits(home)
    home.demo_mark.write_text('{"anime": 30, "seed": 3}')
    assert demo_traits(home) == {"anime": 30, "seed": 3}


def test_an_odd_table_of_subfolders_is_named(tmp_path: Path) -> None:
    assert read_first_ids(tmp_path) == USUAL
    assert read_first_ids(tmp_path / "none") == USUAL
    path = tmp_path / "subfolders.json"
    for content in (b"\xff", b"[" * 9999, b'{"0": 1e999}', b'{"0": 1' + b"0" * 400 + b"}", b'{"\\ud800": 1}', b"NaN"):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=r"subfolders\.json"):
            read_first_ids(tmp_path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SettingsError, match="a FIFO, not a file"):
        read_first_ids(tmp_path)
