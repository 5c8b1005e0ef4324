"""The table of hashes of a partition's posters; unchanged rows are reused."""

from typing import Any, Final

import polars as pl

from lap_assets.core.errors import PictureError
from lap_assets.core.home import Home
from lap_assets.core.progress import Progress
from lap_assets.core.verdicts.fidelity import Fidelity
from lap_assets.duplicates.hashing import ImageHashes, hash_images
from lap_assets.duplicates.tables import POSTER_FACTS
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits

# Part of every row. Changed only with the definition of the hashes, so that rows are computed again.
METHOD: Final = "5"

SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "name": pl.String,
    "mal_id": pl.Int64,
    "source": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "width": pl.Int32,
    "height": pl.Int32,
    "ahash": pl.UInt64,
    "phash": pl.UInt64,
    "dhash": pl.UInt64,
    **POSTER_FACTS,
    "problem": pl.String,
    "method": pl.String,
}


def hash_table(
    posters: pl.DataFrame,
    *,
    previous: pl.DataFrame | None,
    home: Home,
    title: str,
    progress: Progress,
    limits: Limits = DEFAULT_LIMITS,
) -> pl.DataFrame:
    """Return the hashes of `posters` (name, mal_id, source, sha256, bytes, width, height), sorted by name.

    An unreadable poster, or one whose file is no longer the one that was fetched, has null hashes and a `problem`.
    Rows of `previous` with the same content and method are reused.
    """
    facts = posters.select("name", "mal_id", "source", "sha256", "bytes", "width", "height").sort("name")
    known = _reusable(previous)
    rows: list[dict[str, Any]] = []
    fresh: list[dict[str, Any]] = []
    for row in facts.iter_rows(named=True):
        hashed_before = known.get((row["name"], row["sha256"]))
        (rows if hashed_before else fresh).append(hashed_before or row)
    with progress.task(title, len(fresh)) as advance:
        paths = [home.poster(row["name"]) for row in fresh]
        results = hash_images(paths, limits=limits, progress=advance, measure=True)
        rows += [_row(row, hashed) for row, hashed in zip(fresh, results, strict=True)]
    return pl.DataFrame(rows, schema=SCHEMA).sort("name")


def _reusable(previous: pl.DataFrame | None) -> dict[tuple[str, str], dict[str, Any]]:
    if previous is None:
        return {}
    kept = previous.filter((pl.col("method") == METHOD) & pl.col("problem").is_null())
    return {(row["name"], row["sha256"]): row for row in kept.iter_rows(named=True)}


def _row(row: dict[str, Any], hashed: ImageHashes | PictureError) -> dict[str, Any]:
    if isinstance(hashed, ImageHashes) and hashed.sha256 != row["sha256"]:
        hashed = PictureError("the file is no longer the one that was fetched")
    if isinstance(hashed, PictureError):
        nothing = dict.fromkeys(("ahash", "phash", "dhash", *POSTER_FACTS))
        return {**row, **nothing, "problem": f"{row['name']}: {hashed.problem}", "method": METHOD}
    hashes = {"ahash": hashed.ahash, "phash": hashed.phash, "dhash": hashed.dhash, "structure": hashed.structure}
    size = {"width": hashed.width, "height": hashed.height}
    return {**row, **size, **hashes, **_facts(hashed.fidelity), "problem": None, "method": METHOD}


def _facts(fidelity: Fidelity | None) -> dict[str, Any]:
    known = {} if fidelity is None else fidelity._asdict()
    return {name: known.get(name) for name in POSTER_FACTS if name != "structure"}
