"""The detectors' boxes as label files, for the Labeler to suggest: `labels_faces_baseline.txt` and the heads' one."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.box import Box
from lap_assets.core.labels.files import LabelKind
from lap_assets.core.labels.lap_format import write
from lap_assets.core.names import PosterName
from lap_assets.labels.rows import corners_of

BASELINE_ASSETS: Final[dict[str, LabelKind]] = {"baseline_face_boxes": "faces", "baseline_head_boxes": "heads"}
"""The kind of labels that each asset of detectors' boxes holds."""

_SCORE_DECIMALS: Final = 4


def write_suggestions(path: Path, tables: Iterable[pl.DataFrame]) -> int:
    """Writes tables of `detection.SCHEMA` as one label file with scores, sorted by name; returns how many boxes."""
    found: dict[str, list[Box]] = {}
    for table in tables:
        for name, rows in table.select("name", "boxes").iter_rows():
            if rows is not None:
                found[f"{PosterName.parse(name).subfolder}/{name}"] = [_box(row) for row in rows]
    write(path, dict(sorted(found.items())))
    return sum(map(len, found.values()))


def _box(row: dict[str, float]) -> Box:
    """A detector's box on whole px."""
    xmin, ymin, xmax, ymax = map(round, corners_of(row))
    return Box(xmin, ymin, xmax, ymax, score=round(float(row["score"]), _SCORE_DECIMALS))
