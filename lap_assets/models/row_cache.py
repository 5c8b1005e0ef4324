"""Finished rows of a slow table, kept in small files until the table is stored: a kill loses at most a minute of work.

Belongs here: the files. The caller decides which rows may be reused.
"""

import shutil
import time
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.files import replacing
from lap_assets.table_files import is_readable

_SECONDS: Final = 60.0


class RowCache:
    """A folder of Parquet files of one schema, each written atomically. One writer at a time."""

    def __init__(self, folder: Path, seconds: float = _SECONDS) -> None:
        """Open the cache. `seconds`: how long rows may wait before they are written."""
        self._folder = folder
        self._seconds = seconds
        self._written_at = time.monotonic()

    def rows(self) -> pl.DataFrame | None:
        """Return the rows of earlier runs in the order they were added; None if there are none.

        Unreadable files are skipped; their rows are computed again.
        """
        parts = [pl.read_parquet(path) for path in self._parts() if is_readable(path)]
        return pl.concat(parts) if parts else None

    def is_due(self) -> bool:
        """Return whether rows have waited long enough to be written."""
        return time.monotonic() - self._written_at >= self._seconds

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows."""
        self._written_at = time.monotonic()
        if rows.height:
            last = max((int(path.stem) for path in self._parts()), default=0)
            with replacing(self._folder / f"{last + 1:06d}.parquet") as beside:
                rows.write_parquet(beside)

    def clear(self) -> None:
        """Delete all rows, once the table is stored."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _parts(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.parquet"))
