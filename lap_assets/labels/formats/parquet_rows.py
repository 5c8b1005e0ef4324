"""The rows of an untrusted Parquet table, a few at a time: a table of a few KB may unpack to more than fits in memory.

Repeated values are compressed, so a file's size does not limit its unpacked size. The numbers of rows and values and
the length of names are limited before or during unpacking.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import InputError
from lap_assets.labels.formats.parquet_footer import MOST_BYTES, claimed
from lap_assets.labels.formats.parquet_schema import arrow

MOST_ROWS: Final = 1_000_000
MOST_VALUES: Final = 100_000_000
"""Per column, over all boxes."""
LONGEST_NAME: Final = 4096  # characters, the limit of a path
_AT_ONCE: Final = 64


def metadata_of(path: Path) -> tuple[dict[bytes, bytes], list[str]]:
    """Return a table's metadata and the names of its columns.

    Raises:
        FileError: it is not a regular file.
        InputError: it claims too many rows or values for a table of labels.
        ValueError, OSError: it is not a Parquet table.
    """
    _, pq = arrow()
    rows, values = claimed(path)
    if rows > MOST_ROWS:
        raise InputError(f"it claims {rows:,} rows, more than {MOST_ROWS:,}")
    if values > MOST_VALUES:
        raise InputError(f"a column claims {values:,} values, more than {MOST_VALUES:,}")
    with pq.ParquetFile(path, thrift_string_size_limit=MOST_BYTES) as table:
        return dict(table.schema_arrow.metadata or {}), list(table.schema_arrow.names)


def rows_of(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the rows with only these columns.

    Raises:
        InputError: a name is too long.
        ValueError, OSError: the file is damaged.
    """
    _, pq = arrow()
    with pq.ParquetFile(path, thrift_string_size_limit=MOST_BYTES) as table:
        for batch in table.iter_batches(_AT_ONCE, columns=list(columns), use_threads=False):
            for row in batch.to_pylist():
                name = row.get("file_name")
                if isinstance(name, str | bytes) and len(name) > LONGEST_NAME:
                    raise InputError(f"a name has {len(name):,} characters, more than {LONGEST_NAME:,}")
                yield row
