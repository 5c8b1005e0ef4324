"""The table of a detector's boxes on a partition's cleaned images."""

from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.core.home import Home
from lap_assets.labels.rows import DETECTED, array_of, rows_of
from lap_assets.models.batching import Unreadable
from lap_assets.models.table import PartitionJob, Results, TableModel, model_table
from lap_assets.models.types import Boxes, Detector

# Changed when boxes are stored differently, so that tables are computed again.
METHOD: Final = "2"

SCHEMA: Final = pl.Schema(
    {
        "name": pl.String(),
        "sha256": pl.String(),
        "model": pl.String(),
        "boxes": pl.List(pl.Struct({side: pl.Float32() for side in DETECTED})),
        "problem": pl.String(),
        "subfolder": pl.String(),
    }
)
"""One row per image; `sha256` is the cleaned image's. `boxes` in px of the cleaned image, best first, each with a score
from 0 to 1, rounded to `core.precision`; an empty list if nothing was found, null if there is a `problem`."""

ADOPTED: Final = "adopted"
"""In place of a model: the boxes came with an adopted folder."""

ADDED: Final = ("subfolder",)
"""Columns that stored tables of older versions lack; their rows are reused."""


def detection_table(
    images: pl.DataFrame,
    *,
    model: str,
    load: Callable[[], Detector],
    previous: pl.DataFrame | None,
    home: Home,
    job: PartitionJob,
) -> pl.DataFrame:
    """Return boxes on the cleaned `images` (name, sha256) as `SCHEMA`, sorted by name. Equal contents run once.

    `model`: the model's version; rows of `previous` with the same content and version are reused.

    Raises:
        Stopped: as in `model_table`.
    """
    table_model = TableModel(model, load, _to_rows)
    return model_table(images, table_model, path_of=home.image_path, previous=previous, job=job)


def adopted_rows(previous: pl.DataFrame | None, images: pl.DataFrame) -> pl.DataFrame:
    """Return the boxes from an adopted folder whose images are unchanged: they are kept without a detector."""
    if previous is None:
        return pl.DataFrame(schema=SCHEMA)
    own = previous.filter(pl.col("model") == ADOPTED)
    return own.join(images.select("name", "sha256"), on=["name", "sha256"], how="semi").sort("name")


def box_count(table: pl.DataFrame) -> int:
    """Count the boxes of a table."""
    return int(table["boxes"].list.len().sum())


def boxes_by_name(table: pl.DataFrame) -> dict[str, NDArray[np.float32]]:
    """Return the boxes of each image, shape (n, 5): x0 y0 x1 y1 score; n = 0 if it has a problem."""
    return {name: array_of(boxes or []) for name, boxes in table.select("name", "boxes").iter_rows()}


def invalid_boxes(table: pl.DataFrame, images: pl.DataFrame) -> list[str]:
    """Return the problems with the boxes of `images`, one line each.

    A table without rows is valid (no model was chosen), and so is one with only adopted rows, for any of the images.
    """
    if not table.height:
        return []
    existing, processed = set(images["name"]), set(table["name"])
    is_adopted = set(table["model"]) == {ADOPTED}
    wrong = [] if is_adopted else [f"{name} was not processed" for name in sorted(existing - processed)]
    wrong += [f"{name} is not one of the images" for name in sorted(processed - existing)]
    for name, boxes in boxes_by_name(table).items():
        is_box = (boxes[:, :2] <= boxes[:, 2:4]).all(axis=1) & (boxes[:, 4] >= 0) & (boxes[:, 4] <= 1)
        if not is_box.all():
            wrong.append(f"{name}: {boxes[~is_box][0].tolist()} is not a box with a score")
    return wrong


def _to_rows(results: Results[Boxes]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sha256": [sha256 for sha256, _ in results],
            "boxes": [None if isinstance(result, Unreadable) else rows_of(result) for _, result in results],
            "problem": [result.problem if isinstance(result, Unreadable) else None for _, result in results],
        },
        schema={name: SCHEMA[name] for name in ("sha256", "boxes", "problem")},
    )
