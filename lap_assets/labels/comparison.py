"""Comparing detectors on the images that people have reviewed: their boxes, and the table that ranks them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import polars as pl

from lap_assets.core.home import Home
from lap_assets.core.labels.files import LabelKind
from lap_assets.labels.detection import SCHEMA, detection_table
from lap_assets.labels.evaluation import RECALLS
from lap_assets.labels.judging import Report
from lap_assets.models.row_cache import RowCache
from lap_assets.models.table import PartitionJob
from lap_assets.models.types import Detector
from lap_assets.pictures.plot import PlotLine, line_plot
from lap_assets.run_context import RunContext

LEADERBOARD: Final = pl.Schema(
    {
        "detector": pl.String(),
        "images": pl.UInt32(),
        "boxes": pl.UInt32(),
        "ap50": pl.Float64(),
        "ap": pl.Float64(),
        "ar": pl.Float64(),
        "best score": pl.Float64(),
    }
)
"""One row per detector, best first by `ap`, then by `ap50`. `images`: the number of reviewed images; `boxes`: people's
boxes on them. "best score": the score threshold with the best F1 at an IoU of 0.5."""


@dataclass(frozen=True, slots=True)
class ComparedDetector:
    """A detector to compare. `version` changes whenever its results may change."""

    kind: LabelKind
    version: str
    load: Callable[[], Detector]


def reviewed_images(images: pl.DataFrame, refined: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `images` (name, sha256, subfolder) that a person has reviewed."""
    done = refined.filter(pl.col("reviewed"), pl.col("problem").is_null(), pl.col("boxes").is_not_null())
    return images.select("name", "sha256", "subfolder").join(done.select("name"), on="name", how="semi")


def compared_boxes(detector: ComparedDetector, images: pl.DataFrame, home: Home, context: RunContext) -> pl.DataFrame:
    """Return a detector's boxes on images as `detection.SCHEMA`; known results come from the home's state.

    Raises:
        Stopped: the run was asked to stop; finished work is kept.
    """
    load = cache(detector.load)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for (key,), part in images.group_by("subfolder", maintain_order=True):
        job = PartitionJob(
            str(key), f"{detector.kind} by {detector.version}", context.progress, context.stop,
            RowCache(home.state / "compared" / detector.kind / str(key)), context.settings.picture_limits,
        )  # fmt: skip
        parts.append(detection_table(part, model=detector.version, load=load, previous=None, home=home, job=job))
    return pl.concat([part.select(SCHEMA.names()) for part in parts])


def leaderboard(reports: Sequence[tuple[str, Report]]) -> pl.DataFrame:
    """Return `LEADERBOARD`. `reports`: detectors' names and reports; those without scores are left out."""
    rows = [
        (name, report.images, report.scores.boxes["all"], report.scores.ap50, report.scores.ap,
         report.scores.ar_by_limit[100], report.cut)
        for name, report in reports
        if report.scores.ap is not None
    ]  # fmt: skip
    return pl.DataFrame(rows, LEADERBOARD, orient="row").sort(["ap", "ap50"], descending=True, maintain_order=True)


def leaderboard_plot(kind: LabelKind, reports: Sequence[tuple[str, Report]]) -> bytes:
    """Return a PNG: each detector's precision over recall at an IoU of 0.5, the best first."""
    order = leaderboard(reports)["detector"].to_list()
    judged = sorted((one for one in reports if one[1].scores.ap is not None), key=lambda one: order.index(one[0]))
    return line_plot(
        list(_curves(judged)), f"{kind}: precision over recall at an overlap of 0.5", [0, 0.25, 0.5, 0.75, 1], "recall"
    )


def _curves(reports: Sequence[tuple[str, Report]]) -> Iterator[PlotLine]:
    for name, report in reports:
        curve = report.scores.curves.get("all")
        if curve is not None:
            points = list(zip(RECALLS.tolist(), curve.tolist(), strict=True))
            yield PlotLine(points, f"{name} (AP50 {report.scores.ap50 or 0:.3f})")
