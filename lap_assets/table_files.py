"""Tables as files: whether one can be read, and reading it with an error that names it. Nothing of what they hold."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import FileError, TableError
from lap_assets.core.reading import check_regular, open_regular

_MAGIC: Final = b"PAR1"  # a Parquet file begins and ends with it (parquet.apache.org, "File format")
_FOOTER: Final = 8  # bytes: the length of the metadata, little-endian, and the magic
UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What polars raises for a file that is not a whole table."""


def table_problem(path: Path, columns: Iterable[str] = ()) -> str | None:
    """What is wrong with a table by its ends and its footer, or None; its rows are not read.

    `columns`: names that it must have.
    """
    try:
        return _problem_of_ends(path) or _problem_of_schema(path, columns)
    except FileNotFoundError:
        return "is missing"
    except FileError as error:
        return f"is {str(error).removeprefix(f'{path}: ')}"
    except OSError as error:
        return f"cannot be read ({error.strerror or error})"
    except UNREADABLE:
        return "is damaged"


def read_table(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """The table, or some of its columns.

    Raises:
        TableError: it is missing or cannot be read; the message names the file.
    """
    try:
        _check_regular(path)
        return pl.read_parquet(path, columns=list(columns) if columns is not None else None)
    except (*UNREADABLE, OSError, FileError):
        problem = table_problem(path, columns or ()) or "is damaged"
        raise TableError(f"{path} {problem}; `lap refresh` makes it again") from None


def is_readable(path: Path) -> bool:
    """Whether a table can be read to its end."""
    try:
        _check_regular(path)
        pl.read_parquet(path)
    except (*UNREADABLE, OSError, FileError):
        return False
    return True


def _check_regular(path: Path) -> None:
    """Passes where nothing waits for a writer, as at a FIFO; a missing file is for the reader to tell."""
    if path.exists():
        check_regular(path, path.stat().st_mode)


def _problem_of_ends(path: Path) -> str | None:
    with open_regular(path) as opened:
        size = opened.seek(0, 2)
        if not size:
            return "is empty"
        opened.seek(0)
        if opened.read(len(_MAGIC)) != _MAGIC:
            return "is not a Parquet file"
        opened.seek(max(0, size - _FOOTER))
        footer = opened.read(_FOOTER)
    length = int.from_bytes(footer[:4], "little")
    is_whole = footer.endswith(_MAGIC) and length + _FOOTER + len(_MAGIC) <= size
    return None if is_whole else "is cut short"


def _problem_of_schema(path: Path, columns: Iterable[str]) -> str | None:
    there = pl.read_parquet_schema(path)
    lacking = [name for name in columns if name not in there]
    return f"lacks the column {lacking[0]}" if lacking else None
