"""The list of undecided pairs, as the review tools read it.

The pairs come from `resolution`, which has already applied earlier verdicts: a smaller copy of a removed poster is
removed along its chain, and a larger copy is listed once, paired with the poster that stayed. So a rescrape does not
repeat old questions. Belongs here: the columns of the list, its order, and its files. Verdicts come back through
`lap_assets.core.verdicts`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from lap_assets.core import files
from lap_assets.core.errors import InputError, TableError
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.fidelity import LACKS
from lap_assets.core.verdicts.sizes import PosterSize, compare_sizes
from lap_assets.duplicates.pending import PENDING
from lap_assets.duplicates.poster_sizes import poster_sizes
from lap_assets.duplicates.rule import Keep
from lap_assets.duplicates.tables import readable_posters, require_columns, subfolder_column

_SHOWN: Final = ("sha256", "width", "height", "bytes")
_HASHES: Final = ("ahash", "phash", "dhash")
_SIDE: Final = {"sha256": pl.String, "width": pl.Int32, "height": pl.Int32, "bytes": pl.Int64}

CANDIDATES: Final = pl.Schema(
    [
        ("first", pl.String),
        ("second", pl.String),
        *((f"first_{key}", kind) for key, kind in _SIDE.items()),
        *((f"second_{key}", kind) for key, kind in _SIDE.items()),
        *((measure, pl.UInt8) for measure in _HASHES),
        ("cosine", pl.Float32),
        ("rule", pl.String),
        ("measure", pl.String),
        ("distance", pl.Float64),
        ("share", pl.Float64),
        ("likely", pl.Boolean),
        ("state", pl.String),
        ("via", pl.String),
        ("suggestion", pl.String),
        ("reason", pl.String),
    ]
)
"""One row per pair, names ascending. `suggestion` is the poster to remove, `reason` explains why. The other columns are
as in `pending.PENDING`; the three hash distances are never null, `cosine` is null unless it found the pair."""

ALL_CANDIDATES: Final = pl.Schema([*CANDIDATES.items(), ("subfolder", pl.String)])
"""`CANDIDATES` of all subfolders; `subfolder` is the higher of the two posters' subfolders."""


def candidate_list(
    partition: str, pending: pl.DataFrame, posters: pl.DataFrame, decisions: pl.DataFrame, keep: Keep = "better"
) -> pl.DataFrame:
    """Return the undecided pairs of a subfolder; a pair belongs to the higher of its posters' subfolders.

    Order: very likely pairs first, then by distance relative to its range, then by the order of the rules. Pairs that
    people left open on purpose ("skip", "unsure") come last.

    Args:
        partition: the subfolder.
        pending: `pending.PENDING`, in the order of the rules.
        posters: `tables.POSTERS`, all subfolders.
        decisions: `resolution.DECISIONS`, for the reviewer who removed a pair's `via` poster.
        keep: which of two posters the rules keep.

    Returns:
        `CANDIDATES`.

    Raises:
        InputError: there is no such subfolder.
        TableError: a table lacks a column.
    """
    return candidates_of(all_candidates(pending, posters, decisions, keep), partition)


def all_candidates(
    pending: pl.DataFrame, posters: pl.DataFrame, decisions: pl.DataFrame, keep: Keep = "better"
) -> pl.DataFrame:
    """Return the undecided pairs of all subfolders as `ALL_CANDIDATES`, each subfolder in `candidate_list` order.

    Raises:
        TableError: a table lacks a column.
    """
    readable = readable_posters(posters)
    waiting = require_columns(pending, PENDING, "pending pairs").with_row_index("index")
    shown = _with_both_sides(waiting, readable).with_columns(pl.max_horizontal("mal_id", "mal_id_b").alias("higher"))
    shown = shown.with_columns(subfolder_column("higher"), *_distances(shown))
    who = decisions.select(pl.col("name").alias("via"), pl.col("reviewer").alias("via_reviewer"))
    found = shown.join(who, on="via", how="left", maintain_order="left")
    described = _suggested(found, poster_sizes(readable, keep))
    left_open = pl.col("state").is_in(["skip", "unsure"]).fill_null(value=False)
    ordered = described.sort(left_open, ~pl.col("likely"), "share", "index", nulls_last=True)
    return require_columns(ordered.with_columns(_reason()), ALL_CANDIDATES, "candidates")


def candidates_of(every: pl.DataFrame, partition: str) -> pl.DataFrame:
    """Return a subfolder's rows of `ALL_CANDIDATES`, as `CANDIDATES`.

    Raises:
        InputError: there is no such subfolder.
        TableError: the table lacks a column.
    """
    if partition not in SUBFOLDERS:
        raise InputError(f"no partition {partition!r}: expected one of {', '.join(SUBFOLDERS)}")
    return require_columns(every.filter(pl.col("subfolder") == partition), CANDIDATES, "candidates")


def write_candidates(frame: pl.DataFrame, folder: Path, partition: str) -> None:
    """Write `<partition>.csv` and `<partition>.parquet` into `folder`, each atomically."""
    with files.replacing(folder / f"{partition}.parquet") as beside:
        frame.write_parquet(beside)
    with files.replacing(folder / f"{partition}.csv") as beside:
        frame.write_csv(beside)


def read_candidates(csv: Path) -> pl.DataFrame:
    """Read a list that `write_candidates` wrote.

    Raises:
        TableError: the file does not exist, is not a list of candidates, or a field has an invalid value.
    """
    try:
        frame = pl.read_csv(csv, schema_overrides=dict(CANDIDATES.items()), encoding="utf8")
    except FileNotFoundError:
        raise TableError(f"{csv}: no such list of candidates") from None
    except pl.exceptions.PolarsError as error:
        raise TableError(f"{csv}: not a list of candidates ({str(error).strip().splitlines()[0]})") from None
    try:
        return require_columns(frame, CANDIDATES, "candidates")
    except TableError as error:
        raise TableError(f"{csv}: {error}") from None


def _with_both_sides(waiting: pl.DataFrame, readable: pl.DataFrame) -> pl.DataFrame:
    """Add the columns of both posters: `first_…`, `second_…`, the anime and the codes of each (`…_b`: the second)."""
    for end, suffix in (("first", ""), ("second", "_b")):
        codes = [pl.col(key).alias(f"code_{key}{suffix}") for key in _HASHES]
        side = readable.select(
            pl.col("name").alias(end),
            pl.col("mal_id").alias(f"mal_id{suffix}"),
            *(pl.col(key).alias(f"{end}_{key}") for key in _SHOWN),
            *codes,
        )
        waiting = waiting.join(side, on=end, how="inner")
    return waiting


def _distances(shown: pl.DataFrame) -> list[pl.Series]:
    return [
        pl.Series(
            key,
            np.bitwise_count(shown[f"code_{key}"].to_numpy() ^ shown[f"code_{key}_b"].to_numpy()),
            dtype=pl.UInt8,
        )
        for key in _HASHES
    ]


def _suggested(shown: pl.DataFrame, sizes: Mapping[str, PosterSize]) -> pl.DataFrame:
    """Add `suggestion`, the smaller poster by the size order, and `smaller_by`, the deciding criterion."""
    compared = [compare_sizes(sizes[first], sizes[second]) for first, second in shown.select("first", "second").rows()]
    smaller = pl.Series("smaller", [one.smaller for one in compared], pl.String)
    by = pl.Series("smaller_by", [one.by for one in compared], pl.String)
    chosen = pl.when(pl.col("smaller") == "first").then("first").otherwise("second").alias("suggestion")
    return shown.with_columns(smaller, by).with_columns(chosen)


def _reason() -> pl.Expr:
    sizes = pl.format("({}x{} and {}x{})", "first_width", "first_height", "second_width", "second_height")
    weights = pl.format("({} and {})", "first_bytes", "second_bytes")
    smaller = (
        pl.when(pl.col("smaller_by") == "pixels")
        .then(pl.concat_str(pl.lit("fewer pixels "), sizes))
        .when(pl.col("smaller_by") == "bytes")
        .then(pl.concat_str(pl.lit("as many pixels, fewer bytes "), weights))
        .when(pl.col("smaller_by") == "name")
        .then(pl.lit("the same size; its name comes later"))
        .otherwise(pl.col("smaller_by").replace(dict(LACKS)))
    )
    copied = pl.format("; one of them is a larger copy of {}, which {} removed for the other", "via", "via_reviewer")
    chained = pl.format("; one of them is near {}, which a rule removed for the other", "via")
    through = pl.when(pl.col("via_reviewer").is_not_null()).then(copied).when(pl.col("via").is_not_null()).then(chained)
    return pl.concat_str(smaller, through.otherwise(pl.lit(""))).alias("reason")
