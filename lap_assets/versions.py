"""Data versions from content alone (no times, run ids or machine properties), and previous tables for reuse."""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import dagster as dg
import polars as pl

from lap_assets.core.errors import TableError
from lap_assets.resources import table_path
from lap_assets.table_files import read_table


def content_version(frame: pl.DataFrame, columns: Sequence[str] | None = None) -> dg.DataVersion:
    """Return a digest of a table's columns and rows, in order: rows as JSON lines, vectors as bytes."""
    kept = frame.select(columns) if columns is not None else frame
    digest = hashlib.sha256(json.dumps({name: str(dtype) for name, dtype in kept.schema.items()}).encode())
    vectors = [name for name, dtype in kept.schema.items() if dtype == pl.List(pl.Float32)]
    digest.update(kept.drop(vectors).write_ndjson().encode())
    for name in vectors:
        for part in _bytes(kept[name]):
            digest.update(part)
    return dg.DataVersion(digest.hexdigest()[:32])


def _bytes(vectors: pl.Series) -> Iterator[bytes]:
    """Yield the vectors' lengths (-1: null), the null mask and the numbers, each little-endian."""
    yield vectors.list.len().cast(pl.Int64).fill_null(-1).to_numpy().astype("<i8").tobytes()
    numbers = vectors.drop_nulls().explode(empty_as_null=False)
    yield numbers.is_null().to_numpy().tobytes()
    yield numbers.to_numpy().astype("<f4").tobytes()


def last_table(
    tables: Path, asset: str, partition: str | None, columns: Sequence[str], *, added: Collection[str] = ()
) -> pl.DataFrame | None:
    """Return the previous table of an asset's partition, for reuse row by row.

    None if there is none, it is unreadable, or its columns differ: then every row is made anew.

    added: columns that tables of older versions lack, and that reuse of a row does not require.
    """
    path = table_path(tables, asset, partition)
    if not path.exists():
        return None
    try:
        frame = read_table(path)
    except TableError:
        return None
    older = [column for column in columns if column not in added]
    return frame if frame.columns in (list(columns), older) else None


def megabytes(table: pl.DataFrame) -> float:
    """Return the sum of a table's `bytes`, in MB (10⁶ bytes)."""
    return round(int(table["bytes"].sum()) / 1e6, 1)
