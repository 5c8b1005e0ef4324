"""The content of a home without times: homes with the same work are equal."""

import hashlib
from pathlib import Path

import polars as pl

# Of a release: files with the day on which a poster was fetched, or with checksums of such files.
_DATED = {"manifest.csv", "README.md", "croissant.json", "SHA256SUMS"}
_TIMES = ["fetched_at", "fetched", "gone_since", "first_seen", "last_seen"]


def contents(home: Path) -> dict[str, str]:
    """Return every file that counts, by path, with a hash of its bytes (of a table: of its rows without times)."""
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
    """Return the files in which two homes differ; tables differ in any digit of any number."""
    ours, theirs = contents(home), contents(other)
    return {path for path in {*ours, *theirs} if ours.get(path) != theirs.get(path)}
