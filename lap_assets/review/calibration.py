"""Calibration of probabilities against people's answers, by tenths, as a table and a plot."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.pictures.plot import PlotLine, line_plot
from lap_assets.review.features import Floats

CALIBRATION: Final = pl.Schema({"tenth": pl.UInt8, "pairs": pl.UInt32, "predicted": pl.Float64, "observed": pl.Float64})
"""One row per tenth of the probability range that has pairs: their count, mean probability and share of duplicates."""


def calibration(probability: Floats, is_true: NDArray[np.bool_]) -> pl.DataFrame:
    """Return `CALIBRATION` of pairs with known answers; both arrays have shape (n,)."""
    table = pl.DataFrame({"probability": probability, "is_true": is_true})
    tenth = (pl.col("probability") * 10).floor().clip(0, 9).cast(pl.UInt8).alias("tenth")
    by_tenth = table.group_by(tenth).agg(
        pl.len().alias("pairs"),
        pl.col("probability").mean().alias("predicted"),
        pl.col("is_true").mean().alias("observed"),
    )
    return by_tenth.sort("tenth").select(CALIBRATION.names()).cast(dict(CALIBRATION.items()))


def calibration_plot(table: pl.DataFrame, title: str) -> bytes:
    """Return a PNG: the share of duplicates over the probability, beside the diagonal of perfect calibration."""
    points = list(table.select("predicted", "observed").iter_rows())
    lines = [PlotLine([(0.0, 0.0), (1.0, 1.0)], "predicted", 1), PlotLine(points, "answered")]
    below = f"probability; {int(table['pairs'].sum())} decided pairs"
    return line_plot(lines, title, [0, 0.2, 0.4, 0.6, 0.8, 1.0], below)
