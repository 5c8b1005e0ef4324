"""The detectors' boxes as label files, for the Labeler to suggest: `labels_faces_baseline.txt` and the heads' one."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from lap_assets.core.labels.lap_format import Box, write
from lap_assets.core.names import PosterName


def write_suggestions(path: Path, tables: Iterable[pl.DataFrame]) -> int:
    """Writes tables of `detection.SCHEMA` as one label file with scores, sorted by name; says how many boxes it has."""
    said: dict[str, list[Box]] = {}
    for table in tables:
        for name, boxes in table.select("name", "boxes").iter_rows():
            if boxes is not None:
                said[f"{PosterName.parse(name).subfolder}/{name}"] = [_box(box) for box in boxes]
    write(path, dict(sorted(said.items())))
    return sum(len(boxes) for boxes in said.values())


def _box(box: dict[str, float]) -> Box:
    x1, y1, x2, y2 = (round(box[side]) for side in ("x0", "y0", "x1", "y1"))
    return Box(x1, y1, x2, y2, round(float(box["score"]), 4))
