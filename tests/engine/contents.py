"""What a home holds, without the times: two homes that went through the same work are equal here."""

import hashlib
import math
from pathlib import Path
from typing import Any

import polars as pl

# Of a release: they tell on which day a poster came, or the checksum of what does.
_DATED = {"manifest.csv", "README.md", "croissant.json", "SHA256SUMS"}
_TIMES = ["fetched_at", "fetched", "gone_since", "first_seen", "last_seen"]


def contents(home: Path) -> dict[str, str]:
    """Every file that counts, by its path, with a hash of its bytes (of a table: of its rows without times)."""
    found = {}
    for folder in ("posters", "images", "release", "review"):
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and path.suffix != ".parquet" and path.name not in _DATED:
                found[path.relative_to(home).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    for path in sorted((home / "tables").rglob("*.parquet")):
        rows = pl.read_parquet(path).drop(_TIMES, strict=False).write_ndjson()
        found[path.relative_to(home).as_posix()] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def unlike(home: Path, other: Path) -> set[str]:
    """The files in which two homes differ; of tables, those that differ by more than the last digits of their numbers.

    A model's last digits depend on which pictures shared a batch, so on how the work was cut.
    """
    ours, theirs = contents(home), contents(other)
    differing = {path for path in {*ours, *theirs} if ours.get(path) != theirs.get(path)}
    return {
        path
        for path in differing
        if not path.endswith(".parquet") or not _alike(_rows(home / path), _rows(other / path))
    }


def _rows(path: Path) -> list[tuple[Any, ...]] | None:
    return pl.read_parquet(path).drop(_TIMES, strict=False).rows() if path.exists() else None


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-4)  # 0.1 px of a poster, 0.0001 of a score
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)
