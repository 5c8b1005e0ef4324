"""The MAL-ID subfolders: ranges of ids. Dagster's partitions are made from them in `lap_assets.partitions`.

A home may have its own table in `LAP_HOME/subfolders.json`, the first id of each subfolder in ascending order:
`{"0": 1, "1": 1000, "2": 2500}`. The last one is open-ended. A home without that file has the usual ten. The table is
read once per process, when it is first needed; `lap repartition` adapts a home to a changed table.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, overload

from lap_assets.core.errors import FileError, InputError, SettingsError
from lap_assets.core.json_text import parse_pairs
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text

FirstIds = tuple[tuple[str, int], ...]
"""Each subfolder with its first MAL id, ascending."""

USUAL: Final[FirstIds] = (
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
FILE: Final = "subfolders.json"
_MOST: Final = 99  # with 100 partitions or more, Dagster does not record all input versions of an unpartitioned asset
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_HOME: Final = "lap_home"  # as `core.home.DEFAULT`, which imports this module


@cache
def first_ids() -> FirstIds:
    """Return the table of this process's home.

    Raises:
        SettingsError: its file is not a valid table of subfolders; the message says why.
    """
    return read_first_ids(Path(os.environ.get("LAP_HOME") or _HOME))


def read_first_ids(home: Path) -> FirstIds:
    """Return the table of a home folder.

    Raises:
        SettingsError: its file is not a valid table of subfolders; the message says why.
    """
    path = home / FILE
    try:
        rows = parse_pairs(read_text(path, MAX_SMALL_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return USUAL
    except FileError as error:
        raise SettingsError(str(error)) from None
    except InputError as error:
        raise SettingsError(f"{path}: {error}") from None
    if problem := _problem(rows):
        raise SettingsError(f'{path}: {problem}; expected the first id of each, such as {{"0": 1, "1": 1000}}')
    return tuple(rows)


def subfolder_of(mal_id: int) -> str:
    """Return the subfolder of the anime `mal_id` (1 or more).

    Raises:
        InputError: the id is below 1.
    """
    if mal_id < 1:
        raise InputError(f"MAL id {mal_id}: ids start at 1")
    return SUBFOLDERS[bisect_right(_starts(), mal_id) - 1]


def id_range(subfolder: str) -> tuple[int, int | None]:
    """Return the first id of `subfolder` and the first id after it (None: open-ended).

    Raises:
        InputError: there is no such subfolder.
    """
    if subfolder not in SUBFOLDERS:
        raise InputError(f"no partition {subfolder!r}: expected one of {', '.join(SUBFOLDERS)}")
    index, starts = SUBFOLDERS.index(subfolder), _starts()
    return starts[index], starts[index + 1] if index + 1 < len(starts) else None


class _Subfolders(Sequence[str]):
    """The subfolders' names in ascending order of their ids, read on first access."""

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return _names()[index]

    def __len__(self) -> int:
        return len(_names())

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __contains__(self, name: object) -> bool:
        return name in _names()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and _names() == tuple(other)

    def __hash__(self) -> int:
        return hash(_names())

    def __repr__(self) -> str:
        return f"SUBFOLDERS{_names()}"


SUBFOLDERS: Final[Sequence[str]] = _Subfolders()


@cache
def _names() -> tuple[str, ...]:
    return tuple(name for name, _ in first_ids())


@cache
def _starts() -> tuple[int, ...]:
    return tuple(first for _, first in first_ids())


def _problem(rows: object) -> str | None:  # noqa: PLR0911 - one return per rule
    """Return what is wrong with the pairs of name and first id; None if they are valid."""
    if not isinstance(rows, tuple) or not rows:
        return "no subfolders"
    names = [str(name) for name, _ in rows]
    if bad := [name for name in names if not _KEY.fullmatch(name)]:
        return f"{bad[0]!r} is not a valid folder name (letters, digits, - and _)"
    if len({name.lower() for name in names}) < len(names):
        return "two subfolders have the same name"
    if len(names) > _MOST:
        return f"{len(names)} subfolders; expected at most {_MOST}"
    firsts = [first for _, first in rows]
    if bad_ids := [first for first in firsts if type(first) is not int]:
        return f"{bad_ids[0]!r} is not an id"
    if firsts[0] != 1:
        return f"the first subfolder starts at {firsts[0]}, not at 1"
    if any(following <= first for first, following in pairwise(firsts)):
        return "the ids are not in ascending order"
    return None
