"""The table of boxes that a detector finds on a partition's cleaned images."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.core.home import Home
from lap_assets.models.batching import Unreadable
from lap_assets.models.table import PartitionJob, Results, TableModel, model_table
from lap_assets.models.types import Boxes, Detector

# A change of what is kept of a model's boxes makes new tables.
METHOD: Final = "1"

SIDES: Final = ("x0", "y0", "x1", "y1", "score")
SCHEMA: Final = pl.Schema(
    {
        "name": pl.String(),
        "sha256": pl.String(),
        "model": pl.String(),
        "boxes": pl.List(pl.Struct({side: pl.Float32() for side in SIDES})),
        "problem": pl.String(),
    }
)
"""One row an image; `sha256` is the cleaned image's. `boxes` in px of the cleaned image, best first, each with a score
from 0 to 1; an empty list where nothing was found, null where there is a `problem`."""


def detection_table(
    images: pl.DataFrame,
    *,
    model: str,
    load: Callable[[], Detector],
    previous: pl.DataFrame | None,
    home: Home,
    job: PartitionJob,
) -> pl.DataFrame:
    """Boxes on the cleaned `images` (name, sha256), as `SCHEMA`, sorted by name. Equal contents are looked at once.

    `model`: the model's version; what `previous` tells of the same content by the same version is taken over.

    Raises:
        Stopped: as `model_table`.
    """
    table_model = TableModel(model, load, _to_rows)
    return model_table(images, table_model, path_of=home.image, previous=previous, job=job)


def box_count(table: pl.DataFrame) -> int:
    """How many boxes a table holds."""
    return int(table["boxes"].list.len().sum())


def boxes_by_name(table: pl.DataFrame) -> dict[str, NDArray[np.float32]]:
    """The boxes of each image, shape (n, 5): x0 y0 x1 y1 score; none where it has a problem."""
    return {name: _array(boxes or []) for name, boxes in table.select("name", "boxes").iter_rows()}


def odd_boxes(table: pl.DataFrame, images: pl.DataFrame) -> list[str]:
    """What is wrong with the boxes of `images`, a line each; a table without rows says that no model was to look."""
    if not table.height:
        return []
    there, looked_at = set(images["name"]), set(table["name"])
    wrong = [f"{name} was not looked at" for name in sorted(there - looked_at)]
    wrong += [f"{name} is no image" for name in sorted(looked_at - there)]
    for name, boxes in boxes_by_name(table).items():
        is_box = (boxes[:, :2] <= boxes[:, 2:4]).all(axis=1) & (boxes[:, 4] >= 0) & (boxes[:, 4] <= 1)
        if not is_box.all():
            wrong.append(f"{name}: {boxes[~is_box][0].tolist()} is no box with a score")
    return wrong


def _array(boxes: list[dict[str, float]]) -> NDArray[np.float32]:
    return np.array([[box[side] for side in SIDES] for box in boxes], np.float32).reshape(-1, len(SIDES))


def _to_rows(said: Results[Boxes]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sha256": [sha256 for sha256, _ in said],
            "boxes": [None if isinstance(result, Unreadable) else _rows(result) for _, result in said],
            "problem": [result.problem if isinstance(result, Unreadable) else None for _, result in said],
        },
        schema={name: SCHEMA[name] for name in ("sha256", "boxes", "problem")},
    )


def _rows(boxes: NDArray[Any]) -> list[dict[str, float]]:
    return [dict(zip(SIDES, box, strict=True)) for box in boxes.tolist()]
