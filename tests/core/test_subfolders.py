import pytest

from lap_assets.core.subfolders import SUBFOLDERS, id_range, subfolder_of

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


def test_every_id_lies_where_the_description_says() -> None:
    assert tuple(DESCRIBED) == SUBFOLDERS
    for key, (first, last) in DESCRIBED.items():
        assert {subfolder_of(mal_id) for mal_id in range(first, last + 1)} == {key}


def test_ids_beyond_lie_in_the_last_one() -> None:
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
