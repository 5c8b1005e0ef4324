import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lap_assets.core.errors import SettingsError
from lap_assets.core.subfolders import SUBFOLDERS, USUAL, FirstIds, id_range, read_first_ids, subfolder_of

# The dataset's description: subfolder, first id, last id.
DESCRIBED = {
    "0": (1, 999),
    "1": (1000, 2499),
    "2": (2500, 4999),
    "3": (5000, 9999),
    "4": (10000, 19999),
    "5": (20000, 31999),
    "6": (32000, 37999),
    "7": (38000, 43999),
    "8": (44000, 49999),
    "9": (50000, 54449),
}


def test_every_id_is_in_the_subfolder_of_the_description() -> None:
    assert tuple(DESCRIBED) == SUBFOLDERS
    for key, (first, last) in DESCRIBED.items():
        assert {subfolder_of(mal_id) for mal_id in range(first, last + 1)} == {key}


def test_higher_ids_are_in_the_last_subfolder() -> None:
    assert subfolder_of(54_450) == subfolder_of(10**9) == "9"


def test_ranges_follow_each_other_without_a_gap() -> None:
    ranges = [id_range(key) for key in SUBFOLDERS]
    assert ranges[0][0] == 1
    assert ranges[-1] == (50_000, None)
    assert [after for _, after in ranges[:-1]] == [first for first, _ in ranges[1:]]


@pytest.mark.parametrize("mal_id", [0, -1])
def test_there_are_no_ids_below_one(mal_id: int) -> None:
    with pytest.raises(ValueError, match="ids start at 1"):
        subfolder_of(mal_id)


@pytest.mark.parametrize("key", ["10", "", "a", "-1", "00"])
def test_there_are_no_other_subfolders(key: str) -> None:
    with pytest.raises(ValueError, match="no partition"):
        id_range(key)


def table(home: Path, text: str) -> FirstIds:
    (home / "subfolders.json").write_text(text)
    return read_first_ids(home)


def test_a_home_without_a_table_has_the_usual_ten(tmp_path: Path) -> None:
    assert read_first_ids(tmp_path) == USUAL
    assert read_first_ids(tmp_path / "none") == USUAL


def test_a_home_s_own_table_is_read(tmp_path: Path) -> None:
    assert table(tmp_path, '{"a": 1, "b-2": 300}') == (("a", 1), ("b-2", 300))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "no subfolders"),
        ("{}", "no subfolders"),
        ('{"0": 1, "0": 5}', "two subfolders have the same name"),
        ('{"a": 1, "A": 5}', "two subfolders have the same name"),
        ('{"../x": 1}', "not a valid folder name"),
        ('{"": 1}', "not a valid folder name"),
        ('{"0": 2}', "starts at 2"),
        ('{"0": 1, "1": 1}', "are not in ascending order"),
        ('{"0": 1, "1": "x"}', "not an id"),
        ('{"0": true}', "not an id"),
        (json.dumps({str(n): n for n in range(1, 101)}), "100 subfolders"),
        ('{"0": 1, "1": {"2": 3}}', "not an id"),
    ],
)
def test_an_invalid_table_is_one_line_that_names_the_file(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as result:
        table(tmp_path, text)
    assert str(result.value).startswith(str(tmp_path / "subfolders.json"))
    assert "\n" not in str(result.value)


def test_a_process_uses_the_table_of_its_home(tmp_path: Path) -> None:
    (tmp_path / "subfolders.json").write_text('{"low": 1, "high": 30000}')
    asked = "from lap_assets.core.subfolders import subfolder_of as of; print(of(29999), of(30000))"
    result = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "LAP_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert result.stdout.split() == ["low", "high"], result.stderr
