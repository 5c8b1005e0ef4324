"""Tables as Parquet files: check that one is readable, and read it with an error that names it. No table's content."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import FileError, TableError
from lap_assets.core.reading import check_regular, open_regular

_MAGIC: Final = b"PAR1"  # a Parquet file begins and ends with it (parquet.apache.org, "File format")
_FOOTER: Final = 8  # bytes: the length of the metadata, little-endian, and the magic
UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""The errors that polars raises for an incomplete or damaged table."""


def table_problem(path: Path, columns: Iterable[str] = ()) -> str | None:
    """Return a table's problem, judged by both ends of the file and its footer; None if there is none.

    The rows are not read. `columns`: required columns.
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
    """Return the table, or some of its columns.

    Raises:
        TableError: the file is missing or unreadable; the message names it.
    """
    try:
        _check_regular(path)
        return pl.read_parquet(path, columns=list(columns) if columns is not None else None)
    except (*UNREADABLE, OSError, FileError):
        problem = table_problem(path, columns or ()) or "is damaged"
        raise TableError(f"{path} {problem}; `lap refresh` makes it again") from None


def is_readable(path: Path) -> bool:
    """Return whether the whole table is readable."""
    try:
        _check_regular(path)
        pl.read_parquet(path)
    except (*UNREADABLE, OSError, FileError):
        return False
    return True


def _check_regular(path: Path) -> None:
    """Reject FIFOs and other special files, on which reading could block. The reader reports a missing file."""
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
    schema = pl.read_parquet_schema(path)
    missing = [name for name in columns if name not in schema]
    return f"lacks the column {missing[0]}" if missing else None
