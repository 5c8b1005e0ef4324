"""The ten MAL-ID subfolders. The table is one tuple: splitting a subfolder is one more line in it.

Belongs here: which id lies in which subfolder. Dagster's partitions are made from it in `lap_assets.partitions`.
"""

from bisect import bisect_right
from typing import Final

from lap_assets.core.errors import InputError

# First MAL id of each subfolder, ascending; the last one is open-ended.
FIRST_IDS: Final[tuple[tuple[str, int], ...]] = (
    ("0", 1),
    ("1", 1000),
    ("2", 2500),
    ("3", 5000),
    ("4", 10000),
    ("5", 20000),
    ("6", 32000),
    ("7", 38000),
    ("8", 44000),
    ("9", 50000),
)
SUBFOLDERS: Final[tuple[str, ...]] = tuple(key for key, _ in FIRST_IDS)
_STARTS: Final[tuple[int, ...]] = tuple(first for _, first in FIRST_IDS)


def subfolder_of(mal_id: int) -> str:
    """The subfolder that holds the anime `mal_id` (1 or more).

    Raises:
        InputError: the id is below 1.
    """
    if mal_id < 1:
        raise InputError(f"MAL id {mal_id}: ids start at 1")
    return SUBFOLDERS[bisect_right(_STARTS, mal_id) - 1]


def id_range(subfolder: str) -> tuple[int, int | None]:
    """First id of `subfolder` and the first id after it (None: open-ended).

    Raises:
        InputError: there is no such subfolder.
    """
    if subfolder not in SUBFOLDERS:
        raise InputError(f"no partition {subfolder!r}: there are {', '.join(SUBFOLDERS)}")
    place = SUBFOLDERS.index(subfolder)
    after = _STARTS[place + 1] if place + 1 < len(_STARTS) else None
    return _STARTS[place], after
