"""The queue: the undecided pairs of all subfolders, the most probable duplicates first.

Belongs here: its columns, order and files. The probabilities are computed in `judging`.
"""

from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core import files
from lap_assets.duplicates.candidates import CANDIDATES
from lap_assets.duplicates.tables import require_columns
from lap_assets.review.judging import JUDGED

QUEUE: Final = pl.Schema([*CANDIDATES.items(), ("probability", pl.Float64), ("group", pl.UInt32)])
"""`candidates.CANDIDATES` with the columns of `judging.JUDGED`."""

CSV: Final = "queue.csv"
PARQUET: Final = "queue.parquet"


def review_queue(candidates: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Return `QUEUE`, in the order in which people are asked.

    The most probable pair comes first; pairs that people left open on purpose ("skip", "unsure") come last. Pairs
    without a probability (because the probabilities are older than the list) follow the others, in list order.

    Args:
        candidates: `CANDIDATES` of all subfolders, one list after the other.
        judged: `JUDGED`.

    Raises:
        TableError: a table lacks a column.
    """
    listed = require_columns(candidates, CANDIDATES, "candidates").with_row_index("index")
    known = require_columns(judged, JUDGED, "judged pairs")
    joined = listed.join(known, on=["first", "second"], how="left", maintain_order="left")
    left_open = pl.col("state").is_in(["skip", "unsure"]).fill_null(value=False)
    ordered = joined.sort(left_open, -pl.col("probability"), "index", nulls_last=True)
    return require_columns(ordered, QUEUE, "the queue")


def write_queue(queue: pl.DataFrame, folder: Path) -> None:
    """Write `queue.csv` and `queue.parquet` into a home's `review`, each atomically."""
    with files.replacing(folder / PARQUET) as beside:
        queue.write_parquet(beside)
    with files.replacing(folder / CSV) as beside:
        queue.write_csv(beside)
