"""Data versions made from content alone (no times, run ids or machine's traits), and tables of the last time."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import polars as pl

from lap_assets.resources import table_path


def content_version(frame: pl.DataFrame, columns: Sequence[str] | None = None) -> dg.DataVersion:
    """The version of a table: its columns and rows, in their order, as JSON lines."""
    kept = frame.select(columns) if columns is not None else frame
    digest = hashlib.sha256(json.dumps({name: str(dtype) for name, dtype in kept.schema.items()}).encode())
    digest.update(kept.write_ndjson().encode())
    return dg.DataVersion(digest.hexdigest()[:32])


def last_table(tables: Path, asset: str, partition: str | None, columns: Sequence[str]) -> pl.DataFrame | None:
    """The table that an asset's partition held last, for reuse row by row; None where it has other columns by now."""
    path = table_path(tables, asset, partition)
    if not path.exists():
        return None
    frame = pl.read_parquet(path)
    return frame if frame.columns == list(columns) else None


def megabytes(table: pl.DataFrame) -> float:
    """The sum of a table's `bytes`, in MB of a million bytes."""
    return round(int(table["bytes"].sum()) / 1e6, 1)
