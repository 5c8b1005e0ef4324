import os
from pathlib import Path

import polars as pl
import pytest

from lap_assets.core.errors import SettingsError, StateError
from lap_assets.core.home import Home
from lap_assets.core.subfolders import USUAL
from lap_assets.posters import repartition

BEFORE = (("0", 1), ("1", 2000), *USUAL[2:])  # ids 1000 to 1999 were in "0"
MOVES, STAYS, FOREIGN = "MAL01500_0001_000001.jpg", "MAL00005_0001_000002.jpg", "notes.jpg"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with the table `BEFORE`."""
    home = Home(tmp_path)
    for store in (home.posters, home.images):
        (store / "0").mkdir(parents=True)
        for name in (MOVES, STAYS, FOREIGN):
            (store / "0" / name).write_text(name)
    (home.tables / "image_hashes").mkdir(parents=True)
    pl.DataFrame({"name": [STAYS, MOVES], "bits": [1, 2]}).write_parquet(home.tables / "image_hashes" / "0.parquet")
    (home.tables / "hash_pairs").mkdir()
    pl.DataFrame({"first": [STAYS]}).write_parquet(home.tables / "hash_pairs" / "0.parquet")
    return home


def test_the_subfolders_whose_ids_changed_are_named_and_no_others() -> None:
    assert repartition.changed_subfolders(BEFORE) == ["0", "1"]
    assert repartition.changed_subfolders(USUAL) == []
    assert repartition.changed_subfolders(USUAL[:-1]) == ["8"]  # it was open-ended; "9" is new


def test_files_move_to_their_subfolder_and_other_files_stay(home: Home) -> None:
    assert repartition.move_files(home) == 2
    assert repartition.move_files(home) == 0
    for store in (home.posters, home.images):
        assert (store / "1" / MOVES).read_text() == MOVES
        assert {path.name for path in (store / "0").iterdir()} == {STAYS, FOREIGN}


def test_rows_move_once_however_often_it_is_repeated(home: Home) -> None:
    folder = home.tables / "image_hashes"
    whole = (folder / "0.parquet").read_bytes()
    assert repartition.move_rows(home) == 1
    (folder / "0.parquet").write_bytes(whole)  # as if interrupted between the two tables
    assert repartition.move_rows(home) == 0
    assert pl.read_parquet(folder / "0.parquet").rows() == [(STAYS, 1)]
    assert pl.read_parquet(folder / "1.parquet").rows() == [(MOVES, 2)]
    assert pl.read_parquet(home.tables / "hash_pairs" / "0.parquet").rows() == [(STAYS,)]


def test_a_home_with_another_table_is_refused(home: Home) -> None:
    with pytest.raises(SettingsError, match="lap repartition"):
        repartition.check_subfolders(home)  # no table is recorded, but a poster is misplaced
    assert repartition.holding_others(home) == ["0"]
    repartition.move_files(home)
    repartition.check_subfolders(home)
    assert repartition.recorded_subfolders(home) == USUAL
    repartition.check_subfolders(home)
    (home.state / "subfolders.json").write_text('[["0", 1], ["9", 50000]]')
    with pytest.raises(SettingsError, match="lap repartition"):
        repartition.check_subfolders(home)


@pytest.mark.parametrize(
    "text",
    ["", "[", "{}", "[]", "3", '[["0"]]', '[["0", "1"]]', "[[0, 1]]", "[" * 100_000, '[["0", 1' + "0" * 400 + "]]"],
)
def test_a_damaged_record_of_the_table_is_named(home: Home, text: str) -> None:
    home.state.mkdir(exist_ok=True)
    (home.state / "subfolders.json").write_text(text)
    with pytest.raises(StateError, match=r"subfolders\.json: not the record of the home's subfolders \(.*restore it"):
        repartition.check_subfolders(home)


def test_a_fifo_in_its_place_is_named_without_blocking(home: Home) -> None:
    home.state.mkdir(exist_ok=True)
    os.mkfifo(home.state / "subfolders.json")
    with pytest.raises(StateError, match="a FIFO, not a file"):
        repartition.check_subfolders(home)
