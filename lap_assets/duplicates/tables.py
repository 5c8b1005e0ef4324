"""Columns and types of this package's tables, and checks of input tables.

Belongs here: schemas. Each table is computed in the module of its name.
"""

from typing import Final

import polars as pl

from lap_assets.core.errors import TableError
from lap_assets.core.subfolders import first_ids

POSTERS: Final = pl.Schema(
    {
        "name": pl.String,
        "mal_id": pl.Int64,
        "source": pl.String,
        "sha256": pl.String,
        "width": pl.Int32,
        "height": pl.Int32,
        "bytes": pl.Int64,
        "ahash": pl.UInt64,
        "phash": pl.UInt64,
        "dhash": pl.UInt64,
        "problem": pl.String,
    }
)
"""One row per poster. `problem` is null if the poster is readable; rows with a problem are ignored everywhere."""

POSTER_FACTS: Final = pl.Schema(
    {
        "structure": pl.Float32,
        "detail": pl.Float32,
        "quality": pl.UInt8,
        "is_color": pl.Boolean,
        "blocking": pl.Float32,
        "filled": pl.Float32,
        "damage": pl.String,
    }
)
"""Optional columns about a poster's picture. Each may be missing, and is null if it was not measured.

`structure`: how much the picture holds, 0 to 100 (`hashing.structure_of`). `detail` to `filled`: how much of it the
file has kept (`core.verdicts.fidelity`). `damage`: the damage of a file that is still readable."""

_READABLE: Final = pl.Schema([*POSTERS.items(), *POSTER_FACTS.items()])

HASH_PAIRS: Final = pl.Schema(
    {"first": pl.String, "second": pl.String, "ahash": pl.UInt8, "phash": pl.UInt8, "dhash": pl.UInt8}
)
"""Pairs by hash: names (first < second), distances in bits."""

COSINE_PAIRS: Final = pl.Schema({"first": pl.String, "second": pl.String, "cosine": pl.Float32})
"""Pairs by vector: names (first < second), 1 - cosine."""

PAIRS: Final = pl.Schema([*HASH_PAIRS.items(), ("cosine", pl.Float32)])
"""All pairs; a distance is null if it is beyond the searched range."""


def subfolder_column(mal_id: str = "mal_id") -> pl.Expr:
    """Return the subfolder of each MAL id of a column, as a column `subfolder`."""
    keys, starts = zip(*first_ids(), strict=True)
    return pl.col(mal_id).cut(starts[1:], labels=keys, left_closed=True).cast(pl.String).alias("subfolder")


def require_columns(frame: pl.DataFrame, schema: pl.Schema, what: str) -> pl.DataFrame:
    """Return the frame with exactly the columns and types of `schema`.

    Raises:
        TableError: a column is missing, or its type cannot be converted.
    """
    missing = [name for name in schema if name not in frame.columns]
    if missing:
        raise TableError(f"the table of {what} has no column {missing[0]}")
    try:
        return frame.select(schema.names()).cast(dict(schema.items()))
    except pl.exceptions.PolarsError as error:
        raise TableError(f"the table of {what} has a column of a wrong type: {' '.join(str(error).split())}") from None


def readable_posters(posters: pl.DataFrame) -> pl.DataFrame:
    """Return the readable posters: those without a problem and with all three hashes, sorted by name.

    Returns:
        The columns of `POSTERS`, then those of `POSTER_FACTS`.

    Raises:
        TableError: a column is missing, or a name occurs twice.
    """
    unknown = [pl.lit(None, kind).alias(name) for name, kind in POSTER_FACTS.items() if name not in posters.columns]
    checked = require_columns(posters.with_columns(unknown), _READABLE, "posters")
    twice = checked.filter(pl.col("name").is_duplicated())
    if twice.height:
        raise TableError(f"the table of posters has {twice['name'].to_list()[0]} twice")
    hashes = [pl.col(measure).is_not_null() for measure in ("ahash", "phash", "dhash")]
    return checked.filter(pl.col("problem").is_null(), *hashes).sort("name")
