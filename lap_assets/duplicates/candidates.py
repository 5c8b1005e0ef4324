"""The list of pairs that a person has still to decide, as the review tools read it.

Pairs come from `resolution`, which has already decided what follows from earlier verdicts: a smaller copy of a poster
that was removed before is removed along its chain, and a larger copy is listed once, against what stayed. So a rescrape
does not bring old work back. Belongs here: what is shown of a pair, the order, and the files. Verdicts come back
through `verdicts`.
"""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from lap_assets.core import files
from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of
from lap_assets.duplicates.pending import PENDING
from lap_assets.duplicates.tables import readable_posters, require_columns

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
"""One row a pair, names ascending. `suggestion` is the poster that would go, `reason` says why. The rest is as in
`pending.PENDING`; the three hash distances are always there, `cosine` only where the pair was found by it."""


def candidate_list(
    partition: str, pending: pl.DataFrame, posters: pl.DataFrame, decisions: pl.DataFrame
) -> pl.DataFrame:
    """The pairs of a subfolder (the higher one of each pair's two) that a person has to decide.

    Best first: what people left open on purpose ("skip", "unsure") comes last, very likely pairs first, then by how
    near the distance is within its range, then by the order of the rules.

    Args:
        partition: the subfolder.
        pending: `pending.PENDING`, in the order of the rules.
        posters: `tables.POSTERS`, all subfolders.
        decisions: `resolution.DECISIONS`; it tells who removed the poster that a pair comes through.

    Returns:
        `CANDIDATES`.

    Raises:
        ValueError: there is no such subfolder, or a table lacks a column.
    """
    if partition not in SUBFOLDERS:
        raise ValueError(f"no partition {partition!r}: there are {', '.join(SUBFOLDERS)}")
    fine = readable_posters(posters)
    waiting = require_columns(pending, PENDING, "pending pairs").with_row_index("place")
    shown = _with_both_sides(waiting, fine)
    higher = pl.max_horizontal("mal_id", "mal_id_b").map_elements(subfolder_of, return_dtype=pl.String)
    ours = shown.filter(higher == partition) if shown.height else shown
    who = decisions.select(pl.col("name").alias("via"), pl.col("reviewer").alias("via_reviewer"))
    told = ours.join(who, on="via", how="left").with_columns(_distances(ours)).with_columns(_suggestion())
    left_open = pl.col("state").is_in(["skip", "unsure"]).fill_null(value=False)
    ordered = told.sort(left_open, ~pl.col("likely"), "share", "place", nulls_last=True)
    return require_columns(ordered.with_columns(_reason()), CANDIDATES, "candidates")


def write_candidates(frame: pl.DataFrame, folder: Path, partition: str) -> None:
    """Writes `<partition>.csv` and `<partition>.parquet` into `folder`, each in one step."""
    with files.replacing(folder / f"{partition}.parquet") as beside:
        frame.write_parquet(beside)
    with files.replacing(folder / f"{partition}.csv") as beside:
        frame.write_csv(beside)


def read_candidates(csv: Path) -> pl.DataFrame:
    """Reads a list that `write_candidates` wrote.

    Raises:
        ValueError: the file does not exist, is not such a list, or a field has a wrong value.
    """
    try:
        frame = pl.read_csv(csv, schema_overrides=dict(CANDIDATES.items()), encoding="utf8")
    except FileNotFoundError:
        raise ValueError(f"{csv}: there is no such list of candidates") from None
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{csv}: not a list of candidates ({str(error).strip().splitlines()[0]})") from None
    try:
        return require_columns(frame, CANDIDATES, "candidates")
    except ValueError as error:
        raise ValueError(f"{csv}: {error}") from None


def _with_both_sides(waiting: pl.DataFrame, fine: pl.DataFrame) -> pl.DataFrame:
    """Adds what is known of both posters: `first_…`, `second_…`, the anime and the codes of both (`…_b`)."""
    for end, suffix in (("first", ""), ("second", "_b")):
        codes = [pl.col(key).alias(f"code_{key}{suffix}") for key in _HASHES]
        side = fine.select(
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


def _pixels(end: str) -> pl.Expr:
    return pl.col(f"{end}_width").cast(pl.Int64) * pl.col(f"{end}_height")


def _suggestion() -> pl.Expr:
    """The smaller of the two: fewer pixels, then fewer bytes, then the later name (the second one)."""
    first, second = _pixels("first"), _pixels("second")
    first_goes = (first < second) | ((first == second) & (pl.col("first_bytes") < pl.col("second_bytes")))
    return pl.when(first_goes).then("first").otherwise("second").alias("suggestion")


def _reason() -> pl.Expr:
    sizes = pl.format("({}x{} and {}x{})", "first_width", "first_height", "second_width", "second_height")
    weights = pl.format("({} and {})", "first_bytes", "second_bytes")
    smaller = (
        pl.when(_pixels("first") != _pixels("second"))
        .then(pl.concat_str(pl.lit("fewer pixels "), sizes))
        .when(pl.col("first_bytes") != pl.col("second_bytes"))
        .then(pl.concat_str(pl.lit("as many pixels, fewer bytes "), weights))
        .otherwise(pl.lit("the same size; its name comes later"))
    )
    through = pl.when(pl.col("via").is_not_null()).then(
        pl.format("; one of them is a larger copy of {}, which {} removed for the other", "via", "via_reviewer")
    )
    return pl.concat_str(smaller, through.otherwise(pl.lit(""))).alias("reason")
